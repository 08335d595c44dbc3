"""From the invitation to the chair: how many were invited, answered, said they would come, came."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import and_, case, distinct, func, select, union

from intranet.accounts.models import Account
from intranet.calendar.models import Answer, Event, Occurrence, Rsvp
from intranet.db import db
from intranet.insights import policies
from intranet.kernel.errors import NotFound
from intranet.notifications.models import Notification, NotificationKind


@dataclass(frozen=True, kw_only=True, slots=True)
class EventFigures:
    """Of all dates of the event together; every person counts once in a step. `invited` is whoever
    was told of it or answered. `maybe`, `declined` and `waiting` are beside the funnel."""

    id: int
    title: str
    starts_at: dt.datetime
    occurrence_id: int | None
    dates: int
    invited: int
    answered: int
    going: int
    came: int
    maybe: int
    declined: int
    waiting: int


def get_readable(viewer: Account, event_id: int) -> Event:
    """The event, if the viewer may read its figures; NotFound otherwise."""
    event = db.session.scalar(
        select(Event).where(Event.id == event_id, policies.readable_events(viewer))
    )
    if event is None:
        raise NotFound
    return event


def event_figures(event: Event) -> EventFigures:
    """The figures. Three statements."""
    row = db.session.execute(
        select(func.count(), func.min(Occurrence.id)).where(Occurrence.event_id == event.id)
    ).one()
    dates, first = row[0], row[1]
    own = Occurrence.event_id == event.id
    going = and_(Rsvp.answer == Answer.GOING, Rsvp.waiting.is_(False))
    conditions = (
        going,
        Rsvp.checked_in_at.is_not(None),
        Rsvp.answer == Answer.MAYBE,
        Rsvp.answer == Answer.NO,
        and_(Rsvp.answer == Answer.GOING, Rsvp.waiting),
    )
    counted = db.session.execute(
        select(
            func.count(distinct(Rsvp.account_id)),
            *(func.count(distinct(case((condition, Rsvp.account_id)))) for condition in conditions),
        )
        .select_from(Rsvp)
        .join(Occurrence, Occurrence.id == Rsvp.occurrence_id)
        .where(own)
    ).one()
    told = union(
        select(Notification.recipient_id.label("who")).where(
            Notification.event_id == event.id,
            Notification.kind == NotificationKind.EVENT_INVITATION,
        ),
        select(Rsvp.account_id).join(Occurrence, Occurrence.id == Rsvp.occurrence_id).where(own),
    ).subquery()
    invited = db.session.scalar(select(func.count()).select_from(told)) or 0
    answered, coming, came, maybe, declined, waiting = tuple(counted)
    return EventFigures(
        id=event.id,
        title=event.title,
        starts_at=event.starts_at,
        occurrence_id=first,
        dates=dates,
        invited=invited,
        answered=answered,
        going=coming,
        came=came,
        maybe=maybe,
        declined=declined,
        waiting=waiting,
    )
