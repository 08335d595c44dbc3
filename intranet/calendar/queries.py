"""Reads of events: one date by its id, and cards in one statement."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import Row, Select, and_, or_, select
from sqlalchemy.orm import aliased

from intranet.accounts import chips
from intranet.accounts.models import Account
from intranet.calendar import policies
from intranet.calendar.cards import EventCard
from intranet.calendar.models import Event, Occurrence, Rsvp
from intranet.db import db
from intranet.groups import policies as group_policies
from intranet.groups.chips import GroupChip
from intranet.groups.models import Group
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import NotFound

LISTED = 80


def get_visible(
    viewer: Account, occurrence_id: int, *, lock: bool = False
) -> tuple[Event, Occurrence]:
    """The date and its event, if the viewer may see it; NotFound otherwise. With `lock`, for an
    action: nobody else changes the date or its answers before this transaction ends."""
    query = (
        select(Event, Occurrence)
        .join(Occurrence, Occurrence.event_id == Event.id)
        .where(Occurrence.id == occurrence_id, policies.visible_to(viewer))
    )
    if lock:
        # Read again: what the session already holds may be older than the lock.
        query = query.with_for_update(of=Occurrence).execution_options(populate_existing=True)
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotFound()
    return row[0], row[1]


def get_visible_event(viewer: Account, event_id: int) -> Event:
    """The event whatever its dates, if the viewer may see it; NotFound otherwise."""
    event = db.session.scalar(
        select(Event).where(Event.id == event_id, policies.visible_to(viewer))
    )
    if event is None:
        raise NotFound()
    return event


def cards(viewer: Account, occurrence_ids: Sequence[int]) -> list[EventCard]:
    """The cards of these dates, in this order; what is not for the viewer is left out. One
    statement; the caller keeps the list short."""
    if not occurrence_ids:
        return []
    rows = db.session.execute(_rows(viewer).where(Occurrence.id.in_(occurrence_ids)))
    made = {card.occurrence_id: card for card in map(_card, rows)}
    return [made[one] for one in occurrence_ids if one in made]


def cards_of_posts(viewer: Account, post_ids: Collection[int]) -> dict[int, EventCard]:
    """By the id of the post that tells of an event: of a series the next date, or the first when
    none comes. What is not for the viewer is left out. One statement; none without ids."""
    if not post_ids:
        return {}
    return cards_from(db.session.execute(select_of_posts(viewer, post_ids, utc_now())))


def select_of_posts(viewer: Account, post_ids: Any, now: Any) -> Select[Any]:
    """The rows that `cards_from` reads; all three may be parameters, of the viewer its id."""
    date = aliased(Occurrence)
    shown = (
        select(date.id)
        .where(date.event_id == Event.id)
        .order_by(date.ends_at <= now, date.cancelled_at.is_not(None), date.starts_at)
        .limit(1)
        .correlate(Event)
        .scalar_subquery()
    )
    return _rows(viewer).where(Event.post_id.in_(post_ids), Occurrence.id == shown)


def cards_from(rows: Iterable[Row[Any]]) -> dict[int, EventCard]:
    """The card of each post that tells of an event."""
    return {row.post_id: _card(row) for row in rows}


def coming_in_group(viewer: Account, group_id: int, limit: int = LISTED) -> list[EventCard]:
    """What comes next in a group, as far as the viewer may see it; of a series every date."""
    return _coming(viewer, limit, Event.group_id == group_id)


def coming_of_organiser(viewer: Account, account_id: int, limit: int = LISTED) -> list[EventCard]:
    """What a page or a person organises next outside groups; of a series every date."""
    return _coming(viewer, limit, Event.organiser_id == account_id, Event.group_id.is_(None))


def _coming(viewer: Account, limit: int, *where: Any) -> list[EventCard]:
    stands = or_(Occurrence.cancelled_at.is_(None), Event.rrule == "")
    rows = db.session.execute(
        _rows(viewer)
        .where(*where, Occurrence.ends_at > utc_now(), stands)
        .order_by(Occurrence.starts_at, Occurrence.id)
        .limit(min(limit, LISTED))
    )
    return list(map(_card, rows))


# Plain columns under names of their own, so that they can be read together with others.
_COLUMNS = (
    Event.id.label("event_id"),
    Event.post_id,
    Event.title.label("event_title"),
    Event.all_day,
    Event.time_zone,
    Event.place,
    Event.room,
    Event.online_url,
    Event.capacity,
    Event.cancelled_at.label("event_cancelled_at"),
    Event.rrule,
    Event.is_public,
    Occurrence.id.label("occurrence_id"),
    Occurrence.starts_at,
    Occurrence.ends_at,
    Occurrence.changes,
    Occurrence.going_count,
    Occurrence.maybe_count,
    Occurrence.waiting_count,
    Occurrence.seats_taken,
    Occurrence.cancelled_at.label("date_cancelled_at"),
    Occurrence.moved,
    Group.id.label("group_id"),
    Group.slug,
    Group.name.label("group_name"),
    Group.privacy,
    Group.members_count,
    Group.guests_count,
    Rsvp.answer,
    Rsvp.waiting,
    *chips.COLUMNS,
)


def _rows(viewer: Account) -> Select[*tuple[Any, ...]]:
    return (
        select(*_COLUMNS)
        .select_from(Occurrence)
        .join(Event, Event.id == Occurrence.event_id)
        .join(Account, Account.id == Event.organiser_id)
        .outerjoin(Group, and_(Group.id == Event.group_id, group_policies.visible_to(viewer)))
        .outerjoin(Rsvp, and_(Rsvp.occurrence_id == Occurrence.id, Rsvp.account_id == viewer.id))
        .where(policies.visible_to(viewer))
    )


def _card(row: Row[*tuple[Any, ...]]) -> EventCard:
    said = row.changes
    left = None if row.capacity is None else max(0, row.capacity - row.seats_taken)
    return EventCard(
        occurrence_id=row.occurrence_id,
        event_id=row.event_id,
        title=said.get("title", row.event_title),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        all_day=row.all_day,
        time_zone=row.time_zone,
        place=said.get("place", row.place),
        room=said.get("room", row.room),
        online_url=said.get("online_url", row.online_url),
        organiser=chips.chip_from(row),
        group=_group(row),
        my_answer=row.answer,
        my_waiting=bool(row.waiting),
        going_count=row.going_count,
        maybe_count=row.maybe_count,
        waiting_count=row.waiting_count,
        capacity=row.capacity,
        seats_left=left,
        cancelled=row.date_cancelled_at is not None or row.event_cancelled_at is not None,
        moved=row.moved,
        recurring=bool(row.rrule),
        is_public=row.is_public,
    )


def _group(row: Row[*tuple[Any, ...]]) -> GroupChip | None:
    if row.group_id is None:
        return None
    return GroupChip(
        row.group_id,
        row.slug,
        row.group_name,
        row.privacy,
        row.members_count,
        row.guests_count,
    )
