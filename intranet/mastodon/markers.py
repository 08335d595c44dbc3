"""How far the caller has read. https://docs.joinmastodon.org/methods/markers/

The mark of the notifications and the web's unread marks are one thing: setting it reads what it
passes, and reading in the web moves it on."""

from __future__ import annotations

from typing import Annotated, Any

from flask import Response
from pydantic import BaseModel, BeforeValidator, ConfigDict

from intranet.inbox import signals
from intranet.inbox.signals import KINDS
from intranet.kernel.ids import moment_of
from intranet.mastodon.answers import answer, moment
from intranet.mastodon.blueprint import bp
from intranet.mastodon.identity import viewer
from intranet.mastodon.parameters import Id, MaybeId, Parameters, Texts, read
from intranet.mastodon.requirements import scope
from intranet.notifications import actions, reading_marks
from intranet.notifications.models import MarkedList
from intranet.notifications.reading_marks import Mark
from intranet.unit_of_work import unit_of_work


class Wanted(Parameters):
    """Which marks; those of unknown lists are passed over."""

    timeline: Texts = ()


class Position(BaseModel):
    """Where a mark is put. With `version`, only if that is still the mark's."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    last_read_id: Id
    version: MaybeId = None


MaybePosition = Annotated[Position | None, BeforeValidator(lambda value: value or None)]


class Positions(Parameters):
    """Where the marks are put."""

    home: MaybePosition = None
    notifications: MaybePosition = None


@bp.get("/api/v1/markers")
@scope("read:statuses")
def show_markers() -> Response:
    """The marks asked for in `timeline[]`, as far as they were ever set."""
    wanted = [one for one in MarkedList if one in read(Wanted).timeline]
    return answer(_marks(wanted))


@bp.post("/api/v1/markers")
@scope("write:statuses")
def set_markers() -> Response:
    """Set marks. Conflict when another program set one meanwhile."""
    sent = read(Positions)
    positions = {MarkedList.HOME: sent.home, MarkedList.NOTIFICATIONS: sent.notifications}
    chosen = {timeline: place for timeline, place in positions.items() if place is not None}
    with unit_of_work():
        for timeline, place in chosen.items():
            reading_marks.set_mark(viewer(), timeline, place.last_read_id, known=place.version)
        if sent.notifications is not None:
            last = sent.notifications.last_read_id
            actions.mark_read(viewer(), up_to=last, kinds=KINDS)
    return answer(_marks(list(chosen)))


def _marks(wanted: list[MarkedList]) -> dict[str, Any]:
    found = reading_marks.marks_of(viewer(), wanted) if wanted else {}
    if MarkedList.NOTIFICATIONS in wanted:
        read_in_web = signals.read_up_to(viewer())
        known = found.get(MarkedList.NOTIFICATIONS)
        if read_in_web is not None and (known is None or known.last_read_id < read_in_web):
            version = known.version if known else 0
            found[MarkedList.NOTIFICATIONS] = Mark(read_in_web, version, moment_of(read_in_web))
    return {
        timeline.value: {
            "last_read_id": str(mark.last_read_id),
            "version": mark.version,
            "updated_at": moment(mark.updated_at),
        }
        for timeline, mark in found.items()
    }
