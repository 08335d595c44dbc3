"""Answering: going, maybe, no. For one date, or for all the coming ones of a series."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from intranet.accounts.models import Account, AccountKind
from intranet.calendar import policies, seats
from intranet.calendar.events import SeriesAnswered
from intranet.calendar.models import Answer, Event, Occurrence, Rsvp
from intranet.calendar.telling import refresh
from intranet.db import db, record
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import Conflict, Invalid, NotFound
from intranet.kernel.messages import N_
from intranet.kernel.text import normalise

REPLY_LENGTH = 500


def answer(
    actor: Account,
    event: Event,
    occurrence: Occurrence,
    answer: Answer,
    guests: int = 0,
    replies: Sequence[str] = (),
) -> Rsvp:
    """The actor's answer for one date. "Going" takes a seat, or a place at the end of the line;
    whoever goes and says something else lets the next ones in. Invalid for too many guests and
    required questions without a reply; Conflict once the date is over or cancelled."""
    event, occurrence = _held(actor, occurrence.id)
    if event.cancelled_at or occurrence.cancelled_at:
        raise Conflict(N_("This event has been cancelled."))
    if occurrence.ends_at <= utc_now():
        raise Conflict(N_("This event is over."))
    if actor.kind is not AccountKind.PERSON:
        raise Invalid(N_("Only people can come to an event."))
    mine = db.session.get(Rsvp, (occurrence.id, actor.id), populate_existing=True)
    going = answer is Answer.GOING
    guests = _guests(event, guests) if going else 0
    said = _replies(event, replies) if going else []
    if mine is None:
        mine = Rsvp(occurrence_id=occurrence.id, account_id=actor.id, answer=answer, waiting=False)
        mine.queue_id, mine.guests = seats.place_in_line(occurrence), 0
        db.session.add(mine)
        held = 0
    else:
        held = 1 + mine.guests if mine.answer is Answer.GOING and not mine.waiting else 0
    if not going:
        mine.waiting = False
    elif held:
        if guests > mine.guests and not _may_grow(event, occurrence, 1 + guests - held):
            message = N_("There are not enough free seats for your guests.")
            raise Invalid(message, fields={"guests": message})
    elif not mine.waiting:
        mine.queue_id = seats.place_in_line(occurrence)
        mine.waiting = bool(occurrence.waiting_count) or not seats.fits(
            event, occurrence, 1 + guests
        )
    mine.answer, mine.guests, mine.replies, mine.updated_at = answer, guests, said, utc_now()
    seats.count(occurrence)
    seats.promote(event, occurrence)
    refresh(event, occurrence.id)
    return mine


def answer_all(
    actor: Account,
    event: Event,
    answer_: Answer,
    guests: int = 0,
    replies: Sequence[str] = (),
) -> int:
    """The same answer for every coming date of the series that is not cancelled; gives how many
    that were. Always in the order of their ids, so that two who answer cannot block each other."""
    dates = db.session.scalars(
        select(Occurrence)
        .where(
            Occurrence.event_id == event.id,
            Occurrence.cancelled_at.is_(None),
            Occurrence.ends_at > utc_now(),
        )
        .order_by(Occurrence.id)
    ).all()
    going = answer_ is Answer.GOING
    record(SeriesAnswered(event_id=event.id, account_id=actor.id, going=going))
    for date in dates:
        answer(actor, event, date, answer_, guests, replies)
    return len(dates)


def withdraw(event: Event, occurrence: Occurrence, account_id: int) -> None:
    """Take somebody's answer away and let the next ones in. The caller holds the date."""
    if seats.forget(occurrence, account_id):
        seats.count(occurrence)
        seats.promote(event, occurrence)
        refresh(event, occurrence.id)


def _held(actor: Account, occurrence_id: int) -> tuple[Event, Occurrence]:
    """The date, locked, and its event as it is now: a seat more or less is decided from here."""
    date = db.session.scalar(
        select(Occurrence)
        .where(Occurrence.id == occurrence_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if date is None:
        raise NotFound()
    event = db.session.scalar(
        select(Event)
        .where(Event.id == date.event_id, policies.visible_to(actor))
        .execution_options(populate_existing=True)
    )
    if event is None:
        raise NotFound()
    return event, date


def _may_grow(event: Event, occurrence: Occurrence, more: int) -> bool:
    return not occurrence.waiting_count and seats.fits(event, occurrence, more)


def _guests(event: Event, guests: int) -> int:
    most = event.guests_allowed
    if event.capacity is not None:
        most = min(most, event.capacity - 1)
    if not 0 <= guests <= most:
        message = N_("You may bring %(most)s guests at most.")
        raise Invalid(message, fields={"guests": message}, most=most)
    return guests


def _replies(event: Event, replies: Sequence[str]) -> list[str]:
    said = [
        " ".join(normalise(one[: 10 * REPLY_LENGTH]).split())
        for one in [*replies, *[""] * len(event.questions)][: len(event.questions)]
    ]
    problems = {}
    for number, (question, reply) in enumerate(zip(event.questions, said, strict=True)):
        if question.get("required") and not reply:
            problems[f"reply-{number}"] = N_("Please answer this question.")
        elif len(reply) > REPLY_LENGTH:
            problems[f"reply-{number}"] = N_("At most 500 characters, please.")
    if problems:
        raise Invalid(fields=problems)
    return said
