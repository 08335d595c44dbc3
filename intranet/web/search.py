"""Search: one box, its findings by kind, everything in the address."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intranet.accounts import directory as people
from intranet.accounts.directory import PeopleFilter
from intranet.groups import directory as groups
from intranet.kernel.pagination import Cursor
from intranet.pages import directory as pages
from intranet.search import queries
from intranet.settings import Settings
from intranet.web.identity import viewer
from intranet.web.wants import wants_fragment

bp = Blueprint("search", __name__)

_FIRST_FEW = 4


class Kind(enum.StrEnum):
    EVERYTHING = "everything"
    PEOPLE = "people"
    PAGES = "pages"
    GROUPS = "groups"
    POSTS = "posts"


@bp.get("/search")
def show() -> ResponseReturnValue:
    """What was found of one kind, a page of it, or the first few of every kind."""
    query = request.args.get("q", "").strip()[:200]
    kind = _kind()
    if not queries.words_of(query):
        return render_template("search/show.html", q=query, kind=kind, counts=None)
    settings: Settings = current_app.extensions["intranet.settings"]
    size = _FIRST_FEW if kind is Kind.EVERYTHING else settings.page_size
    cursor = Cursor.parse(request.args.get("before"), request.args.get("after"), limit=size)
    found: dict[str, Sequence[Any]] = {}
    older: dict[str, str] = {}
    if kind in (Kind.EVERYTHING, Kind.PEOPLE):
        listed = people.list_people(viewer(), PeopleFilter(q=query), after=cursor.after, limit=size)
        found["people"] = listed.people
        older = {"after": str(listed.next_after)} if listed.next_after else {}
    if kind in (Kind.EVERYTHING, Kind.PAGES):
        official = pages.list_pages(viewer(), query, after=cursor.after, limit=size)
        found["pages"] = official.entries
        older = {"after": str(official.next_after)} if official.next_after else {}
    if kind in (Kind.EVERYTHING, Kind.GROUPS):
        entries = groups.directory(viewer(), query, cursor=cursor)
        found["groups"] = entries.items
        older = {"before": str(entries.next_before)} if entries.next_before else {}
    if kind in (Kind.EVERYTHING, Kind.POSTS):
        page = queries.posts(viewer(), query, cursor)
        found["posts"] = page.items
        older = {"before": str(page.next_before)} if page.next_before else {}
    older_url = None
    if older and kind is not Kind.EVERYTHING:
        # `in` is a word of Python's, so it cannot be written as an argument.
        address: dict[str, Any] = {"q": query, "in": kind.value, **older}
        older_url = url_for("search.show", **address)
    if wants_fragment():
        return render_template(
            "search/_found.html", q=query, kind=kind, older_url=older_url, **found
        )
    return render_template(
        "search/show.html",
        q=query,
        kind=kind,
        counts=queries.counts(viewer(), query),
        older_url=older_url,
        **found,
    )


def _kind() -> Kind:
    asked = request.args.get("in", "")
    return Kind(asked) if asked in list(Kind) else Kind.EVERYTHING
