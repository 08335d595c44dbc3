"""Invitations as calendar programs exchange them by e-mail (iTIP, RFC 5546; iMIP, RFC 6047).

A letter is about one date or a whole series, and one person; its ORGANIZER is an address that is
good for exactly these (see reply_addresses). What comes back is read by `replies`.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select

from intranet.accounts.models import Account
from intranet.calendar import exports, ics, queries, schedule
from intranet.calendar.exports import Links
from intranet.calendar.models import Answer, Event, Occurrence, Rsvp
from intranet.calendar.reply_addresses import ReplyAddress
from intranet.db import db
from intranet.kernel.clock import utc_now

# The letters (intranet/letters/events.py); payload: occurrence_id.
REQUEST, CANCEL = "calendar.request", "calendar.cancel"
WAITING, REFUSED = "calendar.waiting", "calendar.refused"
# Payload: event_id; of DROPPED also occurrence_id (None: the letters of a series), positions
# (RECURRENCE-IDs, ISO 8601) and all_day, as they were when the dates went.
SERIES, SERIES_CANCEL, DROPPED = "calendar.series", "calendar.series_cancel", "calendar.dropped"

_PARTSTAT = {Answer.GOING: "ACCEPTED", Answer.MAYBE: "TENTATIVE", Answer.NO: "DECLINED"}
_NO_ANSWER = "NEEDS-ACTION"


@dataclass(frozen=True, slots=True)
class SeriesLetter:
    """A series for a calendar program. `next_date` is the one to speak of; None when none comes."""

    event: Event
    next_date: Occurrence | None
    body: bytes


def invitation(
    recipient: Account, occurrence_id: int, links: Links, address: ReplyAddress
) -> tuple[Event, Occurrence, bytes]:
    """METHOD:REQUEST for one date, as it is now: new, or changed (a higher SEQUENCE). NotFound
    when it is no longer for the recipient."""
    event, date = queries.get_visible(recipient, occurrence_id)
    entry = _entry(event, [date], date, links, address(date.id))
    component = ics.instance(entry, date)
    partstat = _partstat(db.session.get(Rsvp, (date.id, recipient.id)))
    _addressed(component, recipient, PARTSTAT=partstat, RSVP="TRUE")
    return event, date, _message("REQUEST", [(event, component)])


def cancellation(
    recipient: Account, occurrence_id: int, links: Links, address: ReplyAddress
) -> tuple[Event, Occurrence, bytes]:
    """METHOD:CANCEL: the date is off, or the recipient has declined it here."""
    event, date = queries.get_visible(recipient, occurrence_id)
    component = ics.instance(_entry(event, [date], date, links, address(date.id)), date)
    return event, date, _message("CANCEL", [(event, _off(component, recipient))])


def series_invitation(
    recipient: Account, event_id: int, links: Links, address: ReplyAddress
) -> SeriesLetter:
    """METHOD:REQUEST for a series as it is now: its rule without the dates that were taken out,
    each date that differs, and what the recipient has answered. The rule carries the answer that
    most coming dates have; dates with another are written out. NotFound when it is no longer for
    the recipient."""
    event, dates, coming = _series_for(recipient, event_id)
    said = _answers(recipient, dates)
    common = Counter(said.get(one.id, _NO_ANSWER) for one in coming).most_common(1)
    usual = common[0][0] if common else _NO_ANSWER
    entry = _entry(event, dates, (coming or dates)[0], links, address(event.id, series=True))
    parts = ics.series(entry)
    by_position = {ics.position(event, one.recurrence_id): one for one in dates}
    there = set()
    for _event, component in parts:
        place = component.get("RECURRENCE-ID")
        one = by_position.get(place.dt) if place is not None else None
        partstat = said.get(one.id, _NO_ANSWER) if one is not None else usual
        if one is not None:
            there.add(one.id)
        _addressed(component, recipient, PARTSTAT=partstat, RSVP="TRUE")
    for one in coming if event.rrule else ():
        partstat = said.get(one.id, _NO_ANSWER)
        if partstat != usual and one.id not in there:
            component = ics.instance(entry, one)
            _addressed(component, recipient, PARTSTAT=partstat, RSVP="TRUE")
            parts.append((event, component))
    return SeriesLetter(event, coming[0] if coming else None, _message("REQUEST", parts))


def series_cancellation(
    recipient: Account, event_id: int, links: Links, address: ReplyAddress
) -> SeriesLetter:
    """METHOD:CANCEL for the whole series: it is off, or the recipient has declined all of it."""
    event, dates, coming = _series_for(recipient, event_id)
    shown = (coming or dates)[0]
    entry = _entry(event, [], shown, links, address(event.id, series=True))
    component = ics.series(replace(entry, dates=[] if event.rrule else [shown]))[0][1]
    return SeriesLetter(
        event,
        coming[0] if coming else None,
        _message("CANCEL", [(event, _off(component, recipient))]),
    )


def dropped(
    recipient: Account,
    event_id: int,
    positions: Sequence[dt.datetime],
    *,
    all_day: bool,
    occurrence_id: int | None,
    links: Links,
    address: ReplyAddress,
) -> tuple[Event, bytes]:
    """METHOD:CANCEL for dates by the places that they had in the rule: they may be gone."""
    event, dates, coming = _series_for(recipient, event_id)
    shown = (coming or dates)[0]
    reply_to = address(occurrence_id or event.id, series=occurrence_id is None)
    entry = _entry(event, [], shown, links, reply_to)
    parts = []
    for moment in positions:
        component = ics.place(entry, moment, schedule.ends_at(event, moment), all_day=all_day)
        parts.append((event, _off(component, recipient)))
    return event, _message("CANCEL", parts)


def _series_for(
    recipient: Account, event_id: int
) -> tuple[Event, list[Occurrence], list[Occurrence]]:
    """The event, its dates in order, and those of them that are still to come."""
    event = queries.get_visible_event(recipient, event_id)
    dates = list(
        db.session.scalars(
            select(Occurrence)
            .where(Occurrence.event_id == event.id)
            .order_by(Occurrence.starts_at, Occurrence.id)
        )
    )
    now = utc_now()
    coming = [one for one in dates if one.ends_at > now and one.cancelled_at is None]
    return event, dates, coming


def _answers(recipient: Account, dates: Iterable[Occurrence]) -> dict[int, str]:
    event_ids = {one.event_id for one in dates}
    own = db.session.scalars(
        select(Rsvp)
        .join(Occurrence, Occurrence.id == Rsvp.occurrence_id)
        .where(Rsvp.account_id == recipient.id, Occurrence.event_id.in_(event_ids))
    )
    return {one.occurrence_id: _partstat(one) for one in own}


def _partstat(own: Rsvp | None) -> str:
    if own is None:
        return _NO_ANSWER
    return "TENTATIVE" if own.waiting else _PARTSTAT[own.answer]


def _entry(
    event: Event, dates: Sequence[Occurrence], shown: Occurrence, links: Links, reply_to: str
) -> ics.Entry:
    organiser = db.session.get_one(Account, event.organiser_id)
    entry = exports.entry_for(event, shown, organiser, links)
    return replace(entry, dates=dates, organiser_uri=reply_to)


def _off(component: Any, recipient: Account) -> Any:
    component["STATUS"] = "CANCELLED"
    component.subcomponents.clear()
    return _addressed(component, recipient)


def _addressed(component: Any, recipient: Account, **parameters: str) -> Any:
    component["DTSTAMP"].dt = utc_now().replace(microsecond=0)
    said = {"CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT"} | parameters
    attendee = ics.address(f"mailto:{recipient.email}", recipient.display_name, **said)
    component.add("ATTENDEE", attendee)
    return component


def _message(method: str, parts: list[tuple[Event, Any]]) -> bytes:
    body: bytes = ics.calendar_of(parts, method=method).to_ical()
    return body
