"""What goes into a calendar file, read under the rights of who will hold it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, func, or_, select

from intranet.accounts.models import Account
from intranet.calendar import ics, policies, ranges
from intranet.calendar.models import Answer, Event, FeedScope, Occurrence, Rsvp
from intranet.db import db
from intranet.groups import policies as group_policies
from intranet.groups.models import Group
from intranet.kernel.clock import utc_now

MOST_EVENTS = 500
MOST_DATES = 1000
_PAST = dt.timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Links:
    """Whole addresses of this site, which the domain does not know: of a date by its id, of a
    person by handle and of a page by handle."""

    date: Callable[[int], str]
    person: Callable[[str], str]
    page: Callable[[str], str]


def one_event(viewer: Account, event: Event, links: Links) -> Any:
    """The whole event for who may see it: the rule, its exceptions, its alarms."""
    return ics.calendar_of(_series(viewer, links, [Event.id == event.id], alarms=True))


def feed(viewer: Account, scope: FeedScope, name: str, links: Links) -> Any:
    """A person's subscription, from three months ago on: its own dates one by one, or every event
    it may see as a series. MOST_EVENTS, MOST_DATES at most, the newest."""
    if scope is FeedScope.MINE:
        found = _own_dates(viewer, links)
    else:
        recent = select(Occurrence.event_id).where(Occurrence.ends_at > utc_now() - _PAST)
        found = _series(viewer, links, [Event.id.in_(recent)], alarms=False)
    return ics.calendar_of(found, name=name)


def _series(
    viewer: Account, links: Links, where: list[ColumnElement[bool]], *, alarms: bool
) -> Iterable[tuple[Event, Any]]:
    first = (
        select(func.min(Occurrence.id))
        .where(Occurrence.event_id == Event.id)
        .correlate(Event)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Event, Account, Group, first)
        .join(Account, Account.id == Event.organiser_id)
        .outerjoin(Group, and_(Group.id == Event.group_id, group_policies.visible_to(viewer)))
        .where(policies.visible_to(viewer), *where)
        .order_by(Event.id.desc())
        .limit(MOST_EVENTS)
    ).all()
    by_night = [row[0].id for row in rows if ics.near_a_change_of_clocks(row[0])]
    dates: dict[int, list[Occurrence]] = {}
    differs = or_(
        Occurrence.moved,
        Occurrence.cancelled_at.is_not(None),
        cast(Occurrence.changes, String) != "{}",
    )
    for date in db.session.scalars(
        select(Occurrence)
        .join(Event, Event.id == Occurrence.event_id)
        .where(
            Event.id.in_([row[0].id for row in rows]),
            or_(Event.rrule == "", differs, Event.id.in_(by_night)),
        )
        .order_by(Occurrence.id)
    ):
        dates.setdefault(date.event_id, []).append(date)
    for event, organiser, group, first_id in rows:
        if first_id is None:
            continue  # every date of it was taken out
        entry = _entry(event, organiser, group, links, first_id, dates.get(event.id, []))
        yield from ics.series(replace(entry, alarms=alarms, busy=alarms))


def _own_dates(viewer: Account, links: Links) -> Iterable[tuple[Event, Any]]:
    rows = db.session.execute(
        select(Occurrence, Event, Account, Group, Rsvp.answer, Rsvp.waiting)
        .join(Event, Event.id == Occurrence.event_id)
        .join(Account, Account.id == Event.organiser_id)
        .outerjoin(Group, and_(Group.id == Event.group_id, group_policies.visible_to(viewer)))
        .outerjoin(Rsvp, and_(Rsvp.occurrence_id == Occurrence.id, Rsvp.account_id == viewer.id))
        .where(
            Occurrence.ends_at > utc_now() - _PAST,
            policies.visible_to(viewer),
            ranges.takes_part(viewer),
        )
        .order_by(Occurrence.starts_at, Occurrence.id)
        .limit(MOST_DATES)
    )
    for date, event, organiser, group, answer, waiting in rows:
        entry = _entry(event, organiser, group, links, date.id, [date])
        sure = (answer is Answer.GOING and not waiting) or answer is None
        component = ics.alone(replace(entry, alarms=sure, busy=sure), date)
        if not sure and component["STATUS"] == "CONFIRMED":
            component["STATUS"] = "TENTATIVE"
        yield event, component


def _entry(
    event: Event,
    organiser: Account,
    group: Group | None,
    links: Links,
    date_id: int,
    dates: list[Occurrence],
) -> ics.Entry:
    if organiser.is_page:
        uri = links.page(organiser.handle)
    else:
        uri = f"mailto:{organiser.email}" if organiser.email else links.person(organiser.handle)
    return ics.Entry(
        event=event,
        dates=dates,
        organiser=organiser.display_name,
        organiser_uri=uri,
        url=links.date(date_id),
        categories=(group.name,) if group is not None else (),
    )


def entry_for(event: Event, date: Occurrence, organiser: Account, links: Links) -> ics.Entry:
    """One date, for a letter about it."""
    return _entry(event, organiser, None, links, date.id, [date])
