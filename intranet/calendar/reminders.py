"""Reminders before an event, as tasks that wait for their time.

A task carries the start that it was made for: when the date has moved or is cancelled it does
nothing, and the new start has a task of its own. While one waits there is never a second."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import select

from intranet.accounts.models import Account
from intranet.calendar.drafts import REMINDERS
from intranet.calendar.models import Answer, Event, Occurrence, Rsvp
from intranet.calendar.telling import tell
from intranet.db import db
from intranet.kernel.clock import utc_now
from intranet.notifications.models import NotificationKind
from intranet.tasks.actions import enqueue_once

REMIND = "calendar.remind"  # payload: occurrence_id, minutes, starts_at
# Tasks are made for what begins soon; `tasks.extend` sees to the rest, hour by hour.
_SOON = dt.timedelta(minutes=max(REMINDERS)) + dt.timedelta(days=1)


def plan(event: Event) -> None:
    """Put the event's reminders that come soon into the queue; twice is once."""
    if not event.reminders or event.cancelled_at:
        return
    now = utc_now()
    dates = db.session.execute(
        select(Occurrence.id, Occurrence.starts_at).where(
            Occurrence.event_id == event.id,
            Occurrence.cancelled_at.is_(None),
            Occurrence.starts_at > now,
            Occurrence.starts_at <= now + _SOON,
        )
    ).all()
    for occurrence_id, starts_at in dates:
        for minutes in event.reminders:
            due = starts_at - dt.timedelta(minutes=minutes)
            if due > now:
                payload = {
                    "occurrence_id": occurrence_id,
                    "minutes": minutes,
                    "starts_at": starts_at.isoformat(),
                }
                key = f"{occurrence_id}:{minutes}:{starts_at.isoformat()}"
                enqueue_once(key, REMIND, payload, run_at=due)


def remind(payload: dict[str, Any]) -> None:
    """Tell those who go that it begins soon, unless the date has changed meanwhile."""
    row = db.session.execute(
        select(Event, Occurrence)
        .join(Occurrence, Occurrence.event_id == Event.id)
        .where(Occurrence.id == payload["occurrence_id"])
    ).one_or_none()
    if row is None:
        return
    event, date = row
    stands = date.starts_at == dt.datetime.fromisoformat(payload["starts_at"])
    if event.cancelled_at or date.cancelled_at or not stands or date.starts_at < utc_now():
        return
    if payload["minutes"] not in event.reminders:
        return
    going = db.session.scalars(
        select(Rsvp.account_id).where(
            Rsvp.occurrence_id == date.id, Rsvp.answer == Answer.GOING, Rsvp.waiting.is_(False)
        )
    ).all()
    organiser = db.session.get_one(Account, event.organiser_id)
    tell(organiser, NotificationKind.EVENT_REMINDER, event, date.id, going, tell_actor=True)
