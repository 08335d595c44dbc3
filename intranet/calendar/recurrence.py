"""Repetition as RFC 5545 writes it (RRULE), by days: an event repeats at most once a day. The
days are found by dateutil, on the calendar alone; the wall clock of a zone is put on them here."""

from __future__ import annotations

import calendar
import datetime as dt
import enum
import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from dateutil import rrule

from intranet.calendar.clocks import to_local, to_utc
from intranet.kernel.errors import Invalid
from intranet.kernel.messages import N_

MOST = 750  # dates of one event that are kept ready
LONGEST = 500  # characters of a rule
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_KNOWN = frozenset(
    ("FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "WKST")
)
_UNSUPPORTED = N_("This way of repeating is not supported.")


class Frequency(enum.StrEnum):
    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    YEARLY = "YEARLY"


_LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)  # of the months at their longest
_FREQUENCIES = {
    Frequency.DAILY: rrule.DAILY,
    Frequency.WEEKLY: rrule.WEEKLY,
    Frequency.MONTHLY: rrule.MONTHLY,
    Frequency.YEARLY: rrule.YEARLY,
}
_WEEKDAYS = rrule.weekdays


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """How an event repeats. `by_day` are (ordinal or 0, weekday with Monday = 0); `until` is the
    last moment (UTC), or the last day of all-day events, both included."""

    frequency: Frequency
    interval: int = 1
    count: int | None = None
    until: dt.datetime | dt.date | None = None
    by_day: tuple[tuple[int, int], ...] = ()
    by_month_day: tuple[int, ...] = ()
    by_month: tuple[int, ...] = ()
    by_set_pos: tuple[int, ...] = ()
    week_start: int = 0

    @property
    def shape(self) -> tuple[object, ...]:
        """Rules of one shape have as many dates in the same time, so that the third date of one
        stands for the third of the other."""
        parts = (self.by_day, self.by_month_day, self.by_month, self.by_set_pos)
        return (self.frequency, self.interval, *map(len, parts))

    def __str__(self) -> str:
        """The value of RRULE."""
        parts = [f"FREQ={self.frequency}"]
        if self.interval != 1:
            parts.append(f"INTERVAL={self.interval}")
        for name, values in (
            ("BYMONTH", self.by_month),
            ("BYMONTHDAY", self.by_month_day),
            ("BYDAY", [f"{nth or ''}{DAYS[day]}" for nth, day in self.by_day]),
            ("BYSETPOS", self.by_set_pos),
        ):
            if values:
                parts.append(f"{name}={','.join(map(str, values))}")
        if self.week_start:
            parts.append(f"WKST={DAYS[self.week_start]}")
        if self.count is not None:
            parts.append(f"COUNT={self.count}")
        if isinstance(self.until, dt.datetime):
            parts.append(f"UNTIL={self.until.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}")
        elif self.until is not None:
            parts.append(f"UNTIL={self.until:%Y%m%d}")
        return ";".join(parts)


def parse(text: str, zone: str) -> Rule:
    """The rule that an RRULE says; Invalid under `rrule` for anything else, and for what would
    repeat within a day. A local UNTIL is read in the zone."""
    try:
        return _parse(text.strip().upper().removeprefix("RRULE:"), zone)
    except (ValueError, KeyError, OverflowError):
        raise Invalid(_UNSUPPORTED, fields={"rrule": _UNSUPPORTED}) from None


def _parse(text: str, zone: str) -> Rule:
    if len(text) > LONGEST or not text.isascii():
        raise ValueError(text)
    parts: dict[str, str] = {}
    for part in text.rstrip(";").split(";"):
        name, _equals, value = part.partition("=")
        if name in parts or name not in _KNOWN:
            raise ValueError(name)
        parts[name] = value
    rule = Rule(
        frequency=Frequency(parts["FREQ"]),
        interval=_number(parts.get("INTERVAL", "1"), 1, 999),
        count=_number(parts["COUNT"], 1, 9999) if "COUNT" in parts else None,
        until=_until(parts["UNTIL"], zone) if "UNTIL" in parts else None,
        by_day=tuple(map(_weekday, _list(parts, "BYDAY"))),
        by_month_day=tuple(_signed(one, 31) for one in _list(parts, "BYMONTHDAY")),
        by_month=tuple(_number(one, 1, 12) for one in _list(parts, "BYMONTH")),
        by_set_pos=tuple(_signed(one, 366) for one in _list(parts, "BYSETPOS")),
        week_start=DAYS.index(parts.get("WKST", "MO")),
    )
    counted = any(nth for nth, _day in rule.by_day)
    if counted and rule.frequency in (Frequency.DAILY, Frequency.WEEKLY):
        raise ValueError("BYDAY")
    if rule.by_month_day and rule.frequency is Frequency.WEEKLY:
        raise ValueError("BYMONTHDAY")
    if rule.count is not None and rule.until is not None:
        raise ValueError("UNTIL")
    return rule


def _list(parts: dict[str, str], name: str) -> list[str]:
    return parts[name].split(",") if name in parts else []


def _number(text: str, least: int, most: int) -> int:
    if not text.isdigit() or len(text) > 4 or not least <= int(text) <= most:
        raise ValueError(text)
    return int(text)


def _signed(text: str, most: int) -> int:
    number = _number(text.lstrip("+-"), 1, most)
    return -number if text.startswith("-") else number


def _weekday(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"([+-]?\d{1,2})?([A-Z]{2})", text)
    if match is None:
        raise ValueError(text)
    return (_signed(match[1], 53) if match[1] else 0), DAYS.index(match[2])


def _until(text: str, zone: str) -> dt.datetime | dt.date:
    if re.fullmatch(r"\d{8}", text):
        return dt.date.fromisoformat(f"{text[:4]}-{text[4:6]}-{text[6:]}")
    match = re.fullmatch(r"(\d{8}T\d{6})(Z?)", text)
    if match is None:
        raise ValueError(text)
    moment = dt.datetime.strptime(match[1], "%Y%m%dT%H%M%S")  # noqa: DTZ007  (made aware below)
    return moment.replace(tzinfo=dt.UTC) if match[2] else to_utc(moment, zone)


def days(rule: Rule, first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """The days of the rule from `first`, with which it begins, to `last`; COUNT and UNTIL are
    not looked at."""
    places = set(rule.by_set_pos)
    if rule.frequency is Frequency.DAILY and places:
        # One of one: all days, or none.
        if places & {1, -1}:
            yield from days(replace(rule, by_set_pos=()), first, last)
        return
    chosen = [one for one in rule.by_day if _can_be(rule, one[0])]
    if last < first or (rule.by_day and not chosen) or _has_no_day(rule):
        return
    if rule.frequency is Frequency.DAILY:
        yield from _daily(rule, first, last)
        return
    # The library looks for the next day of a rule that never comes true until the year 9999, so
    # it looks in the last years that are like these.
    years = _years_to_the_end(first.year - 1, last.year + 1)
    begin, weekdays = first, [_WEEKDAYS[day](nth or None) for nth, day in chosen]
    if rule.frequency is Frequency.WEEKLY:
        # BYSETPOS counts in whole weeks, also in the first one.
        begin -= dt.timedelta(days=(first.weekday() - rule.week_start) % 7)
        weekdays = weekdays or [_WEEKDAYS[first.weekday()]]
    found = rrule.rrule(
        _FREQUENCIES[rule.frequency],
        dtstart=_midnight(begin, years),
        until=_midnight(last, years),
        interval=rule.interval,
        wkst=rule.week_start,
        bymonth=rule.by_month or None,
        bymonthday=rule.by_month_day or None,
        byweekday=weekdays or None,
        bysetpos=rule.by_set_pos or None,
    )
    for moment in found:
        day = moment.date().replace(year=moment.year - years)
        if day >= first:
            yield day


def _daily(rule: Rule, first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """Every so many days those that are named, whether there is one or not."""
    weekdays = {day for _nth, day in rule.by_day}
    for number in range(0, (last - first).days + 1, rule.interval):
        day = first + dt.timedelta(days=number)
        if rule.by_month and day.month not in rule.by_month:
            continue
        if weekdays and day.weekday() not in weekdays:
            continue
        if rule.by_month_day:
            length = calendar.monthrange(day.year, day.month)[1]
            if not {day.day, day.day - length - 1} & set(rule.by_month_day):
                continue
        yield day


def _has_no_day(rule: Rule) -> bool:
    """No month of the rule is long enough, or no period of it has so many days."""
    longest = max(_LENGTHS[month - 1] for month in rule.by_month or (1,))
    if rule.by_month_day and min(map(abs, rule.by_month_day)) > longest:
        return True
    in_month = len(set(rule.by_month_day)) or (31 if rule.by_day else 1)
    most = {
        Frequency.WEEKLY: len({day for _nth, day in rule.by_day}) or 1,
        Frequency.MONTHLY: in_month,
    }.get(rule.frequency, 12 * in_month)
    return bool(rule.by_set_pos) and min(map(abs, rule.by_set_pos)) > most


@functools.lru_cache(64)
def _years_to_the_end(first: int, last: int) -> int:
    """How many years later the calendar of these years comes back for the last time: mostly less
    than 28 years before the end of time, and never more than 400."""
    for years in range(dt.MAXYEAR - 1 - last, 0, -1):
        if all(_kind_of(year) == _kind_of(year + years) for year in range(first, last + 1)):
            return years
    return 0


def _kind_of(year: int) -> tuple[bool, int]:
    """Years of one kind have the same calendar."""
    return calendar.isleap(year), dt.date(year, 1, 1).weekday()


def _can_be(rule: Rule, nth: int) -> bool:
    """A month has at most five Mondays; the library does not bear to be asked for more."""
    by_year = rule.frequency is Frequency.YEARLY and not rule.by_month
    return by_year or abs(nth) <= 5


def _midnight(day: dt.date, years: int) -> dt.datetime:
    return dt.datetime.combine(day.replace(year=day.year + years), dt.time())


def starts(
    rule: Rule | None,
    local_start: dt.datetime,
    zone: str,
    all_day: bool,
    last: dt.datetime,
    since: dt.datetime | None = None,
) -> list[dt.datetime]:
    """The moments (UTC) at which an event begins, from `since` up to `last`: MOST at most. The
    first date is always one of them. The wall clock of the zone is kept."""
    first = to_utc(local_start, zone)
    if rule is None:
        return [first]
    found: list[dt.datetime] = []
    clock = local_start.time()
    number = 0
    end = to_local(last, zone).date()
    if isinstance(rule.until, dt.datetime):
        end = min(end, to_local(rule.until, zone).date())
    elif rule.until is not None:
        end = min(end, rule.until)
    for day in days(rule, local_start.date(), end):
        moment = to_utc(dt.datetime.combine(day, clock), zone)
        until = rule.until if isinstance(rule.until, dt.datetime) and not all_day else last
        if moment > min(until, last):
            break
        number += 1
        if since is None or moment >= since:
            found.append(moment)
        if len(found) == MOST or number == rule.count:
            break
    return found if number else [first]


def aligned(rule: Rule, local_start: dt.datetime) -> dt.datetime:
    """The first time from `local_start` that the rule allows: an event begins on one of its own
    days. Invalid when there is none within five years."""
    first = local_start.date()
    for day in days(rule, first, first + dt.timedelta(days=5 * 366)):
        return dt.datetime.combine(day, local_start.time())
    message = N_("No date fits this repetition.")
    raise Invalid(message, fields={"rrule": message})


def ending_before(rule: Rule, moment: dt.datetime, zone: str, all_day: bool) -> Rule:
    """The rule with an end: nothing at or after `moment`."""
    if all_day:
        return replace(rule, count=None, until=to_local(moment, zone).date() - dt.timedelta(days=1))
    return replace(rule, count=None, until=moment - dt.timedelta(seconds=1))
