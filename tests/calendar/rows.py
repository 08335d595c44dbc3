"""Events as rows, with their dates, for tests of what reads them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Flask

from intranet.accounts.models import Account
from intranet.calendar import clocks, schedule
from intranet.calendar.models import Answer, Event, EventVisibility, Occurrence, Rsvp
from intranet.db import db
from intranet.groups.models import Group
from intranet.kernel.clock import utc_now
from intranet.unit_of_work import unit_of_work

PARIS = "Europe/Paris"


def coming(days: int = 1, hour: int = 9) -> dt.datetime:
    """An hour of a day ahead, on the wall clock."""
    day = utc_now().date() + dt.timedelta(days=days)
    return dt.datetime.combine(day, dt.time(hour))


def event_of(
    organiser_id: int, starts: dt.datetime, ends: dt.datetime | None = None, **values: Any
) -> Event:
    """An unsaved event; times are on the clock of its zone."""
    zone = values.setdefault("time_zone", PARIS)
    values.setdefault("title", "Stand-up")
    values.setdefault(
        "uid", f"{values['title']}-{starts:%Y%m%d%H%M}@example.test".replace(" ", "-")
    )
    ends = ends or starts + dt.timedelta(hours=1)
    starts_at = clocks.to_utc(starts, zone)
    for name, default in (
        ("all_day", False), ("rrule", ""), ("excluded", []), ("reminders", []), ("sequence", 0),
        ("source", ""), ("place", ""), ("room", ""), ("online_url", ""),
        ("created_at", utc_now()), ("updated_at", utc_now()),
    ):  # fmt: skip
        values.setdefault(name, default)
    return Event(
        organiser_id=organiser_id,
        starts_at=starts_at,
        ends_at=clocks.end_of(starts_at, starts, ends, zone, values["all_day"]),
        **values,
    )


def add_event(
    app: Flask,
    organiser: Account,
    starts: dt.datetime | None = None,
    ends: dt.datetime | None = None,
    *,
    group: Group | None = None,
    **values: Any,
) -> tuple[int, list[int]]:
    """The id of a saved event and of its dates."""
    with app.app_context(), unit_of_work():
        if group is not None:
            values |= {"group_id": group.id, "visibility": EventVisibility.GROUP}
        event = event_of(organiser.id, starts or coming(), ends, **values)
        db.session.add(event)
        db.session.flush()
        return event.id, schedule.fill(event)


def answer(
    app: Flask, who: Account, occurrence_id: int, said: Answer = Answer.GOING, **values: Any
) -> None:
    with app.app_context(), unit_of_work():
        db.session.add(Rsvp(occurrence_id=occurrence_id, account_id=who.id, answer=said, **values))


def change(app: Flask, model: type[Any], key: Any, **values: Any) -> None:
    """Change columns of one row."""
    with app.app_context(), unit_of_work():
        row = db.session.get_one(model, key)
        for name, value in values.items():
            setattr(row, name, value)


__all__ = ["PARIS", "Occurrence", "add_event", "answer", "change", "coming", "event_of"]
