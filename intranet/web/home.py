"""Home and its sisters: my groups, the whole organisation, what I saved."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from intranet.accounts import queries as accounts
from intranet.calendar import ranges
from intranet.groups import directory as groups
from intranet.relationships.suggestions import suggestions
from intranet.timelines.queries import Kind, Timeline
from intranet.web.chrome import chrome
from intranet.web.composer import new_composer
from intranet.web.draft_forms import restored
from intranet.web.identity import viewer
from intranet.web.timelines import shown_here
from intranet.web.wants import wants_fragment

bp = Blueprint("home", __name__)

# Somebody who has found people and groups needs no more proposals.
_ENOUGH_PEOPLE = 15
_ENOUGH_GROUPS = 5


@bp.get("/")
def show() -> ResponseReturnValue:
    """What the people and groups the viewer chose have posted."""
    return _drawn(Kind.HOME)


@bp.get("/timelines/groups", endpoint="groups")
def groups_only() -> ResponseReturnValue:
    """The posts of the viewer's groups."""
    return _drawn(Kind.GROUPS)


@bp.get("/timelines/organisation")
def organisation() -> ResponseReturnValue:
    """What is for everybody."""
    return _drawn(Kind.ORGANISATION)


@bp.get("/saved")
def saved() -> ResponseReturnValue:
    """The viewer's bookmarks."""
    return _drawn(Kind.SAVED)


def _drawn(kind: Kind) -> ResponseReturnValue:
    shown = shown_here(Timeline(kind))
    if wants_fragment():
        return render_template("timelines/_posts.html", shown=shown)
    frame = chrome()
    few_groups = frame is None or len(frame.groups) < _ENOUGH_GROUPS
    few_people = viewer().following_count < _ENOUGH_PEOPLE
    return render_template(
        "timelines/home.html",
        shown=shown,
        compose=restored(new_composer())
        if kind is Kind.HOME and shown.newest_url is None
        else None,
        next_days=ranges.next_days(viewer()),
        newcomers=accounts.newcomers(viewer()),
        people=suggestions(viewer(), 3) if few_people else (),
        groups=groups.suggestions(viewer(), 3) if few_groups else (),
    )
