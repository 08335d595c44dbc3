"""Dates laid out in days, weeks and months, on the viewer's clock. Whole-day events keep their
dates whatever the viewer's zone."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from intranet.calendar.cards import EventCard

ROWS = 3  # dates shown in a day of the month; the rest is counted
_DAY = dt.timedelta(days=1)
_MINUTES = 24 * 60
_SHORTEST = 30  # minutes: a block must hold a line of text
_WORKDAY = (8, 18)


class Part(enum.StrEnum):
    """Which piece of an event a day holds."""

    ONLY = "only"
    FIRST = "first"
    INNER = "inner"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class Slot:
    """An event's piece in one day of a week. `span`: over how many days of this week its bar
    runs when it begins here; 0 on the days that the bar only crosses."""

    card: EventCard
    part: Part
    span: int


@dataclass(frozen=True, slots=True)
class GridDay:
    """`slots` are lines from the top, None where a bar of another day leaves a gap."""

    date: dt.date
    inside: bool  # belongs to the month that is shown
    today: bool
    slots: tuple[Slot | None, ...]
    more: int
    count: int


@dataclass(frozen=True, slots=True)
class Block:
    """A date in a day's hours. Minutes from midnight; the column is `lane` of `lanes`."""

    card: EventCard
    start: int
    end: int
    lane: int
    lanes: int


@dataclass(frozen=True, slots=True)
class HoursDay:
    date: dt.date
    today: bool
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class WeekGrid:
    """`whole` are the whole-day lines; `hours` is the span of hours to draw."""

    whole: tuple[GridDay, ...]
    days: tuple[HoursDay, ...]
    first_hour: int
    last_hour: int


def midnight(day: dt.date, zone: ZoneInfo) -> dt.datetime:
    """The moment at which a day begins in a zone."""
    return dt.datetime.combine(day, dt.time(), zone).astimezone(dt.UTC)


def days_of(card: EventCard, zone: ZoneInfo) -> tuple[dt.date, dt.date]:
    """The first and the last day an event touches."""
    clock = ZoneInfo(card.time_zone) if card.all_day else zone
    last = (card.ends_at - dt.timedelta(microseconds=1)).astimezone(clock).date()
    return card.starts_at.astimezone(clock).date(), last


def monday_of(day: dt.date) -> dt.date:
    """The first day of its week."""
    return day - dt.timedelta(days=day.weekday())


def weeks_of(month: dt.date) -> tuple[dt.date, ...]:
    """The Mondays of the weeks that a month touches."""
    first = monday_of(month.replace(day=1))
    after = (month.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
    return tuple(first + dt.timedelta(days=7 * n) for n in range(-(-(after - first).days // 7)))


def by_day(
    cards: Iterable[EventCard], first: dt.date, last: dt.date, zone: ZoneInfo
) -> list[tuple[dt.date, list[EventCard]]]:
    """The days of [first, last] that hold something; an event stands on its first day in it."""
    found: dict[dt.date, list[EventCard]] = {}
    for card in cards:
        begins, ends = days_of(card, zone)
        if begins <= last and ends >= first:
            found.setdefault(max(begins, first), []).append(card)
    for day in found.values():
        day.sort(key=lambda card: (not card.all_day, card.starts_at, card.occurrence_id))
    return sorted(found.items())


def month_grid(
    cards: Sequence[EventCard], month: dt.date, today: dt.date, zone: ZoneInfo
) -> list[tuple[GridDay, ...]]:
    """The weeks of a month."""
    return [
        _week_of_slots(cards, monday, today, zone, ROWS, month.month) for monday in weeks_of(month)
    ]


def week_grid(
    cards: Sequence[EventCard], monday: dt.date, today: dt.date, zone: ZoneInfo
) -> WeekGrid:
    """One week by the hour; what lasts a day or longer stands above the hours."""
    whole = [card for card in cards if card.all_day or card.ends_at - card.starts_at >= _DAY]
    timed = [card for card in cards if not card.all_day and card.ends_at - card.starts_at < _DAY]
    days = []
    for n in range(7):
        date = monday + dt.timedelta(days=n)
        days.append(HoursDay(date, date == today, _blocks(timed, date, zone)))
    # What goes on after midnight does not stretch the day: the evening before shows it.
    starts = [block.start for day in days for block in day.blocks if block.start]
    ends = [block.end for day in days for block in day.blocks]
    first = min([_WORKDAY[0], *(start // 60 for start in starts)])
    return WeekGrid(
        whole=_week_of_slots(whole, monday, today, zone, 6, None),
        days=tuple(replace(day, blocks=_from(day.blocks, first * 60)) for day in days),
        first_hour=first,
        last_hour=max([_WORKDAY[1], *(-(-end // 60) for end in ends)]),
    )


def _from(blocks: tuple[Block, ...], minute: int) -> tuple[Block, ...]:
    return tuple(
        replace(block, start=max(block.start, minute)) for block in blocks if block.end > minute
    )


def _week_of_slots(
    cards: Sequence[EventCard],
    monday: dt.date,
    today: dt.date,
    zone: ZoneInfo,
    rows: int,
    month: int | None,
) -> tuple[GridDay, ...]:
    sunday = monday + dt.timedelta(days=6)
    lines: list[list[Slot | None]] = [[] for _ in range(7)]
    here = []
    for card in cards:
        begins, ends = days_of(card, zone)
        if begins <= sunday and ends >= monday:
            here.append((begins, ends, card))
    # Long bars first, so that they lie straight at the top.
    here.sort(key=lambda one: (max(one[0], monday), -(one[1] - one[0]).days, not one[2].all_day,
                               one[2].starts_at, one[2].occurrence_id))  # fmt: skip
    for begins, ends, card in here:
        first, last = max((begins - monday).days, 0), min((ends - monday).days, 6)
        line = 0
        while any(len(lines[day]) > line and lines[day][line] for day in range(first, last + 1)):
            line += 1
        for day in range(first, last + 1):
            lines[day] += [None] * (line + 1 - len(lines[day]))
            date = monday + dt.timedelta(days=day)
            span = last - first + 1 if day == first else 0
            lines[day][line] = Slot(card, _part(date, begins, ends), span)
    days = []
    for n, line_of in enumerate(lines):
        date = monday + dt.timedelta(days=n)
        count = sum(slot is not None for slot in line_of)
        shown = tuple(line_of[:rows])
        days.append(
            GridDay(
                date=date,
                inside=month is None or date.month == month,
                today=date == today,
                slots=shown,
                more=count - sum(slot is not None for slot in shown),
                count=count,
            )
        )
    return tuple(days)


def _part(day: dt.date, begins: dt.date, ends: dt.date) -> Part:
    if begins == ends:
        return Part.ONLY
    return Part.FIRST if day == begins else Part.LAST if day == ends else Part.INNER


def _blocks(cards: Sequence[EventCard], date: dt.date, zone: ZoneInfo) -> tuple[Block, ...]:
    """The pieces of a day, those that overlap side by side."""
    pieces = []
    for card in cards:
        begins, ends = days_of(card, zone)
        if begins <= date <= ends:
            start = _minute(card.starts_at, zone) if date == begins else 0
            end = _minute(card.ends_at, zone) if date == ends else _MINUTES
            end = _MINUTES if end == 0 else end
            start = min(start, _MINUTES - _SHORTEST)
            pieces.append((start, max(end, start + _SHORTEST), card))
    pieces.sort(key=lambda piece: (piece[0], -piece[1], piece[2].occurrence_id))
    blocks: list[Block] = []
    cluster: list[tuple[int, int, EventCard, int]] = []
    lanes: list[int] = []

    def close() -> None:
        blocks.extend(Block(c, start, end, lane, len(lanes)) for start, end, c, lane in cluster)
        cluster.clear()
        lanes.clear()

    for start, end, card in pieces:
        if lanes and start >= max(lanes):
            close()
        lane = next((n for n, until in enumerate(lanes) if until <= start), len(lanes))
        if lane == len(lanes):
            lanes.append(end)
        else:
            lanes[lane] = end
        cluster.append((start, end, card, lane))
    close()
    return tuple(blocks)


def _minute(moment: dt.datetime, zone: ZoneInfo) -> int:
    local = moment.astimezone(zone)
    return local.hour * 60 + local.minute
