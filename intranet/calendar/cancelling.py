"""Calling dates off, and taking that back."""

from __future__ import annotations

import datetime as dt

from intranet.accounts.models import Account
from intranet.calendar import policies, reminders, schedule
from intranet.calendar.events import EventCancelled, EventRestored
from intranet.calendar.models import Event, Occurrence
from intranet.calendar.recurrence import ending_before
from intranet.calendar.series import Scope
from intranet.calendar.telling import refresh, tell_all
from intranet.db import db, record
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import Conflict
from intranet.kernel.messages import N_
from intranet.notifications.models import NotificationKind

RESTORED = "restored"  # what is told of, beside "time", "place", "online" and "title"


def cancel(actor: Account, event: Event, occurrence: Occurrence, scope: Scope) -> None:
    """Call off one date, that one and the following, or all that are not over. They stay to be
    seen as cancelled; who would have come is told. Twice is once."""
    policies.require_may_manage(actor, event)
    schedule.hold(event)
    single = not event.rrule
    since = occurrence.recurrence_id if scope is Scope.FOLLOWING else None
    dates = [
        one
        for one in schedule.hold_dates(event, since)
        if one.cancelled_at is None
        and one.ends_at > utc_now()
        and (one.id == occurrence.id or scope is not Scope.THIS)
    ]
    whole = single or scope is Scope.ALL
    if event.cancelled_at or (not dates and not whole):
        return
    now = utc_now()
    rule = schedule.rule_of(event)
    if scope is Scope.FOLLOWING and rule is not None and not whole:
        ended = ending_before(rule, occurrence.recurrence_id, event.time_zone, event.all_day)
        event.shortened = [*event.shortened, {"at": now.isoformat(), "rrule": event.rrule}]
        event.rrule = str(ended)
    if whole:
        event.cancelled_at = now
    for date in dates:
        date.cancelled_at = now
    event.sequence, event.updated_at = event.sequence + 1, now
    db.session.flush()
    ids = [one.id for one in dates]
    tell_all(actor, NotificationKind.EVENT_CANCELLED, event, ids)
    record(EventCancelled(event_id=event.id, occurrence_ids=() if whole else tuple(ids)))
    for one in ids[:50]:
        refresh(event, one)


def restore(actor: Account, event: Event, occurrence: Occurrence) -> None:
    """Let take place what was called off together with this date: it alone, it and the following
    ones, or all. Answers count again, and who had been told is told. Conflict when the date is
    over, was not called off, or the series has been arranged anew since."""
    policies.require_may_manage(actor, event)
    schedule.hold(event)
    db.session.refresh(occurrence)
    moment = event.cancelled_at or occurrence.cancelled_at
    if moment is None:
        raise Conflict(N_("This event has not been cancelled."))
    dates = [
        one
        for one in schedule.hold_dates(event)
        if one.cancelled_at == moment and one.ends_at > utc_now()
    ]
    if not dates:
        raise Conflict(N_("This event is over."))
    whole = event.cancelled_at is not None
    event.cancelled_at = None
    _lengthen(event, moment)
    if event.rrule:
        planned = set(schedule.planned(event))
        dates = [one for one in dates if one.recurrence_id in planned]
        if not dates:
            raise Conflict(N_("The series has changed since. Make a new event."))
    for date in dates:
        date.cancelled_at = None
    event.sequence, event.updated_at = event.sequence + 1, utc_now()
    db.session.flush()
    schedule.fill(event, since=utc_now())
    reminders.plan(event)
    ids = [one.id for one in dates]
    tell_all(actor, NotificationKind.EVENT_CHANGED, event, ids, RESTORED)
    record(EventRestored(event_id=event.id, occurrence_ids=() if whole else tuple(ids)))
    for one in ids[:50]:
        refresh(event, one)


def _lengthen(event: Event, moment: dt.datetime) -> None:
    """The rule as it was before it was shortened then."""
    places = [
        place
        for place, one in enumerate(event.shortened)
        if dt.datetime.fromisoformat(one["at"]) == moment
    ]
    if not places:
        return
    if places[-1] != len(event.shortened) - 1:
        raise Conflict(N_("Earlier dates were cancelled afterwards: bring those back first."))
    event.rrule = event.shortened[-1]["rrule"]
    event.shortened = event.shortened[:-1]
