"""The dates of an event as rows, as far as the calendar looks ahead."""

from __future__ import annotations

import datetime as dt
import secrets

from sqlalchemy import insert, select

from intranet.calendar.clocks import end_of, to_local
from intranet.calendar.models import Event, Occurrence
from intranet.calendar.recurrence import MOST, Rule, parse, starts
from intranet.db import db
from intranet.kernel.clock import utc_now
from intranet.kernel.ids import new_id

AHEAD = dt.timedelta(days=548)  # 18 months
_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # nothing that looks like something else
_CODE_LENGTH = 6


def rule_of(event: Event) -> Rule | None:
    """How the event repeats; None for a single date."""
    return parse(event.rrule, event.time_zone) if event.rrule else None


def planned(event: Event, since: dt.datetime | None = None) -> list[dt.datetime]:
    """The starts that the rule gives, excluded ones too, from `since` on: MOST at most."""
    found = starts(
        rule_of(event),
        to_local(event.starts_at, event.time_zone),
        event.time_zone,
        event.all_day,
        max(utc_now(), event.starts_at) + AHEAD,
        since,
    )
    return found[:MOST]


def ends_at(event: Event, starts_at: dt.datetime) -> dt.datetime:
    """When a date that begins then ends."""
    zone = event.time_zone
    return end_of(
        starts_at,
        to_local(event.starts_at, zone),
        to_local(event.ends_at, zone),
        zone,
        event.all_day,
    )


def fill(event: Event, since: dt.datetime | None = None) -> list[int]:
    """Make the dates that are missing; gives their ids in order. What is there stays as it is."""
    excluded = {dt.datetime.fromisoformat(one) for one in event.excluded}
    there = set(
        db.session.scalars(select(Occurrence.recurrence_id).where(Occurrence.event_id == event.id))
    )
    rows = [
        {
            "id": new_id(),
            "event_id": event.id,
            "recurrence_id": start,
            "starts_at": start,
            "ends_at": ends_at(event, start),
            "check_in_code": new_code(),
        }
        for start in planned(event, since)
        if start not in there and start not in excluded
    ]
    if rows:
        db.session.execute(insert(Occurrence), rows)
    return [int(str(row["id"])) for row in rows]


def new_code() -> str:
    """What people who are there enter."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH))


def hold(event: Event) -> None:
    """Lock the event's row until the transaction ends: changes of one series follow one another.
    Read again, since it may have changed while this waited."""
    db.session.scalars(
        select(Event)
        .where(Event.id == event.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def hold_dates(event: Event, since: dt.datetime | None = None) -> list[Occurrence]:
    """Lock the event's dates (those that the rule put at or after `since`), in order."""
    query = select(Occurrence).where(Occurrence.event_id == event.id)
    if since is not None:
        query = query.where(Occurrence.recurrence_id >= since)
    return list(
        db.session.scalars(
            query.order_by(Occurrence.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )
