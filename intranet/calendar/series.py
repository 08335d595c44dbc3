"""Changing and cancelling: one date, that date and the following ones, or all.

What is over is never rewritten: a change of the times of a series that has begun becomes a series
of its own from the next date on. Dates that keep their place in the series keep their row, and
with it their address and everybody's answers.
"""

from __future__ import annotations

import datetime as dt
import enum
import uuid
from dataclasses import replace

from sqlalchemy import delete, select, update

from intranet.accounts.models import Account
from intranet.calendar import actions, policies, reminders, schedule, seats
from intranet.calendar.clocks import to_local, to_utc
from intranet.calendar.drafts import EventDraft
from intranet.calendar.events import EventChanged, EventRearranged
from intranet.calendar.held import held_dates
from intranet.calendar.models import Event, EventHost, EventInvitation, Occurrence
from intranet.calendar.recurrence import Rule, aligned, ending_before
from intranet.calendar.telling import refresh, tell, tell_all, who_comes
from intranet.db import db, record
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import Conflict, Invalid
from intranet.kernel.ids import new_id
from intranet.kernel.messages import N_
from intranet.media.actions import move_to_event
from intranet.notifications.models import NotificationKind

_OWN = ("title", "place", "room", "online_url")  # what one date may say otherwise
_TOLD = {"title": "title", "place": "place", "room": "place", "online_url": "online"}
_LONG_AGO = dt.datetime(1000, 1, 1, tzinfo=dt.UTC)


class Scope(enum.StrEnum):
    THIS = "this"
    FOLLOWING = "following"
    ALL = "all"


def edit(
    actor: Account, event: Event, occurrence: Occurrence, draft: EventDraft, scope: Scope
) -> Occurrence:
    """Change the event as the draft says, whose times are those of this date, and whose number of
    dates counts from this one for FOLLOWING, from the first one for ALL. Gives the date where the
    actor should look next. Tells those who come what changed."""
    policies.require_may_manage(actor, event)
    schedule.hold(event)
    before = held_dates({event.id})
    shown = _edit(actor, event, occurrence, draft, scope)
    record(EventRearranged(event_id=event.id, target_id=shown.event_id, before=before))
    return shown


def _edit(
    actor: Account, event: Event, occurrence: Occurrence, draft: EventDraft, scope: Scope
) -> Occurrence:
    if event.cancelled_at or (scope is Scope.THIS and occurrence.cancelled_at):
        raise Conflict(N_("This event has been cancelled."))
    if scope is Scope.THIS and event.rrule:
        return _edit_one(actor, event, occurrence, draft)
    dates = schedule.hold_dates(event)
    db.session.refresh(occurrence)
    begins = occurrence.recurrence_id
    if scope is Scope.ALL or not event.rrule:
        begins = min(event.starts_at, begins)
        _shift_to_first(event, occurrence, draft)
    earlier = [one for one in dates if one.recurrence_id < begins]
    over = [one for one in dates if one.ends_at <= utc_now() and one.recurrence_id >= begins]
    if event.rrule and over and _new_times(event, draft, begins):
        # History stays: the change begins with the next date.
        rest = [one for one in dates if one not in over and one.recurrence_id >= begins]
        if not rest:
            raise Conflict(N_("All dates of this event are over."))
        _write(actor, event, draft)
        begins = min(one.recurrence_id for one in rest)
        _count_from(event, draft, begins)
        _shift_by(event, draft, begins)
        earlier = [one for one in dates if one.recurrence_id < begins]
    event.shortened = []  # what was called off before belongs to another rule now
    target = _split(event, draft, begins) if earlier else event
    return _rewrite(actor, event, target, draft, dates, begins, occurrence)


def _edit_one(
    actor: Account, event: Event, occurrence: Occurrence, draft: EventDraft
) -> Occurrence:
    starts, ends = draft.span
    starts_at, ends_at = to_utc(starts, event.time_zone), to_utc(ends, event.time_zone)
    db.session.refresh(occurrence, with_for_update=True)
    changes = {
        name: getattr(draft, name) for name in _OWN if getattr(draft, name) != getattr(event, name)
    }
    what = {
        _TOLD[name]
        for name in _OWN
        if changes.get(name, getattr(event, name))
        != occurrence.changes.get(name, getattr(event, name))
    }
    if (starts_at, ends_at) != (occurrence.starts_at, occurrence.ends_at):
        what.add("time")
    rule_start = occurrence.recurrence_id
    occurrence.changes = changes
    occurrence.starts_at, occurrence.ends_at = starts_at, ends_at
    occurrence.moved = (starts_at, ends_at) != (rule_start, schedule.ends_at(event, rule_start))
    db.session.flush()
    if what:
        event.sequence += 1
        event.updated_at = utc_now()
        _tell_change(actor, event, [occurrence.id], what)
        reminders.plan(event)
    return occurrence


def _shift_to_first(event: Event, occurrence: Occurrence, draft: EventDraft) -> None:
    """The draft's times are of one date; let them be of the first one, as far away as before."""
    here = to_local(occurrence.recurrence_id, event.time_zone).date()
    starts, _ends = draft.span
    if event.rrule:
        first = to_local(event.starts_at, event.time_zone).date()
        _begin_on(draft, first + (starts.date() - here))


def _shift_by(event: Event, draft: EventDraft, begins: dt.datetime) -> None:
    """Move the draft's times from the first date of the series to the one at `begins`."""
    zone = event.time_zone
    starts, _ends = draft.span
    distance = starts.date() - to_local(event.starts_at, zone).date()
    _begin_on(draft, to_local(begins, zone).date() + distance)


def _begin_on(draft: EventDraft, day: dt.date) -> None:
    starts, ends = draft.span
    begin = dt.datetime.combine(day, starts.time())
    if draft.repetition is not None:
        begin = aligned(draft.repetition, begin)
    draft.starts, draft.ends = begin, begin + (ends - starts)


def _new_times(event: Event, draft: EventDraft, begins: dt.datetime) -> bool:
    """Whether the draft moves dates: another rule, clock, zone or length."""
    new = actions.timed(draft)
    old = {name: getattr(event, name) for name in new}
    if begins != event.starts_at:
        old["starts_at"], old["ends_at"] = begins, schedule.ends_at(event, begins)
    return new != old


def _count_from(event: Event, draft: EventDraft, begins: dt.datetime) -> None:
    """A number of dates is of the whole series: take off those that were before."""
    if draft.repetition is not None and draft.repetition.count is not None:
        earlier = sum(one < begins for one in schedule.planned(event))
        left = max(1, draft.repetition.count - earlier)
        draft.repetition = replace(draft.repetition, count=left)


def _split(event: Event, draft: EventDraft, begins: dt.datetime) -> Event:
    """A new series like this one, which goes on from `begins`."""
    values = {
        column.key: getattr(event, column.key)
        for column in Event.__table__.columns
        if column.key not in ("id", "uid", "sequence", "created_at", "updated_at")
    }
    target = Event(
        **values | {"id": new_id(), "uid": f"{uuid.uuid4()}@parvis", "imported_from": ""}
    )
    target.excluded = [one for one in event.excluded if dt.datetime.fromisoformat(one) >= begins]
    db.session.add(target)
    db.session.flush()
    for model in (EventHost, EventInvitation):
        rows = db.session.scalars(select(model).where(model.event_id == event.id)).all()
        for row in rows:
            kept = {
                column.key: getattr(row, column.key)
                for column in model.__table__.columns
                if column.key != "event_id"
            }
            db.session.add(model(event_id=target.id, **kept))
    move_to_event(event.id, target.id)
    db.session.flush()
    return target


def _rewrite(
    actor: Account,
    event: Event,
    target: Event,
    draft: EventDraft,
    dates: list[Occurrence],
    begins: dt.datetime,
    shown: Occurrence,
) -> Occurrence:
    """Give `target` what the draft says, and let the dates from `begins` on follow."""
    old_starts = schedule.planned(event, since=begins)
    old_rule, old_zone = schedule.rule_of(event), event.time_zone
    before = {name: getattr(target, name) for name in _OWN}
    times_changed = _new_times(event, draft, begins)
    if target is not event:
        assert old_rule is not None
        ended = ending_before(old_rule, begins, event.time_zone, event.all_day)
        event.rrule, event.sequence = str(ended), event.sequence + 1
        event.excluded = [one for one in event.excluded if dt.datetime.fromisoformat(one) < begins]
    _write(actor, target, draft)
    what = {_TOLD[name] for name in _OWN if before[name] != getattr(target, name)}
    lost: list[int] = []
    if times_changed or target is not event:
        for name, value in actions.timed(draft).items():
            setattr(target, name, value)
        new_starts = schedule.planned(target)
        places = _places(old_rule, old_starts, old_zone, draft.repetition, new_starts, target)
        target.excluded = [
            places[start].isoformat()
            for start in map(dt.datetime.fromisoformat, target.excluded)
            if start in places
        ]
        lost = _move([one for one in dates if one.recurrence_id >= begins], target, places)
        schedule.fill(target)
    if times_changed:
        what.add("time")
    _settle(actor, target, what, lost)
    return _next(target, shown)


def _places(
    old_rule: Rule | None,
    old_starts: list[dt.datetime],
    old_zone: str,
    new_rule: Rule | None,
    new_starts: list[dt.datetime],
    target: Event,
) -> dict[dt.datetime, dt.datetime]:
    """Which new start stands for which old one: by their place in the series when both rules have
    one shape, else by the day."""
    if (old_rule and old_rule.shape) == (new_rule and new_rule.shape):
        return dict(zip(old_starts, new_starts, strict=False))
    by_day = {to_local(one, target.time_zone).date(): one for one in new_starts}
    days = {one: to_local(one, old_zone).date() for one in old_starts}
    return {one: by_day[day] for one, day in days.items() if day in by_day}


def _move(
    dates: list[Occurrence], target: Event, places: dict[dt.datetime, dt.datetime]
) -> list[int]:
    """Let the rows follow to their new starts; those that have none go, unless they were
    cancelled. Gives who had answered for what is gone."""
    stay = [one for one in dates if one.recurrence_id in places]
    gone = [one for one in dates if one.recurrence_id not in places and one.cancelled_at is None]
    lost = list(who_comes([one.id for one in gone]))
    wanted = {one.id: places[one.recurrence_id] for one in stay}
    # Out of the way first: on the way to their new places two could meet.
    for number, one in enumerate(stay):
        _put(one.id, recurrence_id=_LONG_AGO + dt.timedelta(minutes=number), event_id=target.id)
    for one in stay:
        start = wanted[one.id]
        values: dict[str, object] = {"recurrence_id": start}
        if not one.moved:
            values |= {"starts_at": start, "ends_at": schedule.ends_at(target, start)}
        _put(one.id, **values)
        db.session.expire(one)
    if gone:
        ids = [one.id for one in gone]
        for one in gone:
            db.session.expunge(one)
        db.session.execute(
            delete(Occurrence)
            .where(Occurrence.id.in_(ids))
            .execution_options(synchronize_session=False)
        )
    return lost


def _put(occurrence_id: int, **values: object) -> None:
    db.session.execute(
        update(Occurrence)
        .where(Occurrence.id == occurrence_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def _write(actor: Account, event: Event, draft: EventDraft) -> None:
    for name, value in actions.written(draft).items():
        setattr(event, name, value)
    actions.change_audience(actor, event, draft)
    actions.set_hosts(event, draft.host_ids)
    actions.attach_files(actor, event, draft)
    event.updated_at = utc_now()
    db.session.flush()


def _settle(actor: Account, event: Event, what: set[str], lost: list[int]) -> None:
    """Seats, reminders and words after a change. The dates are held."""
    coming = db.session.scalars(
        select(Occurrence)
        .where(Occurrence.event_id == event.id, Occurrence.ends_at > utc_now())
        .order_by(Occurrence.id)
        .execution_options(populate_existing=True)
    ).all()
    for date in coming:
        if event.capacity is not None and date.seats_taken > event.capacity:
            message = N_("%(taken)s seats are taken already.")
            raise Invalid(message, fields={"capacity": message}, taken=date.seats_taken)
    for date in coming:
        if date.waiting_count:
            seats.promote(event, date)
    if what:
        event.sequence += 1
        _tell_change(actor, event, [one.id for one in coming], what)
    if lost and coming:
        detail = "time"
        tell(actor, NotificationKind.EVENT_CHANGED, event, coming[0].id, lost, detail)
    for date in coming[:50]:
        refresh(event, date.id)
    reminders.plan(event)


def _tell_change(actor: Account, event: Event, occurrence_ids: list[int], what: set[str]) -> None:
    said = tuple(sorted(what))
    tell_all(actor, NotificationKind.EVENT_CHANGED, event, occurrence_ids, ",".join(said))
    record(EventChanged(event_id=event.id, occurrence_ids=tuple(occurrence_ids), what=said))


def _next(event: Event, shown: Occurrence) -> Occurrence:
    """The date that was changed, if it is still there; else the first one that comes."""
    found = db.session.scalar(
        select(Occurrence)
        .where(Occurrence.event_id == event.id)
        .order_by(
            (Occurrence.id != shown.id), (Occurrence.ends_at <= utc_now()), Occurrence.starts_at
        )
        .limit(1)
    )
    assert found is not None  # a rule always gives its first date
    return found
