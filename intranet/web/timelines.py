"""A timeline on a page: its cards, the way to older ones, and where to ask for newer ones.

Home, groups, profiles and hashtags draw theirs with `timelines/_posts.html` from `shown_here`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from babel.lists import format_list
from flask import Blueprint, Response, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext, ngettext

from intranet.kernel.errors import Conflict
from intranet.kernel.ids import MAX_ID
from intranet.kernel.messages import N_
from intranet.kernel.pagination import Cursor
from intranet.posts.cards import PostCard
from intranet.settings import Settings
from intranet.timelines import queries
from intranet.timelines.queries import NEWER_CAP, Kind, Newer, Timeline
from intranet.web import filtering
from intranet.web.identity import viewer

bp = Blueprint("timelines", __name__)

_MOST_KNOWN = 100


@dataclass(frozen=True, slots=True)
class ShownTimeline:
    """Finished. The addresses are None where there is nothing to ask for: `older_url` at the end,
    `newer_url` and `since_url` on older pages, which stay as they are."""

    timeline: Timeline
    cards: Sequence[PostCard]
    warnings: Mapping[int, str]  # by entry: the title of the viewer's filter that it meets
    newest: int  # the id after which posts are new to this page
    older_url: str | None
    newest_url: str | None  # back to the top, on older pages
    newer_url: str | None
    since_url: str | None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to read. When filters leave out all of a page, older ones
        follow."""
        return not self.cards and self.older_url is None


def shown_here(timeline: Timeline, pinned: Sequence[PostCard] = ()) -> ShownTimeline:
    """The timeline as this request asks for it: `?before=` is an id, older pages keep the rest of
    the address. `pinned` cards stand at the top of the first page, and not in it again."""
    settings: Settings = current_app.extensions["intranet.settings"]
    cursor = Cursor.parse(request.args.get("before"), limit=settings.page_size)
    page = queries.page(viewer(), timeline, cursor)
    here = str(request.endpoint)
    values = {**request.args.to_dict(), **(request.view_args or {})}
    values.pop("before", None)
    is_top = cursor.before is None
    on_top = {card.entry_id for card in pinned}
    told_of = is_top and timeline.kind is not Kind.SAVED  # nobody else puts anything there
    others = [card for card in page.items if card.entry_id not in on_top]
    read = filtering.filtered([*pinned, *others] if is_top else others, timeline.kind)
    return ShownTimeline(
        timeline=timeline,
        cards=read.cards,
        warnings=read.warnings,
        newest=max((card.entry_id for card in page.items), default=0),
        older_url=url_for(here, **values, before=page.next_before) if page.next_before else None,
        newest_url=None if is_top else url_for(here, **values),
        newer_url=url_for("timelines.newer", name=timeline.name) if told_of else None,
        since_url=url_for("timelines.since", name=timeline.name) if told_of else None,
    )


@bp.get("/timelines/<name>/newer")
def newer(name: str) -> ResponseReturnValue:
    """The pill that says how many posts have come since `after` and from whom; empty when none."""
    found = queries.newer(viewer(), queries.named(name), _after(), _known())
    answer = render_template("timelines/_newer.html", newer=found, words=_words(found))
    return Response(answer, headers={"Cache-Control": "no-store"})


@bp.get("/timelines/<name>/since")
def since(name: str) -> ResponseReturnValue:
    """The cards that the pill counted. Conflict when they are too many to be put in: then the
    page has to be loaded anew."""
    timeline = queries.named(name)
    page = queries.since(viewer(), timeline, _after(), _known())
    if page.next_before:
        raise Conflict(N_("So much is new that the page has to be loaded again."))
    newest = max((card.entry_id for card in page.items), default=0)
    read = filtering.filtered(page.items, timeline.kind)
    answer = render_template(
        "timelines/_since.html", cards=read.cards, warnings=read.warnings, newest=newest
    )
    return Response(answer, headers={"Cache-Control": "no-store"})


def _after() -> int:
    return Cursor.parse(None, request.args.get("after")).after or 0


def _known() -> list[int]:
    """The entries that the page shows, as far as the browser tells; what is no id is left out."""
    raw = request.args.get("known", "")[: _MOST_KNOWN * 20].split(",")
    ids = [int(part) for part in raw if part.isascii() and part.isdigit() and len(part) < 20]
    return [id_ for id_ in ids if id_ <= MAX_ID][:_MOST_KNOWN]


def _words(found: Newer) -> str:
    count = f"{NEWER_CAP - 1}+" if found.count >= NEWER_CAP else str(found.count)
    posts = ngettext("%(count)s new post", "%(count)s new posts", found.count, count=count)
    names = [author.display_name for author in found.authors]
    if found.other_authors:
        names.append(gettext("others"))
    if not names:
        return str(posts)
    who = format_list(names, locale=get_locale() or "en")
    return str(gettext("%(posts)s by %(names)s", posts=posts, names=who))
