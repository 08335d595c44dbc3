"""Repetition as RFC 5545 writes it (RRULE), by days: an event repeats at most once a day.

Dates are found by walking over the days between the first and the last one wanted, so that no
rule can keep the server busy, not even one that never comes true (the usual libraries look for
such a date until the year 9999).
"""

from __future__ import annotations

import calendar
import datetime as dt
import enum
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

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
    period, chosen = None, list[dt.date]()
    day = _period_start(rule, first)
    while day <= last:
        index = _period(rule, first, day)
        if rule.by_set_pos and index != period:
            yield from _positions(rule, chosen, first)
            period, chosen = index, []
        if index % rule.interval == 0 and _matches(rule, first, day):
            if rule.by_set_pos:
                chosen.append(day)
            elif day >= first:
                yield day
        day += dt.timedelta(days=1)
    yield from _positions(rule, chosen, first)


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


def _period_start(rule: Rule, first: dt.date) -> dt.date:
    if not rule.by_set_pos or rule.frequency is Frequency.DAILY:
        return first
    if rule.frequency is Frequency.WEEKLY:
        return first - dt.timedelta(days=(first.weekday() - rule.week_start) % 7)
    return first.replace(day=1, month=1 if rule.frequency is Frequency.YEARLY else first.month)


def _period(rule: Rule, first: dt.date, day: dt.date) -> int:
    """How many days, weeks, months or years the day lies behind the first one."""
    if rule.frequency is Frequency.DAILY:
        return (day - first).days
    if rule.frequency is Frequency.WEEKLY:
        begin = first - dt.timedelta(days=(first.weekday() - rule.week_start) % 7)
        return (day - begin).days // 7
    if rule.frequency is Frequency.MONTHLY:
        return (day.year - first.year) * 12 + day.month - first.month
    return day.year - first.year


def _positions(rule: Rule, chosen: list[dt.date], first: dt.date) -> Iterable[dt.date]:
    picked = {
        chosen[place - 1 if place > 0 else place]
        for place in rule.by_set_pos
        if abs(place) <= len(chosen)
    }
    return sorted(day for day in picked if day >= first)


def _matches(rule: Rule, first: dt.date, day: dt.date) -> bool:
    """Whether the day, in a period that counts, is one of the rule's (RFC 5545, 3.3.10)."""
    if rule.by_month and day.month not in rule.by_month:
        return False
    length = calendar.monthrange(day.year, day.month)[1]
    if rule.by_month_day and not {day.day, day.day - length - 1} & set(rule.by_month_day):
        return False
    if rule.by_day:
        return any(_is_weekday(rule, nth, weekday, day, length) for nth, weekday in rule.by_day)
    if rule.by_month_day or rule.frequency is Frequency.DAILY:
        return True
    if rule.frequency is Frequency.WEEKLY:
        return day.weekday() == first.weekday()
    if rule.frequency is Frequency.YEARLY and not rule.by_month:
        return (day.month, day.day) == (first.month, first.day)
    return day.day == first.day


def _is_weekday(rule: Rule, nth: int, weekday: int, day: dt.date, length: int) -> bool:
    if day.weekday() != weekday:
        return False
    if nth == 0:
        return True
    if rule.frequency is Frequency.YEARLY and not rule.by_month:
        place = day.timetuple().tm_yday
        length = 366 if calendar.isleap(day.year) else 365
    else:
        place = day.day
    forward, backward = (place - 1) // 7 + 1, (length - place) // 7 + 1
    return nth in (forward, -backward)
