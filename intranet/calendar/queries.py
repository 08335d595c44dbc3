"""Reads of events: one date by its id, and cards in one statement."""

from __future__ import annotations

from collections.abc import Collection, Sequence
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
from intranet.groups.chips import chip_of
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
    date = aliased(Occurrence)
    shown = (
        select(date.id)
        .where(date.event_id == Event.id)
        .order_by(date.ends_at <= utc_now(), date.cancelled_at.is_not(None), date.starts_at)
        .limit(1)
        .correlate(Event)
        .scalar_subquery()
    )
    rows = db.session.execute(
        _rows(viewer).where(Event.post_id.in_(post_ids), Occurrence.id == shown)
    )
    return {row[0].post_id: _card(row) for row in rows}


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


def _rows(viewer: Account) -> Select[*tuple[Any, ...]]:
    return (
        select(Event, Occurrence, Group, Rsvp.answer, Rsvp.waiting, *chips.COLUMNS)
        .select_from(Occurrence)
        .join(Event, Event.id == Occurrence.event_id)
        .join(Account, Account.id == Event.organiser_id)
        .outerjoin(Group, and_(Group.id == Event.group_id, group_policies.visible_to(viewer)))
        .outerjoin(Rsvp, and_(Rsvp.occurrence_id == Occurrence.id, Rsvp.account_id == viewer.id))
        .where(policies.visible_to(viewer))
    )


def _card(row: Row[*tuple[Any, ...]]) -> EventCard:
    event: Event = row[0]
    date: Occurrence = row[1]
    group: Group | None = row[2]
    said = date.changes
    left = None if event.capacity is None else max(0, event.capacity - date.seats_taken)
    return EventCard(
        occurrence_id=date.id,
        event_id=event.id,
        title=said.get("title", event.title),
        starts_at=date.starts_at,
        ends_at=date.ends_at,
        all_day=event.all_day,
        time_zone=event.time_zone,
        place=said.get("place", event.place),
        room=said.get("room", event.room),
        online_url=said.get("online_url", event.online_url),
        organiser=chips.chip_from(row),
        group=chip_of(group) if group is not None else None,
        my_answer=row.answer,
        my_waiting=bool(row.waiting),
        going_count=date.going_count,
        maybe_count=date.maybe_count,
        waiting_count=date.waiting_count,
        capacity=event.capacity,
        seats_left=left,
        cancelled=date.cancelled_at is not None or event.cancelled_at is not None,
        moved=date.moved,
        recurring=bool(event.rrule),
        is_public=event.is_public,
    )
