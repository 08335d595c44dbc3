"""Search: one box, its findings by kind, everything in the address."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intranet.accounts import directory as people
from intranet.accounts.directory import PeopleFilter
from intranet.groups import directory as groups
from intranet.kernel.errors import Invalid
from intranet.kernel.pagination import Cursor
from intranet.pages import directory as pages
from intranet.search import names, parsing, queries, saved, showing, tags
from intranet.search.queries import Order
from intranet.search.ranking import RANKED
from intranet.search.resolving import Search, resolve
from intranet.web.auth import settings_here
from intranet.web.identity import viewer
from intranet.web.wants import wants_fragment

bp = Blueprint("search", __name__)

_FIRST_FEW = 4
_TAGS = 6
_MOST_OFFSET = RANKED


class Kind(enum.StrEnum):
    EVERYTHING = "everything"
    PEOPLE = "people"
    PAGES = "pages"
    GROUPS = "groups"
    POSTS = "posts"
    FILES = "files"


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for."""

    search: Search
    kind: Kind
    order: Order

    @property
    def text(self) -> str:
        """The question as it was typed."""
        return self.search.question.text

    @property
    def operators(self) -> tuple[str, ...]:
        """Those that narrow it, as they were typed."""
        refused = {problem.part for problem in self.search.problems}
        return tuple(one for one in self.search.question.operators if one not in refused)

    def url(self, q: str | None = None, kind: Kind | str | None = None, **more: Any) -> str:
        """The address of the same search, changed in this."""
        kind = Kind(kind or self.kind)
        values: dict[str, Any] = {"q": self.text if q is None else q}
        if kind is not Kind.EVERYTHING:
            values["in"] = kind.value  # a word of Python's: it cannot be an argument
        if "sort" not in more and self.order is not _usual(self.search):
            values["sort"] = self.order.value
        return url_for("search.show", **values, **more)

    def without(self, operator: str) -> str:
        """The address without one of its operators."""
        return self.url(" ".join(self.text.replace(operator, " ", 1).split()))

    def spelled(self, word: str, right: str) -> str:
        """The question with another word in the place of this one."""
        return self.text.replace(word, right, 1)

    def narrowed(self, operators: str) -> str:
        """The address with operators more, among the posts."""
        return self.url(f"{self.text} {operators}".strip(), Kind.POSTS)


@bp.get("/search")
def show() -> ResponseReturnValue:
    """What was found of one kind, a page of it, or the first few of every kind. `scope` is the
    group whose page the box stood on: it becomes a part of the question."""
    asked = _asked()
    if not asked.search:
        return _beginning(asked)
    found = _FINDERS[asked.kind](asked)
    if not any(found.get(part) for part in _PARTS):
        found |= _helped(asked)
    if wants_fragment():
        return render_template("search/_found.html", asked=asked, **found)
    return render_template(
        "search/show.html",
        asked=asked,
        is_new=_is_new(asked),
        counts=_counts(asked),
        saved=saved.list_saved(viewer()),
        **found,
    )


def _scoped(text: str, scope: str) -> str:
    """What was typed, in this group. Of what is too long the end is left out, and said to be: then
    the group has to stand first."""
    scoped = f"{text.strip()} in:{scope}".strip()
    return scoped if len(scoped) <= parsing.LONGEST else f"in:{scope} {text.strip()}"


def _asked() -> Asked:
    text = request.args.get("q", "")
    if scope := request.args.get("scope", "").strip():
        text = _scoped(text, scope)
    search = resolve(viewer(), text)
    kind, order = request.args.get("in", ""), request.args.get("sort", "")
    asked = Kind(kind) if kind in list(Kind) else Kind.EVERYTHING
    if asked is Kind.EVERYTHING and search.question.narrows:
        asked = Kind.POSTS  # an operator says something of posts
    if search and not search.words and asked is not Kind.FILES:
        asked = Kind.POSTS  # nobody is named by what they are not called
    return Asked(search, asked, Order(order) if order in list(Order) else _usual(search))


def _usual(search: Search) -> Order:
    return Order.BEST if search.words else Order.NEWEST


def _words(asked: Asked) -> str:
    return asked.search.words


def _beginning(asked: Asked) -> str:
    return render_template(
        "search/start.html",
        asked=asked,
        recent=() if asked.text else saved.recent(viewer()),
        saved=saved.list_saved(viewer()),
    )


def _counts(asked: Asked) -> queries.Counts | None:
    """Of who and where, which words alone can find."""
    words = _words(asked)
    if asked.search.question.narrows or not words:
        return None
    return queries.counts(viewer(), words)


def _is_new(asked: Asked) -> bool:
    """It was asked anew, so that the page has it remembered: neither a page nor a kind of what
    was asked before, nor what was asked last."""
    return request.args.keys() <= {"q"} and not saved.is_fresh(viewer(), asked.text)


def _everything(asked: Asked) -> dict[str, Any]:
    words = _words(asked)
    found: dict[str, Any] = {
        "people": people.list_people(viewer(), PeopleFilter(q=words), limit=_FIRST_FEW).people,
        "pages": pages.list_pages(viewer(), words, limit=_FIRST_FEW).entries,
        "groups": groups.directory(viewer(), words, cursor=Cursor(limit=_FIRST_FEW)).items,
        "tags": tags.beginning_with(viewer(), words.partition(" ")[0], _TAGS) if words else [],
    }
    found |= _nearly(found, words)
    first = queries.first_page(viewer(), asked.search, asked.order, _FIRST_FEW)
    return found | _explained(asked, first) | {"older_url": None}


def _nearly(found: dict[str, Any], words: str) -> dict[str, Any]:
    """Names that were typed nearly right, where nobody has the very name."""
    similar: dict[str, Any] = {}
    if not found["people"] and not found["pages"]:
        similar["similar_people"] = names.similar_accounts(viewer(), words)
    if not found["groups"]:
        similar["similar_groups"] = names.similar_groups(viewer(), words)
    return similar


def _helped(asked: Asked) -> dict[str, Any]:
    """Where nothing was found: what may have been meant."""
    words = _words(asked)
    guessed = [asked.spelled(word, right) for word, right in tags.nearly(viewer(), words)]
    return {"spelled": [(text, asked.url(text)) for text in guessed]}


def _people(asked: Asked) -> dict[str, Any]:
    cursor = _cursor()
    listed = people.list_people(
        viewer(), PeopleFilter(q=_words(asked)), after=cursor.after, limit=cursor.limit
    )
    older = asked.url(after=listed.next_after) if listed.next_after else None
    found: dict[str, Any] = {"people": listed.people, "older_url": older}
    if not listed.people and cursor.after is None:
        found["similar_people"] = names.similar_accounts(viewer(), _words(asked), pages=False)
    return found


def _pages(asked: Asked) -> dict[str, Any]:
    cursor = _cursor()
    official = pages.list_pages(viewer(), _words(asked), after=cursor.after, limit=cursor.limit)
    older = asked.url(after=official.next_after) if official.next_after else None
    return {"pages": official.entries, "older_url": older}


def _groups(asked: Asked) -> dict[str, Any]:
    entries = groups.directory(viewer(), _words(asked), cursor=_cursor())
    older = asked.url(before=entries.next_before) if entries.next_before else None
    found: dict[str, Any] = {"groups": entries.items, "older_url": older}
    if not entries.items and not request.args.get("before"):
        found["similar_groups"] = names.similar_groups(viewer(), _words(asked))
    return found


def _posts(asked: Asked) -> dict[str, Any]:
    cursor, offset = _cursor(), _offset()
    if asked.order is Order.NEWEST and cursor.before is not None:
        page = queries.newest(viewer(), asked.search, cursor)
    elif asked.order is Order.BEST and offset:
        page = queries.best(viewer(), asked.search, offset, cursor.limit)
    else:
        page = queries.first_page(viewer(), asked.search, asked.order, cursor.limit)
    older = None
    if page.next_before is not None:
        older = asked.url(before=page.next_before)
    elif page.next_offset is not None:
        older = asked.url(offset=page.next_offset)
    return _explained(asked, page) | {"older_url": older, "first": not offset and not cursor.before}


def _files(asked: Asked) -> dict[str, Any]:
    page = queries.files(viewer(), asked.search, _cursor())
    older = asked.url(before=page.next_before) if page.next_before else None
    return {"files": page.files, "older_url": older}


def _explained(asked: Asked, page: queries.FoundPosts) -> dict[str, Any]:
    question = asked.search.question
    return {
        "posts": [showing.explain(question, card) for card in page.cards],
        "posts_count": page.count,
        "facets": page.facets,
        "ranked": RANKED,
    }


_FINDERS = {
    Kind.EVERYTHING: _everything,
    Kind.PEOPLE: _people,
    Kind.PAGES: _pages,
    Kind.GROUPS: _groups,
    Kind.POSTS: _posts,
    Kind.FILES: _files,
}


# What a page of findings is made of. Names that are nearly right are no finding: they may be less
# right than a word that is nearly right.
_PARTS = ("people", "pages", "groups", "tags", "posts", "files")


def _cursor() -> Cursor:
    size = settings_here().page_size
    return Cursor.parse(request.args.get("before"), request.args.get("after"), limit=size)


def _offset() -> int:
    raw = request.args.get("offset", "")
    if not raw:
        return 0
    if not (raw.isascii() and raw.isdigit()) or len(raw) > 5:
        raise Invalid(fields={"offset": "not a number"})
    return min(int(raw), _MOST_OFFSET)
