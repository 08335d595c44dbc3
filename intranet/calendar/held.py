"""Which dates are in whose calendar at home, and under which name: a calendar program knows a date
by its series and its place there, so that a date that changes its place has to be taken back."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from intranet.calendar.events import HeldDate
from intranet.calendar.models import Event, MailedDate, Occurrence
from intranet.db import db


def held_dates(event_ids: Collection[int]) -> tuple[HeldDate, ...]:
    """What people hold date by date of these events."""
    rows = db.session.execute(
        select(MailedDate.account_id, Event, Occurrence.id, Occurrence.recurrence_id)
        .join(Occurrence, Occurrence.id == MailedDate.occurrence_id)
        .join(Event, Event.id == Occurrence.event_id)
        .where(Event.id.in_(event_ids))
        .order_by(MailedDate.account_id, Occurrence.recurrence_id)
    )
    return tuple(
        HeldDate(account_id, event.id, place if event.rrule else None, event.all_day, date_id)
        for account_id, event, date_id, place in rows
    )
