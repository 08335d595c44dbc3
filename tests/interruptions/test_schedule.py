"""Simulated years against an oracle that knows nothing of borders: it walks minute by minute of
UTC and looks at the clock on the wall."""

from __future__ import annotations

import datetime as dt
import random
from zoneinfo import ZoneInfo

import pytest

from intranet.interruptions.schedule import (
    DAY,
    Leave,
    Schedule,
    Span,
    next_day,
    next_full_hour,
    next_week,
)
from tests.interruptions.oracle import Oracle

ZONES = (
    "Europe/Paris", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia",
    "America/Santiago", "Africa/Casablanca", "Pacific/Kiritimati", "America/St_Johns",
    "Antarctica/Troll", "UTC",
)  # fmt: skip
MINUTE = dt.timedelta(minutes=1)


def draw(rng: random.Random, zone: str, year: int) -> Schedule:
    spans = []
    for weekday in range(7):
        if weekday == 0 or rng.random() < 0.7:
            start = rng.randrange(0, DAY, rng.choice((1, 15, 30)))
            spans.append(Span(weekday, start, start + rng.randrange(1, DAY)))
    leaves = []
    for _ in range(rng.randrange(3)):
        first = dt.date(year, 1, 1) + dt.timedelta(days=rng.randrange(365))
        leaves.append(Leave(first, first + dt.timedelta(days=rng.randrange(20))))
    return Schedule(zone=zone, spans=tuple(spans), leaves=tuple(leaves))


def moments(rng: random.Random, zone: str, year: int) -> list[dt.datetime]:
    """Some of the whole year, and many around the changes of the clock."""
    start = dt.datetime(year, 1, 1, tzinfo=dt.UTC)
    found = [start + dt.timedelta(minutes=rng.randrange(365 * DAY)) for _ in range(12)]
    clock = ZoneInfo(zone)
    for half_day in range(365 * 2):
        one = start + dt.timedelta(hours=12 * half_day)
        later = one + dt.timedelta(hours=12)
        if one.astimezone(clock).utcoffset() != later.astimezone(clock).utcoffset():
            found += [one + dt.timedelta(minutes=rng.randrange(-DAY, DAY)) for _ in range(8)]
    return found


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("year", [2011, 2024, 2026, 2027])
def test_no_moment_outside_the_hours_is_open_and_none_inside_is_missed(
    zone: str, year: int
) -> None:
    rng = random.Random(f"{zone} {year}")
    looked_at = 0
    for _ in range(3):
        schedule = draw(rng, zone, year)
        says = Oracle(schedule, year)
        for moment in moments(rng, zone, year):
            assert schedule.is_open(moment) is says(moment), (schedule, moment)
            opening = schedule.opens_at(moment)
            assert opening >= moment
            assert says(opening), (schedule, moment, opening)
            # Nothing before it was open: every minute back, a day of them.
            step = max(moment, opening - dt.timedelta(days=1))
            while step < opening:
                assert not says(step), (schedule, moment, opening, step)
                step += MINUTE
            looked_at += 1
    assert looked_at >= 36


def at(zone: str, *wall: int, fold: int = 0) -> dt.datetime:
    return dt.datetime(*wall, tzinfo=ZoneInfo(zone), fold=fold)  # type: ignore[misc, arg-type]


DAYS_OFF = (Leave(dt.date(2026, 12, 1), dt.date(2026, 12, 2)),)
OFFICE = tuple(Span(day, 8 * 60 + 30, 18 * 60) for day in range(5))


def test_a_weekend_ends_on_monday_morning_on_the_wall_also_when_the_clock_changes() -> None:
    paris = Schedule(zone="Europe/Paris", spans=OFFICE)
    friday = at("Europe/Paris", 2026, 3, 27, 18, 0)
    monday = at("Europe/Paris", 2026, 3, 30, 8, 30)
    assert paris.opens_at(friday) == monday
    assert monday - friday.astimezone(dt.UTC) == dt.timedelta(hours=61, minutes=30)


def test_hours_that_begin_in_a_skipped_hour_open_when_the_clock_jumps() -> None:
    night = Schedule(zone="Europe/Paris", spans=(Span(6, 150, 300),))  # Sundays from 02:30
    jump = dt.datetime(2026, 3, 29, 1, 0, tzinfo=dt.UTC)
    assert night.opens_at(jump - dt.timedelta(hours=5)) == jump
    assert not night.is_open(jump - MINUTE)


def test_an_hour_that_comes_twice_is_open_twice() -> None:
    night = Schedule(zone="Europe/Paris", spans=(Span(6, 150, 170),))
    first = at("Europe/Paris", 2026, 10, 25, 2, 30)
    second = at("Europe/Paris", 2026, 10, 25, 2, 30, fold=1)
    assert second.astimezone(dt.UTC) - first.astimezone(dt.UTC) == dt.timedelta(hours=1)
    assert night.is_open(first)
    assert night.is_open(second)
    between = first.astimezone(dt.UTC) + dt.timedelta(minutes=30)
    assert not night.is_open(between)
    assert night.opens_at(between) == second.astimezone(dt.UTC)


def test_a_night_that_was_begun_is_worked_to_its_end() -> None:
    guard = Schedule(
        zone="Europe/Paris",
        spans=(Span(0, 22 * 60, 30 * 60),),
        leaves=(Leave(dt.date(2026, 12, 1), dt.date(2026, 12, 6)),),
    )
    assert guard.is_open(at("Europe/Paris", 2026, 12, 1, 5, 59))
    assert not guard.is_open(at("Europe/Paris", 2026, 12, 1, 6, 0))
    assert guard.opens_at(at("Europe/Paris", 2026, 12, 1, 6, 0)) == at(
        "Europe/Paris", 2026, 12, 7, 22, 0
    )


def test_quiet_hours_and_days_off_hold_back_who_has_no_hours() -> None:
    now = dt.datetime(2026, 12, 1, 12, 0, tzinfo=dt.UTC)
    always = Schedule(zone="Asia/Kolkata")
    assert always.is_open(now)
    until = now + dt.timedelta(hours=2)
    quiet = Schedule(zone="Asia/Kolkata", quiet_until=until)
    assert not quiet.is_open(now)
    assert quiet.opens_at(now) == until
    away = Schedule(zone="Asia/Kolkata", leaves=DAYS_OFF)
    assert away.opens_at(now) == at("Asia/Kolkata", 2026, 12, 3, 0, 0)


def test_when_digests_come() -> None:
    paris = Schedule(zone="Europe/Paris", spans=OFFICE)
    thursday = at("Europe/Paris", 2026, 12, 3, 10, 12)
    assert next_full_hour(paris, thursday) == at("Europe/Paris", 2026, 12, 3, 11, 0)
    assert next_day(paris, thursday) == at("Europe/Paris", 2026, 12, 4, 8, 30)
    assert next_week(paris, thursday) == at("Europe/Paris", 2026, 12, 7, 8, 30)
    assert next_day(paris, at("Europe/Paris", 2026, 12, 4, 9, 0)) == at(
        "Europe/Paris", 2026, 12, 7, 8, 30
    )
    assert next_full_hour(paris, at("Europe/Paris", 2026, 12, 4, 17, 30)) == at(
        "Europe/Paris", 2026, 12, 7, 8, 30
    )
    india = Schedule(zone="Asia/Kolkata")
    assert next_day(india, thursday) == at("Asia/Kolkata", 2026, 12, 4, 8, 0)


def test_a_day_that_a_zone_skips_is_no_day() -> None:
    """Samoa had no 30 December 2011: from Thursday evening to Saturday."""
    friday = Schedule(zone="Pacific/Apia", spans=(Span(4, 480, 960),))
    thursday = at("Pacific/Apia", 2011, 12, 29, 12, 0)
    assert friday.opens_at(thursday) == at("Pacific/Apia", 2012, 1, 6, 8, 0)
    anybody = Schedule(zone="Pacific/Apia", spans=tuple(Span(day, 0, DAY) for day in range(7)))
    assert next_day(anybody, thursday) == dt.datetime(2011, 12, 30, 10, 0, tzinfo=dt.UTC)
