"""Rules and clocks: what RFC 5545 says, and nothing that keeps the server busy."""

from __future__ import annotations

import datetime as dt
import itertools
import random
import time

import icalendar
import pytest
import recurring_ical_events

from intranet.calendar.clocks import to_local, to_utc
from intranet.calendar.recurrence import MOST, aligned, days, parse, starts
from intranet.kernel.errors import Invalid

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def dates(rrule: str, first: str, zone: str, last: str, *, all_day: bool = False) -> list[str]:
    found = starts(parse(rrule, zone), dt.datetime.fromisoformat(first), zone, all_day, utc(last))
    return [f"{one:%m-%dT%H:%MZ}" for one in found]


@pytest.mark.parametrize(
    ("zone", "first", "last", "expected"),
    [
        (
            "Europe/Paris", "2026-10-18T09:00", "2026-11-02",
            "10-18T07:00Z 10-25T08:00Z 11-01T08:00Z",
        ),
        (
            "Europe/Paris", "2026-03-22T09:00", "2026-04-06",
            "03-22T08:00Z 03-29T07:00Z 04-05T07:00Z",
        ),
        (
            "America/Toronto", "2026-03-01T09:00", "2026-03-16",
            "03-01T14:00Z 03-08T13:00Z 03-15T13:00Z",
        ),
        (
            "America/Toronto", "2026-10-25T09:00", "2026-11-09",
            "10-25T13:00Z 11-01T14:00Z 11-08T14:00Z",
        ),
        # An hour that does not exist is read by the offset before the gap, one that exists twice
        # is the first.
        (
            "Europe/Paris", "2026-03-22T02:30", "2026-04-06",
            "03-22T01:30Z 03-29T01:30Z 04-05T00:30Z",
        ),
        (
            "Europe/Paris", "2026-10-18T02:30", "2026-11-02",
            "10-18T00:30Z 10-25T00:30Z 11-01T01:30Z",
        ),
    ],
)  # fmt: skip
def test_the_wall_clock_is_kept_over_daylight_saving(
    zone: str, first: str, last: str, expected: str
) -> None:
    assert " ".join(dates("FREQ=WEEKLY", first, zone, last)) == expected


def test_all_day_dates_begin_at_local_midnight() -> None:
    found = dates(
        "FREQ=DAILY;COUNT=3", "2026-10-24T00:00", "Europe/Paris", "2026-11-30", all_day=True
    )
    assert found == ["10-23T22:00Z", "10-24T22:00Z", "10-25T23:00Z"]


def _random_rule(dice: random.Random) -> str:
    frequency = dice.choice(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"])
    parts = [f"FREQ={frequency}", f"INTERVAL={dice.choice([1, 1, 2, 3])}"]
    if dice.random() < 0.3:
        parts.append(f"BYMONTH={','.join(map(str, dice.sample(range(1, 13), 3)))}")
    if frequency != "WEEKLY" and dice.random() < 0.3:
        parts.append(f"BYMONTHDAY={','.join(map(str, dice.sample([1, 2, 15, 28, -1, -2], 2)))}")
    if dice.random() < 0.4:
        counted = frequency in ("MONTHLY", "YEARLY") and dice.random() < 0.5
        days = [
            (dice.choice(["1", "2", "-1"]) if counted else "") + day
            for day in dice.sample(_DAYS, dice.choice([1, 2]))
        ]
        parts.append(f"BYDAY={','.join(days)}")
    if dice.random() < 0.3:
        parts.append("COUNT=7")
    return ";".join(parts)


def test_dates_are_those_that_calendar_programs_find() -> None:
    dice = random.Random(7)
    zone = "Europe/Paris"
    for _ in range(60):
        rrule = _random_rule(dice)
        day = dt.date(2026, dice.randint(1, 12), dice.randint(1, 28))
        first = dt.datetime.combine(day, dt.time(9, 30))
        ours = starts(parse(rrule, zone), first, zone, False, utc("2027-12-01"))
        if to_local(ours[0], zone) != first:
            continue  # begins elsewhere than its rule: undefined by the RFC
        theirs = icalendar.Calendar.from_ical(
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\n"
            f"DTSTART;TZID={zone}:{first:%Y%m%dT%H%M%S}\r\nRRULE:{rrule}\r\n"
            "SUMMARY:x\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        )
        found = recurring_ical_events.of(theirs).between(utc("2026-01-01"), utc("2027-12-01"))
        expected = sorted({one["DTSTART"].dt.astimezone(dt.UTC) for one in found})
        assert [one for one in ours if one < utc("2027-11-30")] == [
            one for one in expected if one < utc("2027-11-30")
        ], rrule


@pytest.mark.parametrize(
    "rrule",
    [
        "FREQ=SECONDLY", "FREQ=MINUTELY;COUNT=5", "FREQ=HOURLY", "FREQ=DAILY;BYHOUR=1,2",
        "FREQ=DAILY;BYSECOND=0", "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;INTERVAL=-1",
        "FREQ=DAILY;COUNT=0", "FREQ=DAILY;COUNT=3;UNTIL=20270101", "FREQ=DAILY;FREQ=DAILY",
        "FREQ=WEEKLY;BYDAY=1MO", "FREQ=WEEKLY;BYDAY=XX", "FREQ=MONTHLY;BYMONTHDAY=32",
        "FREQ=DAILY;UNTIL=soon", "FREQ=DAILY;UNTIL=99999999", "BYDAY=MO", "", "FREQ",
        "FREQ=DAILY;BYDAY=" + "MO," * 400, "FREQ=DAILY;INTERVAL=１",
    ],
)  # fmt: skip
def test_what_is_no_rule_is_refused(rrule: str) -> None:
    with pytest.raises(Invalid):
        parse(rrule, "Europe/Paris")


def test_no_rule_costs_much() -> None:
    began = time.perf_counter()
    for rrule in (
        "FREQ=DAILY",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;INTERVAL=7;BYDAY=TU",
        "FREQ=MONTHLY;BYMONTHDAY=1;BYSETPOS=5",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=WEEKLY;BYDAY=MO;BYSETPOS=9",
    ):
        found = starts(
            parse(rrule, "UTC"),
            dt.datetime.fromisoformat("2026-01-05T09:00"),
            "UTC",
            False,
            utc("2199-12-31"),
        )
        assert 1 <= len(found) <= MOST
    assert time.perf_counter() - began < 5


def test_what_never_comes_true_is_refused_at_once() -> None:
    first = dt.datetime.fromisoformat("2026-01-05T09:00")
    began = time.thread_time()
    for rrule in (
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=4,6;BYMONTHDAY=31,-31",
        "FREQ=DAILY;INTERVAL=7;BYDAY=TU",
        "FREQ=WEEKLY;BYDAY=MO;BYSETPOS=9",
        "FREQ=MONTHLY;BYMONTHDAY=1;BYSETPOS=5",
        "FREQ=MONTHLY;BYDAY=2MO;BYMONTHDAY=31",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
    ):
        for _ in range(10):
            with pytest.raises(Invalid):
                aligned(parse(rrule, "UTC"), first)
    assert time.thread_time() - began < 2  # it took half a second for the first one alone
    leap = aligned(parse("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29", "UTC"), first)
    assert leap == dt.datetime.fromisoformat("2028-02-29T09:00")


@pytest.mark.parametrize(
    ("rrule", "expected"),
    [
        # Where the calendar's look ahead ends in the middle of a month, no last day is invented.
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "01-30 02-27 03-31"),
        ("FREQ=WEEKLY;INTERVAL=6;BYDAY=MO,WE,FR;BYSETPOS=2", "01-07 02-18 04-01"),
        ("FREQ=DAILY;INTERVAL=30;BYSETPOS=-1", "01-07 02-06 03-08 04-07"),
        ("FREQ=DAILY;BYSETPOS=2", ""),
        ("FREQ=YEARLY;BYMONTH=2;BYDAY=53MO", ""),
        ("FREQ=MONTHLY;BYDAY=6MO,2TU", "01-13 02-10 03-10 04-14"),
    ],
)  # fmt: skip
def test_places_within_a_period(rrule: str, expected: str) -> None:
    rule = parse(rrule, "UTC")
    found = days(rule, dt.date(2026, 1, 7), dt.date(2026, 4, 15))
    assert " ".join(f"{one:%m-%d}" for one in found) == expected


def test_a_moment_survives_the_way_to_the_wall_and_back() -> None:
    for zone, hours in itertools.product(("Europe/Paris", "America/Toronto"), range(0, 8760, 37)):
        moment = utc("2026-01-01") + dt.timedelta(hours=hours)
        again = to_utc(to_local(moment, zone), zone)
        assert abs(again - moment) <= dt.timedelta(hours=1)
