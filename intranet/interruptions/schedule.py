"""Whether a moment lies in somebody's hours: arithmetic of wall clocks, no database.

The wall clock of the moment itself decides. So an hour that the clock repeats is open twice, one
that it skips never comes, and a night shift is longer or shorter as it is for who works it.
"""

from __future__ import annotations

import datetime as dt
import functools
import heapq
from collections.abc import Iterator
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

DAY = 24 * 60
_DAYS_AHEAD = 800  # nobody is told to wait for longer without being looked at again
_ONE_DAY = dt.timedelta(days=1)
_SECOND = dt.timedelta(seconds=1)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Open from `start` to before `end`, minutes of a weekday (0: Monday). An end beyond DAY is
    the next morning: 22:00 to 06:00 is 1320 to 1800."""

    weekday: int
    start: int
    end: int


_FROM_EIGHT = tuple(Span(weekday, 8 * 60, DAY) for weekday in range(7))


@dataclass(frozen=True, slots=True)
class Leave:
    """Days off, the last one included. A night that has begun the day before is worked to its
    end."""

    first: dt.date
    last: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Somebody's hours in their zone. Without spans every hour is theirs, but for days off."""

    zone: str
    spans: tuple[Span, ...] = ()
    leaves: tuple[Leave, ...] = ()
    quiet_until: dt.datetime | None = None

    def is_open(self, moment: dt.datetime) -> bool:
        """Whether this moment (aware) may be interrupted."""
        if self.quiet_until is not None and moment < self.quiet_until:
            return False
        local = moment.astimezone(_zone(self.zone))
        return self._covers(local.date(), local.hour * 60 + local.minute)

    def opens_at(self, moment: dt.datetime) -> dt.datetime:
        """The first moment from this one on that is open. When none comes within about two years,
        the last one that was looked at: to be asked again then."""
        start = moment.astimezone(dt.UTC)
        if self.quiet_until is not None:
            start = max(start, self.quiet_until.astimezone(dt.UTC))
        if self.is_open(start):
            return start
        last = start
        for last in self._borders(start):
            if last > start and self.is_open(last):
                return last
        return last

    def closes_at(self, moment: dt.datetime) -> dt.datetime | None:
        """The end of the hours that this open moment lies in; None when they go on for two days
        at least."""
        start = moment.astimezone(dt.UTC)
        for border in self._borders(start):
            if border > start + 2 * _ONE_DAY:
                return None
            if border > start and not self.is_open(border):
                return border
        return None

    def _covers(self, day: dt.date, minute: int) -> bool:
        before = day - _ONE_DAY
        if not self.spans:
            return not self._is_off(day)
        return (
            not self._is_off(day)
            and any(
                span.weekday == day.weekday() and span.start <= minute < span.end
                for span in self.spans
            )
        ) or (
            not self._is_off(before)
            and any(
                span.weekday == before.weekday() and span.start <= minute + DAY < span.end
                for span in self.spans
            )
        )

    def _is_off(self, day: dt.date) -> bool:
        return any(leave.first <= day <= leave.last for leave in self.leaves)

    def _borders(self, start: dt.datetime) -> Iterator[dt.datetime]:
        """Every moment around and after `start` at which something can open or close, ascending:
        where a span begins or ends on the wall, midnight, and where the clock itself jumps."""
        zone = _zone(self.zone)
        first = start.astimezone(zone).date() - _ONE_DAY
        walls = {0} | {edge % DAY for span in self.spans for edge in (span.start, span.end)}
        found: list[dt.datetime] = []
        for ahead in range(_DAYS_AHEAD):
            day = first + ahead * _ONE_DAY
            for jump in _jumps(self.zone, day):
                heapq.heappush(found, jump)
            for minute in walls:
                wall = dt.datetime.combine(day, dt.time(minute // 60, minute % 60), zone)
                for fold in (0, 1):
                    heapq.heappush(found, wall.replace(fold=fold).astimezone(dt.UTC))
            # What later days add lies behind this, whatever the zone.
            settled = dt.datetime.combine(day - _ONE_DAY, dt.time(), dt.UTC)
            while found and found[0] < settled:
                yield heapq.heappop(found)


def next_full_hour(schedule: Schedule, after: dt.datetime) -> dt.datetime:
    """The next full hour on the wall, or the opening that comes first after it."""
    local = after.astimezone(_zone(schedule.zone))
    left = _SECOND * (3600 - local.minute * 60 - local.second)
    moment = after.astimezone(dt.UTC).replace(microsecond=0) + left
    return schedule.opens_at(moment)


def next_day(schedule: Schedule, after: dt.datetime) -> dt.datetime:
    """The start of the hours on a later day than that of `after`; at eight without hours."""
    zone = _zone(schedule.zone)
    return _with_hours(schedule).opens_at(_midnight_after(zone, after.astimezone(zone).date()))


def next_week(schedule: Schedule, after: dt.datetime) -> dt.datetime:
    """As `next_day` in a later week; weeks begin on Mondays."""
    zone = _zone(schedule.zone)
    day = after.astimezone(zone).date()
    sunday = day + (6 - day.weekday()) * _ONE_DAY
    return _with_hours(schedule).opens_at(_midnight_after(zone, sunday))


def _with_hours(schedule: Schedule) -> Schedule:
    return schedule if schedule.spans else replace(schedule, spans=_FROM_EIGHT)


def _midnight_after(zone: ZoneInfo, day: dt.date) -> dt.datetime:
    """The first moment of the day after this one, also where the clock skips midnight."""
    wall = dt.datetime.combine(day + _ONE_DAY, dt.time(), zone)
    moment = wall.astimezone(dt.UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return moment
    # It lies behind the jump, by what was skipped.
    jumps = _jumps(zone.key, day) + _jumps(zone.key, day + _ONE_DAY)
    return max((jump for jump in jumps if jump <= moment), default=moment)


@functools.lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


@functools.lru_cache(maxsize=16384)
def _jumps(name: str, day: dt.date) -> tuple[dt.datetime, ...]:
    """The moments of this day (as UTC counts it) at which the zone's clock changes."""
    zone = _zone(name)
    low = dt.datetime.combine(day, dt.time(), dt.UTC)
    high = low + _ONE_DAY
    if low.astimezone(zone).utcoffset() == high.astimezone(zone).utcoffset():
        return ()
    before = low.astimezone(zone).utcoffset()
    while high - low > _SECOND:
        middle = low + (high - low) // (2 * _SECOND) * _SECOND
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return (high,)
