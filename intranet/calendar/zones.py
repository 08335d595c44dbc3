"""Time zones as RFC 5545 writes them: the rules a zone follows, not a list of its past.

The rules come from the zone's own data (the POSIX line at its end, RFC 9636) and are used only
where they say the same as the data itself; any other zone gets its transitions one by one."""

from __future__ import annotations

import datetime as dt
import functools
import re
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard, vRecur

# Later years follow the same rules; no calendar that people keep reaches further.
_LAST_YEAR = 2037
_UTC_NAMES = frozenset({"UTC", "Etc/UTC", "Etc/UCT", "Etc/Zulu", "UCT", "Zulu", "Universal", "GMT"})
_NAME = r"(?:<[+-]?\w+>|[A-Za-z]+)"
_CHANGE = r",M(\d+)\.(\d)\.(\d)(?:/(\d+))?"
_POSIX = re.compile(rf"{_NAME}(-?[\d:]+){_NAME}(-?[\d:]+)?{_CHANGE}{_CHANGE}")
_DAYS = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")


def is_utc(name: str) -> bool:
    """Whether times of this zone are written with a Z."""
    return name in _UTC_NAMES


@functools.lru_cache(maxsize=256)
def component(name: str, year: int) -> Any:
    """The VTIMEZONE of an IANA zone for times from `year` on."""
    zone = ZoneInfo(name)
    start = max(year, 1970)
    if not _changes(zone, start):
        return _still(name, zone, start)
    ruled = _ruled(name, zone, start)
    if ruled is not None:
        return ruled
    return _listed(name, zone, start)


def _changes(zone: ZoneInfo, start: int) -> bool:
    days = (dt.datetime(start, 1, 1) + dt.timedelta(days=7 * n) for n in range(53 * 12))  # noqa: DTZ001  (wall clock)
    return len({day.replace(tzinfo=zone).utcoffset() for day in days}) > 1


def _still(name: str, zone: ZoneInfo, start: int) -> Any:
    moment = dt.datetime(start, 1, 1, tzinfo=zone)
    part: Any = TimezoneStandard()
    part.add("DTSTART", moment.replace(tzinfo=None))
    part.add("TZNAME", moment.tzname() or name)
    part.add("TZOFFSETFROM", moment.utcoffset())
    part.add("TZOFFSETTO", moment.utcoffset())
    return _zone(name, part)


def _listed(name: str, zone: ZoneInfo, start: int) -> Any:
    """The zone change by change, for those that follow no rule of the calendar."""
    kinds: dict[tuple[Any, ...], list[dt.datetime]] = {}
    moment, end = (dt.datetime(year, 1, 1, tzinfo=dt.UTC) for year in (start, _LAST_YEAR + 1))
    step, second = dt.timedelta(days=3), dt.timedelta(seconds=1)
    while moment < end:
        before, low, high = moment.astimezone(zone).utcoffset(), moment, moment + step
        if high.astimezone(zone).utcoffset() != before:
            while high - low > second:
                middle = low + (high - low) // (2 * second) * second
                if middle.astimezone(zone).utcoffset() == before:
                    low = middle
                else:
                    high = middle
            after = high.astimezone(zone)
            kind = (before, after.utcoffset(), after.tzname(), bool(after.dst()))
            kinds.setdefault(kind, []).append(
                (high + (before or dt.timedelta())).replace(tzinfo=None)
            )
        moment += step
    parts = []
    for (before, later, label, is_summer), walls in kinds.items():
        part: Any = TimezoneDaylight() if is_summer else TimezoneStandard()
        part.add("DTSTART", walls[0])
        if walls[1:]:
            part.add("RDATE", walls[1:])
        part.add("TZNAME", label or name)
        part.add("TZOFFSETFROM", before)
        part.add("TZOFFSETTO", later)
        parts.append(part)
    return _zone(name, *_still(name, zone, start).subcomponents, *parts)


def _zone(name: str, *parts: Any) -> Any:
    zone: Any = Timezone()
    zone.add("TZID", name)
    for part in parts:
        zone.add_component(part)
    return zone


def _ruled(name: str, zone: ZoneInfo, start: int) -> Any:
    """The zone by its two yearly rules; None when they are not the whole truth since `start`."""
    found = _POSIX.fullmatch(_footer(name))
    if found is None:
        return None
    standard = -_offset(found[1])
    summer = -_offset(found[2]) if found[2] else standard + dt.timedelta(hours=1)
    into = (*found.group(3, 4, 5), found[6] or "2")
    back = (*found.group(7, 8, 9), found[10] or "2")
    parts: list[Any] = []
    part: Any
    for part, rule, before, after in (
        (TimezoneDaylight(), into, standard, summer),
        (TimezoneStandard(), back, summer, standard),
    ):
        month, week, day, hour = map(int, rule)
        if hour > 23:
            return None
        for year in range(start, _LAST_YEAR + 1):
            wall = _nth_day(year, month, week, day) + dt.timedelta(hours=hour)
            moment = (wall - before).replace(tzinfo=dt.UTC)
            sides = (moment - dt.timedelta(seconds=1), moment)
            if [side.astimezone(zone).utcoffset() for side in sides] != [before, after]:
                return None
        first = _nth_day(start, month, week, day) + dt.timedelta(hours=hour)
        nth = f"{-1 if week == 5 else week}{_DAYS[day]}"
        part.add("DTSTART", first)
        part.add("RRULE", vRecur({"FREQ": "YEARLY", "BYMONTH": month, "BYDAY": nth}))
        part.add("TZNAME", (first + dt.timedelta(days=2)).replace(tzinfo=zone).tzname() or name)
        part.add("TZOFFSETFROM", before)
        part.add("TZOFFSETTO", after)
        parts.append(part)
    # What held before the first change of that year, said outright.
    earliest = min(parts, key=lambda part: part["DTSTART"].dt)
    for part in parts:
        if part is not earliest:
            first = part["DTSTART"].dt
            month, week, day = (int(one) for one in (into if part is parts[0] else back)[:3])
            part["DTSTART"].dt = _nth_day(start - 1, month, week, day) + dt.timedelta(
                hours=first.hour
            )
    return _zone(name, *parts)


def _nth_day(year: int, month: int, week: int, day: int) -> dt.datetime:
    """Midnight of the week-th `day` (0: Sunday) of a month; week 5 is the last one."""
    first = dt.datetime(year, month, 1)  # noqa: DTZ001  (wall clock)
    ahead = (day - (first.weekday() + 1) % 7) % 7
    found = first + dt.timedelta(days=ahead + 7 * (week - 1))
    return found if found.month == month else found - dt.timedelta(days=7)


def _offset(text: str) -> dt.timedelta:
    sign = -1 if text.startswith("-") else 1
    hours, minutes = (*text.lstrip("-").split(":"), "0")[:2]
    return sign * dt.timedelta(hours=int(hours), minutes=int(minutes))


def _footer(name: str) -> str:
    file = resources.files("tzdata.zoneinfo").joinpath(*name.split("/"))
    try:
        return file.read_bytes().rsplit(b"\n", 2)[-2].decode("ascii")
    except (OSError, IndexError, UnicodeDecodeError):
        return ""
