"""Which dates lie in a span, for one viewer: what month, week, list and agenda are made of."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, exists, or_, select, tuple_
from sqlalchemy.orm import aliased

from intranet.accounts.chips import AccountChip, chip_from, select_chips
from intranet.accounts.models import Account
from intranet.calendar import policies
from intranet.calendar.cards import EventCard
from intranet.calendar.models import Answer, Event, EventVisibility, Occurrence, Rsvp
from intranet.calendar.queries import LISTED, cards
from intranet.db import db
from intranet.groups import policies as group_policies
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import NotFound
from intranet.kernel.pagination import Page as Slice
from intranet.kernel.pagination import page_of
from intranet.pages import policies as page_policies
from intranet.pages.models import Page

# A month's grid shows three dates a day on six weeks and says how many more there are. Beyond
# this many the grid says that it is not complete.
SPAN_LIMIT = 400
# No event lasts longer (see drafts); so the index on starts_at bounds a span on both sides.
LONGEST = dt.timedelta(days=367)
_MARGIN = dt.timedelta(days=1)  # whole days are of the event's zone, the span of the viewer's
_NEXT_DAYS = dt.timedelta(days=14)
_LONG_UNDER_WAY = dt.timedelta(days=31)  # what began earlier is no news for the widget


class Whose(enum.StrEnum):
    """MINE: what the viewer comes to, may come to, waits for, hosts or organises."""

    ALL = "all"
    MINE = "mine"


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """What to leave out: other people's dates, other groups, other organisers."""

    whose: Whose = Whose.ALL
    group_id: int | None = None
    organiser_id: int | None = None


def takes_part(viewer: Account) -> ColumnElement[bool]:
    """The date is in the viewer's own agenda. Needs `Occurrence` and `Event` in FROM."""
    own = aliased(Rsvp)
    answered = exists().where(
        own.occurrence_id == Occurrence.id,
        own.account_id == viewer.id,
        own.answer != Answer.NO,
    )
    return or_(answered, policies.hosts(viewer), Event.organiser_id == viewer.id)


def conditions(viewer: Account, wanted: Wanted) -> list[ColumnElement[bool]]:
    """Visible to the viewer, and wanted. Needs `Occurrence` and `Event` in FROM."""
    found = [policies.visible_to(viewer)]
    if wanted.whose is Whose.MINE:
        found.append(takes_part(viewer))
    if wanted.group_id is not None:
        found.append(Event.group_id == wanted.group_id)
    if wanted.organiser_id is not None:
        found.append(Event.organiser_id == wanted.organiser_id)
    return found


def between(
    viewer: Account, start: dt.datetime, end: dt.datetime, wanted: Wanted, limit: int = SPAN_LIMIT
) -> list[EventCard]:
    """The dates that lie in [start, end) or reach into it, in order, and up to a day around:
    the caller puts them into days. Two statements."""
    ids = db.session.scalars(
        select(Occurrence.id)
        .join(Event, Event.id == Occurrence.event_id)
        .where(
            Occurrence.starts_at < end + _MARGIN,
            Occurrence.starts_at > start - LONGEST,
            Occurrence.ends_at > start - _MARGIN,
            *conditions(viewer, wanted),
        )
        .order_by(Occurrence.starts_at, Occurrence.id)
        .limit(min(limit, SPAN_LIMIT))
    ).all()
    return cards(viewer, ids)


def coming(viewer: Account, wanted: Wanted, limit: int = LISTED) -> list[EventCard]:
    """What is on or still ahead, the next first. Two statements."""
    now = utc_now()
    ids = db.session.scalars(
        select(Occurrence.id)
        .join(Event, Event.id == Occurrence.event_id)
        .where(
            Occurrence.starts_at > now - LONGEST,
            Occurrence.ends_at > now,
            *conditions(viewer, wanted),
        )
        .order_by(Occurrence.starts_at, Occurrence.id)
        .limit(min(limit, LISTED))
    ).all()
    return cards(viewer, ids)


def coming_page(
    viewer: Account, wanted: Wanted, *, after: int | None, limit: int
) -> Slice[EventCard]:
    """As `coming`, page by page: what stands after the date with this id. The next page's cursor
    is the id of the last date. A date that the viewer may not see ends the list. Two statements."""
    now = utc_now()
    statement = (
        select(Occurrence.id)
        .join(Event, Event.id == Occurrence.event_id)
        .where(
            Occurrence.starts_at > now - LONGEST,
            Occurrence.ends_at > now,
            *conditions(viewer, wanted),
        )
        .order_by(Occurrence.starts_at, Occurrence.id)
        .limit(limit + 1)
    )
    if after is not None:
        last, its = aliased(Occurrence), aliased(Event)
        place = (
            select(last.starts_at)
            .join(its, its.id == last.event_id)
            .where(last.id == after, last.id.in_(_seen(viewer)))
            .scalar_subquery()
        )
        statement = statement.where(
            tuple_(Occurrence.starts_at, Occurrence.id) > tuple_(place, after)
        )
    found = page_of(db.session.scalars(statement).all(), limit, int)
    return Slice(cards(viewer, found.items), found.next_before)


def _seen(viewer: Account) -> Any:
    return (
        select(Occurrence.id)
        .join(Event, Event.id == Occurrence.event_id)
        .where(policies.visible_to(viewer))
        .correlate(None)
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class NextDate:
    """A line of the widget "Next days"."""

    occurrence_id: int
    title: str
    place: str
    starts_at: dt.datetime
    all_day: bool
    time_zone: str
    my_answer: Answer | None

    @property
    def day(self) -> dt.date:
        """The date of whole days, which no time zone moves."""
        return self.starts_at.astimezone(ZoneInfo(self.time_zone)).date()


def next_days(viewer: Account, limit: int = 4) -> tuple[NextDate, ...]:
    """What concerns the viewer in the next two weeks: its own dates, its groups', those it is
    invited to and those for everybody; not what it declined or what is cancelled. One statement."""
    now = utc_now()
    for_me = or_(
        Rsvp.answer.is_not(None),
        Event.visibility != EventVisibility.GROUP,
        Event.group_id.in_(group_policies.groups_of(viewer.id)),
        policies.hosts(viewer),
        policies.is_invited(viewer),
    )
    rows = db.session.execute(
        select(
            Occurrence.id,
            Occurrence.changes,
            Occurrence.starts_at,
            Event.title,
            Event.place,
            Event.room,
            Event.all_day,
            Event.time_zone,
            Rsvp.answer,
        )
        .join(Event, Event.id == Occurrence.event_id)
        .outerjoin(Rsvp, and_(Rsvp.occurrence_id == Occurrence.id, Rsvp.account_id == viewer.id))
        .where(
            Occurrence.starts_at < now + _NEXT_DAYS,
            Occurrence.starts_at > now - _LONG_UNDER_WAY,
            Occurrence.ends_at > now,
            Occurrence.cancelled_at.is_(None),
            Event.cancelled_at.is_(None),
            or_(Rsvp.answer.is_(None), Rsvp.answer != Answer.NO),
            for_me,
            policies.visible_to(viewer),
        )
        .order_by(Occurrence.starts_at, Occurrence.id)
        .limit(limit)
    )
    return tuple(
        NextDate(
            occurrence_id=row.id,
            title=row.changes.get("title", row.title),
            place=row.changes.get("room", row.room) or row.changes.get("place", row.place),
            starts_at=row.starts_at,
            all_day=row.all_day,
            time_zone=row.time_zone,
            my_answer=row.answer,
        )
        for row in rows
    )


def page_named(viewer: Account, handle: str) -> AccountChip:
    """The page whose dates are wanted; NotFound when there is none that the viewer may see."""
    row = db.session.execute(
        select_chips()
        .join(Page, Page.account_id == Account.id)
        .where(Account.handle == handle.lower(), page_policies.visible_to(viewer))
    ).one_or_none()
    if row is None:
        raise NotFound()
    return chip_from(row)
