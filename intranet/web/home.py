"""Home and its sisters: my groups, the whole organisation; what one saved is in `saved`."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from intranet.accounts import queries as accounts
from intranet.calendar import ranges
from intranet.catchup.queries import away_since
from intranet.groups import directory as groups
from intranet.relationships.suggestions import suggestions
from intranet.timelines.queries import Kind, Timeline
from intranet.web.chrome import chrome
from intranet.web.composer import new_composer
from intranet.web.draft_forms import restored
from intranet.web.identity import viewer
from intranet.web.timelines import ShownTimeline, shown_here
from intranet.web.wants import wants_fragment

bp = Blueprint("home", __name__)

# Somebody who has found people and groups needs no more proposals.
_ENOUGH_PEOPLE = 15
_ENOUGH_GROUPS = 5


@bp.get("/")
def show() -> ResponseReturnValue:
    """What the people and groups the viewer chose have posted."""
    return drawn(Timeline(Kind.HOME))


@bp.get("/timelines/groups", endpoint="groups")
def groups_only() -> ResponseReturnValue:
    """The posts of the viewer's groups."""
    return drawn(Timeline(Kind.GROUPS))


@bp.get("/timelines/organisation")
def organisation() -> ResponseReturnValue:
    """What is for everybody."""
    return drawn(Timeline(Kind.ORGANISATION))


def drawn(timeline: Timeline, **more: Any) -> ResponseReturnValue:
    """The page of this timeline, or what a fragment of it needs; `more` is for its template."""
    kind = timeline.kind
    shown = shown_here(timeline)
    if wants_fragment():
        return render_template("timelines/_posts.html", shown=shown)
    frame = chrome()
    is_home = kind is Kind.HOME and shown.newest_url is None
    few_groups = frame is None or len(frame.groups) < _ENOUGH_GROUPS
    few_people = viewer().following_count < _ENOUGH_PEOPLE
    return render_template(
        "timelines/home.html",
        shown=shown,
        compose=restored(new_composer()) if is_home else None,
        away=away_since(viewer(), _oldest(shown)) if is_home else None,
        next_days=ranges.next_days(viewer()),
        newcomers=accounts.newcomers(viewer()),
        people=suggestions(viewer(), 3) if few_people else (),
        groups=groups.suggestions(viewer(), 3) if few_groups else (),
        **more,
    )


def _oldest(shown: ShownTimeline) -> int | None:
    """The last entry of a page after which there are more."""
    return min((card.entry_id for card in shown.cards), default=None) if shown.older_url else None
