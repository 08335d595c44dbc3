"""Letters about events with all their dates: what a calendar program keeps as one series."""

from __future__ import annotations

import datetime as dt

from flask_babel import gettext as _
from sqlalchemy import select

from intranet.accounts.models import Account
from intranet.calendar import itip
from intranet.calendar.models import Event, MailedSeries, Occurrence
from intranet.db import db
from intranet.kernel.errors import NotFound
from intranet.letters.events import holds_date, letter_of, links, reply_to, title_of
from intranet.letters.letter import Letter
from intranet.mail.models import OutboxMessage


def series(message: OutboxMessage, recipient: Account | None) -> Letter | None:
    """The series as it is now; nothing once its reader does not hold it any more."""
    if recipient is None or not _holds(message, recipient):
        return None
    event_id = message.payload["event_id"]
    try:
        made = itip.series_invitation(recipient, event_id, links(), reply_to(recipient))
    except NotFound:
        return None
    date = made.next_date
    if date is None:
        date = _last(made.event)
        subject = _("Cancelled: %(title)s", title=title_of(made.event, date))
        words = _("No further date of this event takes place.")
    else:
        subject = _("%(title)s: an event for your calendar", title=title_of(made.event, date))
        words = _("Answer here or in your calendar program: both count.")
        if made.event.rrule:
            words = _(
                "This event has several dates; this is the next one. Answer here or in your "
                "calendar program, for all of them or one by one: both count."
            )
    return letter_of(subject, made.event, date, words, ("REQUEST", made.body))


def series_cancel(message: OutboxMessage, recipient: Account | None) -> Letter | None:
    """All dates are off, or the recipient has declined all of them."""
    if recipient is None or _holds(message, recipient):
        return None
    event_id = message.payload["event_id"]
    try:
        made = itip.series_cancellation(recipient, event_id, links(), reply_to(recipient))
    except NotFound:
        return None
    date = made.next_date or _last(made.event)
    title = title_of(made.event, date)
    if made.event.cancelled_at is not None:
        subject = _("Cancelled: %(title)s", title=title)
        words = _("All dates of this event are cancelled.")
    else:
        subject = _("Out of your calendar: %(title)s", title=title)
        words = _("You have said that you do not come. You can change your mind at any time.")
    return letter_of(subject, made.event, date, words, ("CANCEL", made.body))


def dropped(message: OutboxMessage, recipient: Account | None) -> Letter | None:
    """A date that is cancelled, or stands elsewhere now: the calendar program forgets it."""
    if recipient is None or _is_back(message, recipient):
        return None
    places = [dt.datetime.fromisoformat(one) for one in message.payload["positions"]]
    try:
        event, body = itip.dropped(
            recipient,
            message.payload["event_id"],
            places,
            all_day=message.payload["all_day"],
            occurrence_id=message.payload["occurrence_id"],
            links=links(),
            address=reply_to(recipient),
        )
    except NotFound:
        return None
    date = _at(event, places[0])
    shown = date or _last(event)
    subject = _("Out of your calendar: %(title)s", title=title_of(event, shown))
    words = _("A date of this event has moved or does not take place any more.")
    if date is not None and date.cancelled_at is not None:
        subject = _("Cancelled: %(title)s", title=title_of(event, date))
        words = _("This date is cancelled.")
    return letter_of(subject, event, shown, words, ("CANCEL", body))


def _holds(message: OutboxMessage, recipient: Account) -> bool:
    key = (message.payload["event_id"], recipient.id)
    return db.session.get(MailedSeries, key) is not None


def _is_back(message: OutboxMessage, recipient: Account) -> bool:
    """Whether the date came back to where it was before this letter was written."""
    place = dt.datetime.fromisoformat(message.payload["positions"][0])
    occurrence_id = message.payload["occurrence_id"]
    back = select(Occurrence.id).where(
        Occurrence.event_id == message.payload["event_id"],
        Occurrence.recurrence_id == place,
        Occurrence.cancelled_at.is_(None),
    )
    if occurrence_id is not None:
        back = back.where(Occurrence.id == occurrence_id)
        if not holds_date(recipient, occurrence_id):
            return False
    return db.session.scalar(back) is not None


def _at(event: Event, place: dt.datetime) -> Occurrence | None:
    return db.session.scalar(
        select(Occurrence).where(Occurrence.event_id == event.id, Occurrence.recurrence_id == place)
    )


def _last(event: Event) -> Occurrence:
    """The date to speak of when none comes any more."""
    return db.session.scalars(
        select(Occurrence)
        .where(Occurrence.event_id == event.id)
        .order_by(Occurrence.starts_at.desc())
        .limit(1)
    ).one()
