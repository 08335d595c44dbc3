"""Invitations as calendar programs exchange them by e-mail (iTIP, RFC 5546; iMIP, RFC 6047).

Each letter is about one date and one person, and its ORGANIZER is an address that is good for
exactly these two. Who answers is known by that signed address, never by the sender's name.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from icalendar import Calendar
from sqlalchemy import select

from intranet.accounts.models import Account
from intranet.calendar import exports, ics, queries, rsvp
from intranet.calendar.exports import Links
from intranet.calendar.models import Answer, Event, MailedDate, Occurrence, Rsvp
from intranet.db import db
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import DomainError, NotFound
from intranet.mail.actions import enqueue_mail

# The letters (intranet/letters/events.py); payload: occurrence_id.
REQUEST, CANCEL = "calendar.request", "calendar.cancel"
WAITING, REFUSED = "calendar.waiting", "calendar.refused"

_MOST_BYTES = 256 * 1024
_MAC = 12
_ANSWERS = {"ACCEPTED": Answer.GOING, "TENTATIVE": Answer.MAYBE, "DECLINED": Answer.NO}
_PARTSTAT = {answer: partstat for partstat, answer in _ANSWERS.items()}


def token_for(secret: str, occurrence_id: int, account_id: int) -> str:
    """Which date and who, signed. Lower case letters and digits, since mail programs may change
    case, and short, since a local part may have 64 characters."""
    ids = occurrence_id.to_bytes(8, "big") + account_id.to_bytes(8, "big")
    return base64.b32encode(ids + _mac(secret, ids)).decode("ascii").rstrip("=").lower()


def read_token(secret: str, token: str) -> tuple[int, int]:
    """The occurrence and the account; NotFound when it is not one of ours."""
    try:
        raw = base64.b32decode(token.upper() + "=" * (-len(token) % 8))
    except (binascii.Error, ValueError):
        raise NotFound() from None
    ids, mac = raw[:16], raw[16:]
    if len(token) > 64 or not hmac.compare_digest(mac, _mac(secret, ids)):
        raise NotFound()
    return int.from_bytes(ids[:8], "big"), int.from_bytes(ids[8:], "big")


def _mac(secret: str, ids: bytes) -> bytes:
    return hmac.digest(secret.encode(), b"calendar reply\0" + ids, hashlib.sha256)[:_MAC]


def invitation(
    recipient: Account, occurrence_id: int, links: Links, address: Callable[[int], str]
) -> tuple[Event, Occurrence, bytes]:
    """METHOD:REQUEST for one date, as it is now: new, or changed (a higher SEQUENCE). `address`
    gives the reply address of a date. NotFound when it is no longer for the recipient."""
    event, date = queries.get_visible(recipient, occurrence_id)
    own = db.session.get(Rsvp, (date.id, recipient.id))
    partstat = "NEEDS-ACTION"
    if own is not None:
        partstat = "TENTATIVE" if own.waiting else _PARTSTAT[own.answer]
    body = _message("REQUEST", recipient, event, date, links, address(date.id), partstat)
    return event, date, body


def cancellation(
    recipient: Account, occurrence_id: int, links: Links, address: Callable[[int], str]
) -> tuple[Event, Occurrence, bytes]:
    """METHOD:CANCEL: the date is off, or the recipient has declined it here."""
    event, date = queries.get_visible(recipient, occurrence_id)
    return event, date, _message("CANCEL", recipient, event, date, links, address(date.id), "")


def _message(
    method: str,
    recipient: Account,
    event: Event,
    date: Occurrence,
    links: Links,
    organiser_address: str,
    partstat: str,
) -> bytes:
    organiser = db.session.get_one(Account, event.organiser_id)
    entry = replace(
        exports.entry_for(event, date, organiser, links), organiser_uri=organiser_address
    )
    component = ics.instance(entry, date)
    component["DTSTAMP"].dt = utc_now().replace(microsecond=0)
    parameters = {"CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT"}
    if method == "CANCEL":
        component["STATUS"] = "CANCELLED"
        component.subcomponents.clear()
    else:
        parameters |= {"PARTSTAT": partstat, "RSVP": "TRUE"}
    attendee = ics.address(f"mailto:{recipient.email}", recipient.display_name, **parameters)
    component.add("ATTENDEE", attendee)
    body: bytes = ics.calendar_of([(event, component)], method=method).to_ical()
    return body


def take_reply(body: bytes, token: str, secret: str) -> bool:
    """Do what a METHOD:REPLY says for the date and the person of the token. False for what is
    not ours, stale (SEQUENCE, DTSTAMP) or about another date; nothing is changed then. No seat
    left: the waiting list, and a letter that says so."""
    try:
        occurrence_id, account_id = read_token(secret, token)
    except NotFound:
        return False
    reply = _reply(body)
    account = db.session.get(Account, account_id)
    if reply is None or account is None or not account.is_active:
        return False
    try:
        event, date = queries.get_visible(account, occurrence_id, lock=True)
    except NotFound:
        return False
    answer = _answer(reply)
    own = db.session.get(Rsvp, (date.id, account.id), populate_existing=True)
    if answer is None or not _is_about(reply, event, date) or _is_stale(reply, date, account, own):
        return False
    if answer is Answer.NO:
        # Their own calendar has dropped it already: nothing to take back there.
        held = db.session.get(MailedDate, (date.id, account.id))
        if held is not None:
            db.session.delete(held)
            db.session.flush()
    try:
        rsvp.answer(
            account,
            event,
            date,
            answer,
            guests=own.guests if own is not None and answer is not Answer.NO else 0,
            replies=tuple(own.replies) if own is not None else (),
        )
    except DomainError:
        # Over, cancelled, or something has to be filled in: only the page can ask.
        _tell(REFUSED, account, date, reply)
        return False
    db.session.flush()
    own = db.session.get(Rsvp, (date.id, account.id), populate_existing=True)
    if own is not None and own.waiting and answer is Answer.GOING:
        _tell(WAITING, account, date, reply)
    return True


def _tell(kind: str, account: Account, date: Occurrence, reply: Any) -> None:
    stamp = _stamp(reply)
    key = f"{kind}:{date.id}:{account.id}:{stamp.timestamp():.0f}" if stamp else None
    enqueue_mail(kind, {"occurrence_id": date.id}, to=account, key=key)


def _reply(body: bytes) -> Any:
    """The one VEVENT of a METHOD:REPLY; None for anything else."""
    if len(body) > _MOST_BYTES or body.upper().count(b"BEGIN:") > 20:
        return None
    try:
        calendar: Any = Calendar.from_ical(body)
        events = calendar.walk("VEVENT")
        if str(calendar.get("METHOD", "")).upper() != "REPLY" or len(events) != 1:
            return None
    except (ValueError, KeyError, IndexError, TypeError, AttributeError):
        return None
    return events[0]


def _answer(reply: Any) -> Answer | None:
    attendee = reply.get("ATTENDEE")
    if attendee is None or isinstance(attendee, list):
        return None
    return _ANSWERS.get(str(attendee.params.get("PARTSTAT", "")).upper())


def _is_about(reply: Any, event: Event, date: Occurrence) -> bool:
    if str(reply.get("UID", "")) != event.uid:
        return False
    position = reply.get("RECURRENCE-ID")
    if position is None:
        return True  # the letter was about this date and no other
    said = getattr(position, "dt", None)
    ours = ics.position(event, date.recurrence_id)
    if not isinstance(ours, dt.datetime) or not isinstance(said, dt.datetime):
        day = ours.date() if isinstance(ours, dt.datetime) else ours
        return (said.date() if isinstance(said, dt.datetime) else said) == day
    if said.tzinfo is None:
        return said == ours.replace(tzinfo=None)
    return said.astimezone(dt.UTC) == date.recurrence_id


def _is_stale(reply: Any, date: Occurrence, account: Account, own: Rsvp | None) -> bool:
    """Older than the last letter, or than the last answer from wherever."""
    sent = db.session.scalar(
        select(MailedDate.sequence).where(
            MailedDate.occurrence_id == date.id, MailedDate.account_id == account.id
        )
    )
    try:
        sequence = int(reply.get("SEQUENCE", 0))
    except (TypeError, ValueError):
        return True
    if sent is not None and sequence < sent:
        return True
    stamp = _stamp(reply)
    if stamp is None:
        return True
    return own is not None and stamp < own.updated_at.replace(microsecond=0)


def _stamp(reply: Any) -> dt.datetime | None:
    stamp = getattr(reply.get("DTSTAMP"), "dt", None)
    if not isinstance(stamp, dt.datetime):
        return None
    aware = stamp if stamp.tzinfo is not None else stamp.replace(tzinfo=dt.UTC)
    return aware.astimezone(dt.UTC)
