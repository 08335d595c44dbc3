"""What calendar programs answer to our invitations (METHOD:REPLY), for one date or a series."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from icalendar import Calendar
from sqlalchemy import select

from intranet.accounts.models import Account
from intranet.calendar import ics, itip, queries, rsvp
from intranet.calendar.models import Answer, Event, MailedDate, MailedSeries, Occurrence, Rsvp
from intranet.calendar.reply_addresses import read_token
from intranet.db import db
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import DomainError, NotFound
from intranet.mail.actions import enqueue_mail

_MOST_BYTES = 256 * 1024
_MOST_PARTS = 60  # BEGINs: a reply about many dates of a series, and its zone
_ANSWERS = {"ACCEPTED": Answer.GOING, "TENTATIVE": Answer.MAYBE, "DECLINED": Answer.NO}


def take_reply(body: bytes, token: str, secret: str) -> bool:
    """Do what a METHOD:REPLY says for the person of the token and its date, or the dates of its
    series: all that come for a part without RECURRENCE-ID, one for a part with it. False when
    nothing was changed: not ours, stale (SEQUENCE, DTSTAMP) or about something else. No seat
    left: the waiting list, and a letter that says so."""
    try:
        addressed = read_token(secret, token)
    except NotFound:
        return False
    parts = _reply(body)
    account = db.session.get(Account, addressed.account_id)
    if not parts or account is None or not account.is_active:
        return False
    try:
        if addressed.series:
            event = queries.get_visible_event(account, addressed.id)
            return _take_for_series(account, event, parts)
        event, date = queries.get_visible(account, addressed.id, lock=True)
    except NotFound:
        return False
    return len(parts) == 1 and _take_for_date(account, event, date, parts[0])


def _take_for_date(account: Account, event: Event, date: Occurrence, reply: Any) -> bool:
    answer = _answer(reply)
    held = db.session.get(MailedDate, (date.id, account.id))
    if answer is None or not _is_ours(reply, event, held):
        return False
    place = reply.get("RECURRENCE-ID")
    # Without one: the letter was about this date and no other.
    if place is not None and not _is_at(place, event, date):
        return False
    if answer is Answer.NO and held is not None:
        # Their own calendar has dropped it already: nothing to take back there.
        db.session.delete(held)
        db.session.flush()
    return _give(account, event, [date], answer, reply)


def _take_for_series(account: Account, event: Event, parts: Sequence[Any]) -> bool:
    held = db.session.get(MailedSeries, (event.id, account.id))
    coming = _coming(event)
    named: list[tuple[Any, list[Occurrence]]] = []
    for reply in parts:
        place = reply.get("RECURRENCE-ID")
        if place is not None and _is_ours(reply, event, held):
            named.append((reply, [one for one in coming if _is_at(place, event, one)]))
    taken = {one.id for _reply, dates in named for one in dates}
    rest = [one for one in coming if one.id not in taken]
    whole = [
        (reply, rest)
        for reply in parts
        if reply.get("RECURRENCE-ID") is None and _is_ours(reply, event, held)
    ]
    changed = False
    for reply, dates in [*whole[:1], *named]:
        answer = _answer(reply)
        if answer is not None and dates:
            _remember(held, dates, answer)
            changed = _give(account, event, dates, answer, reply) or changed
    if held is not None and coming and {one.id for one in coming} <= set(held.declined):
        # Their own calendar has dropped all of it.
        db.session.delete(held)
    return changed


def _coming(event: Event) -> list[Occurrence]:
    return list(
        db.session.scalars(
            select(Occurrence)
            .where(
                Occurrence.event_id == event.id,
                Occurrence.cancelled_at.is_(None),
                Occurrence.ends_at > utc_now(),
            )
            # Always in this order, so that two who answer cannot block each other.
            .order_by(Occurrence.id)
        )
    )


def _remember(held: MailedSeries | None, dates: Iterable[Occurrence], answer: Answer) -> None:
    """Their calendar knows what it has answered itself: no letter has to tell it."""
    if held is not None:
        ids = {one.id for one in dates}
        known = set(held.declined)
        held.declined = sorted(known | ids if answer is Answer.NO else known - ids)
        db.session.flush()


def _give(
    account: Account, event: Event, dates: Sequence[Occurrence], answer: Answer, reply: Any
) -> bool:
    """The answer for these dates, all or none; dates answered later elsewhere stay as they are.
    False when none was changed."""
    stamp = _stamp(reply)
    own = {
        one.occurrence_id: one
        for one in db.session.scalars(
            select(Rsvp)
            .where(Rsvp.account_id == account.id)
            .where(Rsvp.occurrence_id.in_([one.id for one in dates]))
            .execution_options(populate_existing=True)
        )
    }
    open_ = [one for one in dates if stamp is not None and not _is_later(own.get(one.id), stamp)]
    if not open_:
        return False
    waits: Occurrence | None = None
    try:
        with db.session.begin_nested():
            for date in open_:
                kept = own.get(date.id)
                made = rsvp.answer(
                    account,
                    event,
                    date,
                    answer,
                    guests=kept.guests if kept is not None and answer is not Answer.NO else 0,
                    replies=tuple(kept.replies) if kept is not None else (),
                )
                db.session.flush()
                if made.waiting and answer is Answer.GOING and waits is None:
                    waits = date
    except DomainError:
        # Over, cancelled, or something has to be filled in: only the page can ask.
        _tell(itip.REFUSED, account, open_[0], reply)
        return False
    if waits is not None:
        _tell(itip.WAITING, account, waits, reply)
    return True


def _tell(kind: str, account: Account, date: Occurrence, reply: Any) -> None:
    stamp = _stamp(reply)
    key = f"{kind}:{date.id}:{account.id}:{stamp.timestamp():.0f}" if stamp else None
    enqueue_mail(kind, {"occurrence_id": date.id}, to=account, key=key)


def _reply(body: bytes) -> list[Any]:
    """The VEVENTs of a METHOD:REPLY; none for anything else."""
    if len(body) > _MOST_BYTES or body.upper().count(b"BEGIN:") > _MOST_PARTS:
        return []
    try:
        calendar: Any = Calendar.from_ical(body)
        if str(calendar.get("METHOD", "")).upper() != "REPLY":
            return []
        return list(calendar.walk("VEVENT"))
    except (ValueError, KeyError, IndexError, TypeError, AttributeError):
        return []


def _answer(reply: Any) -> Answer | None:
    attendee = reply.get("ATTENDEE")
    if attendee is None or isinstance(attendee, list):
        return None
    return _ANSWERS.get(str(attendee.params.get("PARTSTAT", "")).upper())


def _is_ours(reply: Any, event: Event, held: MailedDate | MailedSeries | None) -> bool:
    """About this event, and not written for a letter before the last one."""
    if str(reply.get("UID", "")) != event.uid:
        return False
    try:
        sequence = int(reply.get("SEQUENCE", 0))
    except (TypeError, ValueError):
        return False
    return held is None or sequence >= held.sequence


def _is_at(place: Any, event: Event, date: Occurrence) -> bool:
    """Whether a RECURRENCE-ID names this date."""
    said = getattr(place, "dt", None)
    ours = ics.position(event, date.recurrence_id)
    if not isinstance(ours, dt.datetime) or not isinstance(said, dt.datetime):
        day = ours.date() if isinstance(ours, dt.datetime) else ours
        return (said.date() if isinstance(said, dt.datetime) else said) == day
    if said.tzinfo is None:
        return said == ours.replace(tzinfo=None)
    return said.astimezone(dt.UTC) == date.recurrence_id


def _is_later(own: Rsvp | None, stamp: dt.datetime) -> bool:
    return own is not None and stamp < own.updated_at.replace(microsecond=0)


def _stamp(reply: Any) -> dt.datetime | None:
    stamp = getattr(reply.get("DTSTAMP"), "dt", None)
    if not isinstance(stamp, dt.datetime):
        return None
    aware = stamp if stamp.tzinfo is not None else stamp.replace(tzinfo=dt.UTC)
    return aware.astimezone(dt.UTC)
