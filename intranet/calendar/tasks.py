"""Background work of the calendar."""

from __future__ import annotations

from typing import Any

from sqlalchemy import exists, select

from intranet.calendar import reminders, schedule
from intranet.calendar.models import Event, Occurrence
from intranet.db import db
from intranet.kernel.clock import utc_now

EXTEND = "calendar.extend"


def extend(_payload: dict[str, Any]) -> None:
    """Look further ahead: the dates that the last months have not held yet, and the reminders of
    what begins soon."""
    goes_on = select(Event.id).where(Event.rrule != "", Event.cancelled_at.is_(None))
    for event_id in db.session.scalars(goes_on).all():
        event = db.session.get_one(Event, event_id)
        schedule.hold(event)
        schedule.fill(event, since=utc_now())
    soon = exists().where(Occurrence.event_id == Event.id, Occurrence.starts_at > utc_now())
    alive = select(Event).where(Event.cancelled_at.is_(None), soon)
    for event in db.session.scalars(alive).all():
        reminders.plan(event)
