"""EventPage: everything the page of one date shows to one viewer."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, select

from intranet.accounts import chips
from intranet.accounts import policies as account_policies
from intranet.accounts.chips import AccountChip
from intranet.accounts.models import Account
from intranet.audiences import rules
from intranet.audiences.rules import AudienceRule
from intranet.calendar import attendance, policies, queries
from intranet.calendar.cards import EventCard
from intranet.calendar.drafts import Question
from intranet.calendar.models import (
    Answer,
    Event,
    EventHost,
    EventVisibility,
    Occurrence,
    Rsvp,
)
from intranet.db import db
from intranet.kernel.clock import utc_now
from intranet.media import queries as media
from intranet.media.views import MediaView

SHOWN_PEOPLE = 24
SHOWN_DATES = 12


@dataclass(frozen=True, kw_only=True, slots=True)
class MyAnswer:
    """What the viewer answered; `place` in the waiting line counts from 1."""

    answer: Answer | None = None
    waiting: bool = False
    place: int | None = None
    guests: int = 0
    replies: tuple[str, ...] = ()
    checked_in_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class DateLine:
    """Another date of the series."""

    occurrence_id: int
    starts_at: dt.datetime
    cancelled: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class EventPage:
    """Finished: templates never query. `check_in_code` is empty for whoever does not run it."""

    card: EventCard
    html: str
    visibility: EventVisibility
    rule: AudienceRule | None
    cover: MediaView | None
    files: tuple[MediaView, ...]
    hosts: tuple[AccountChip, ...]
    going: tuple[AccountChip, ...]  # the first to answer
    maybe: tuple[AccountChip, ...]
    guests_count: int  # whom people bring
    guests_allowed: int
    questions: tuple[Question, ...]
    mine: MyAnswer
    dates: tuple[DateLine, ...]  # the coming ones, this one included
    post_id: int | None
    original_starts_at: dt.datetime | None  # of a date that was moved
    over: bool
    may_answer: bool
    may_manage: bool
    check_in_open: bool
    check_in_code: str


def page(viewer: Account, occurrence_id: int) -> EventPage:
    """The page for the viewer; NotFound unless the event is for it. The number of statements does
    not depend on how many come."""
    event, date = queries.get_visible(viewer, occurrence_id)
    card = queries.cards(viewer, [occurrence_id])[0]
    manages = policies.may_manage(viewer, event)
    over = date.ends_at <= utc_now()
    files = media.of_event(event.id)
    going, maybe = _people(viewer, date)
    return EventPage(
        card=card,
        html=event.html,
        visibility=event.visibility,
        rule=rules.read(event.audience_id) if event.audience_id is not None else None,
        cover=next((one for one in files if one.key == event.cover_key), None),
        files=tuple(one for one in files if one.key != event.cover_key),
        hosts=_hosts(event),
        going=going,
        maybe=maybe,
        guests_count=date.seats_taken - date.going_count,
        guests_allowed=_guests_allowed(event),
        questions=tuple(
            Question(one["text"], bool(one.get("required"))) for one in event.questions
        ),
        mine=my_answer(viewer, date),
        dates=_dates(event) if event.rrule else (),
        post_id=event.post_id,
        original_starts_at=date.recurrence_id
        if date.moved and date.recurrence_id != date.starts_at
        else None,
        over=over,
        may_answer=not over and not card.cancelled and not viewer.is_page,
        may_manage=manages,
        check_in_open=attendance.is_open(date) and not card.cancelled,
        check_in_code=date.check_in_code if manages else "",
    )


def my_answer(viewer: Account, date: Occurrence) -> MyAnswer:
    """The viewer's answer for a date."""
    mine = db.session.get(Rsvp, (date.id, viewer.id))
    if mine is None:
        return MyAnswer()
    place = None
    if mine.waiting:
        before = select(func.count()).where(
            Rsvp.occurrence_id == date.id, Rsvp.waiting, Rsvp.queue_id <= mine.queue_id
        )
        place = db.session.scalar(before)
    return MyAnswer(
        answer=mine.answer,
        waiting=mine.waiting,
        place=place,
        guests=mine.guests,
        replies=tuple(mine.replies),
        checked_in_at=mine.checked_in_at,
    )


def _guests_allowed(event: Event) -> int:
    if event.capacity is None:
        return event.guests_allowed
    return max(0, min(event.guests_allowed, event.capacity - 1))


def _people(
    viewer: Account, date: Occurrence
) -> tuple[tuple[AccountChip, ...], tuple[AccountChip, ...]]:
    """Who goes and who may come, as far as the viewer may know them."""
    rows = db.session.execute(
        chips.select_chips()
        .add_columns(Rsvp.answer)
        .join(Rsvp, Rsvp.account_id == Account.id)
        .where(
            Rsvp.occurrence_id == date.id,
            Rsvp.answer.in_((Answer.GOING, Answer.MAYBE)),
            Rsvp.waiting.is_(False),
            Account.deactivated_at.is_(None),
            account_policies.visible_to(viewer),
        )
        .order_by(Rsvp.answer, Rsvp.queue_id)  # "going" sorts before "maybe"
        .limit(2 * SHOWN_PEOPLE)
    ).all()
    both = [(row.answer, chips.chip_from(row)) for row in rows]
    going = tuple(chip for answer, chip in both if answer is Answer.GOING)[:SHOWN_PEOPLE]
    return going, tuple(chip for answer, chip in both if answer is Answer.MAYBE)[:SHOWN_PEOPLE]


def _hosts(event: Event) -> tuple[AccountChip, ...]:
    rows = db.session.execute(
        chips.select_chips()
        .join(EventHost, EventHost.account_id == Account.id)
        .where(EventHost.event_id == event.id)
        .order_by(Account.sort_name, Account.id)
        .limit(20)
    )
    return tuple(map(chips.chip_from, rows))


def _dates(event: Event) -> tuple[DateLine, ...]:
    rows = db.session.execute(
        select(Occurrence.id, Occurrence.starts_at, Occurrence.cancelled_at)
        .where(Occurrence.event_id == event.id, Occurrence.ends_at > utc_now())
        .order_by(Occurrence.starts_at, Occurrence.id)
        .limit(SHOWN_DATES)
    )
    return tuple(DateLine(row.id, row.starts_at, row.cancelled_at is not None) for row in rows)
