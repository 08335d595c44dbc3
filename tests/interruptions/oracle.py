"""Somebody's hours without any arithmetic of borders: the shifts of some years as naive wall times,
in which a moment's own wall time is looked up."""

from __future__ import annotations

import bisect
import datetime as dt
from zoneinfo import ZoneInfo

from intranet.interruptions.schedule import Schedule

_NEVER = dt.datetime.max  # noqa: DTZ901  (wall clock)


class Oracle:
    def __init__(self, schedule: Schedule, year: int) -> None:
        self.zone = ZoneInfo(schedule.zone)
        off = {
            leave.first + dt.timedelta(days=n)
            for leave in schedule.leaves
            for n in range((leave.last - leave.first).days + 1)
        }
        first = dt.datetime(year - 1, 12, 1)  # noqa: DTZ001  (wall clock)
        days = (first + dt.timedelta(days=n) for n in range(460))
        self.shifts = sorted(
            (day + dt.timedelta(minutes=span.start), day + dt.timedelta(minutes=span.end))
            for day in days
            for span in schedule.spans
            if span.weekday == day.weekday() and day.date() not in off
        )

    def __call__(self, moment: dt.datetime) -> bool:
        wall = moment.astimezone(self.zone).replace(tzinfo=None)
        place = bisect.bisect_right(self.shifts, (wall, _NEVER))
        return any(begins <= wall < ends for begins, ends in self.shifts[max(place - 3, 0) : place])
