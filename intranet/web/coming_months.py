"""A month of posts to come, on the clock of their author."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass

from flask_babel import get_timezone

from intranet.calendar.clocks import to_utc
from intranet.kernel.clock import utc_now
from intranet.scheduled import queries
from intranet.scheduled.queries import ScheduledCard
from intranet.web import composer
from intranet.web.identity import viewer

_YEARS = (2000, 2100)


@dataclass(frozen=True, slots=True)
class Day:
    """`posts` come on it, the first one first."""

    date: dt.date
    inside: bool  # belongs to the month that is shown
    today: bool
    posts: tuple[ScheduledCard, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """`first` is its first day, `before` and `after` those of its neighbours (None at the end of
    what can be shown)."""

    first: dt.date
    before: dt.date | None
    after: dt.date | None
    weeks: tuple[tuple[Day, ...], ...]


def shown(wanted: str) -> Month:
    """The month that the address names, or the running one, with the viewer's posts to come."""
    zone = get_timezone()
    today = utc_now().astimezone(zone).date()
    first = _first(wanted, today)
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    begin, end = weeks[0][0], weeks[-1][-1] + dt.timedelta(days=1)
    found: dict[dt.date, list[ScheduledCard]] = {}
    most = composer.settings_here().scheduled_max
    for card in queries.list_between(viewer(), _midnight(begin), _midnight(end), most):
        found.setdefault(card.publish_at.astimezone(zone).date(), []).append(card)
    days = tuple(
        tuple(
            Day(date, date.month == first.month, date == today, tuple(found.get(date, ())))
            for date in week
        )
        for week in weeks
    )
    before = (first - dt.timedelta(days=1)).replace(day=1)
    after = (first + dt.timedelta(days=32)).replace(day=1)
    return Month(
        first,
        before if before.year >= _YEARS[0] else None,
        after if after.year <= _YEARS[1] else None,
        days,
    )


def _first(wanted: str, today: dt.date) -> dt.date:
    try:
        first = dt.date.fromisoformat(f"{wanted}-01")
    except ValueError:
        return today.replace(day=1)
    return first if _YEARS[0] <= first.year <= _YEARS[1] else today.replace(day=1)


def _midnight(day: dt.date) -> dt.datetime:
    return to_utc(dt.datetime.combine(day, dt.time()), str(get_timezone()))
