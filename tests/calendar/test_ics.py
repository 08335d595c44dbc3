"""Calendar files are valid and mean what our calendar means, over every change of the clocks."""

from __future__ import annotations

import datetime as dt
import secrets

import pytest
import recurring_ical_events
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from intranet.calendar import clocks, ics, recurrence, schedule, zones
from intranet.calendar.models import Event, Occurrence
from tests.calendar.rfc5545 import problems
from tests.calendar.rows import event_of

# Wall clocks.
_WINTER = dt.datetime.fromisoformat("2026-01-05T09:00")
_SPRING = dt.datetime.fromisoformat("2026-05-04T09:00")
_AUTUMN = dt.datetime.fromisoformat("2026-11-02T09:00")
_UNTIL = dt.datetime(2027, 4, 30, tzinfo=dt.UTC)
ZONES = (
    "Europe/Paris", "America/Toronto", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kolkata",
    "America/Nuuk", "Europe/Dublin", "Pacific/Auckland", "UTC",
)  # fmt: skip
RULES = (
    "FREQ=DAILY;INTERVAL=3", "FREQ=WEEKLY;BYDAY=MO,SU", "FREQ=MONTHLY;BYDAY=-1SU",
    "FREQ=MONTHLY;BYMONTHDAY=28", "FREQ=WEEKLY;COUNT=60", "FREQ=DAILY;UNTIL=20270329",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU;UNTIL=20270328T120000Z", "FREQ=YEARLY",
)  # fmt: skip


def entry(event: Event, dates: list[Occurrence]) -> ics.Entry:
    return ics.Entry(
        event=event,
        dates=dates,
        organiser='Inès "La Vis" Kaddour; chef, essais',
        organiser_uri="mailto:ines@example.test",
        url="https://parvis.example.test/events/1",
        categories=("Tramway; T4, essais",),
    )


def written(event: Event, dates: list[Occurrence]) -> bytes:
    raw: bytes = ics.calendar_of(ics.series(entry(event, dates)), name="Parvis").to_ical()
    return raw


def meant(raw: bytes) -> set[tuple[dt.date, dt.date, str]]:
    """What an independent library reads in the file."""
    found = recurring_ical_events.of(Calendar.from_ical(raw)).between((2026, 9, 1), (2027, 4, 30))
    return {(_utc(one["DTSTART"].dt), _utc(one["DTEND"].dt), str(one["SUMMARY"])) for one in found}


def _utc(value: dt.date) -> dt.date:
    return value.astimezone(dt.UTC) if isinstance(value, dt.datetime) else value


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    zone=st.sampled_from(ZONES),
    rule=st.sampled_from(RULES),
    day=st.dates(dt.date(2026, 9, 1), dt.date(2026, 11, 5)),
    # Also the hours that a spring day skips and an autumn day has twice.
    hour=st.sampled_from((0, 1, 2, 9, 23)),
    all_day=st.booleans(),
    changes=st.lists(st.tuples(st.integers(0, 400), st.sampled_from("xmct")), max_size=6),
)
def test_a_file_holds_the_dates_that_the_calendar_has(
    zone: str,
    rule: str,
    day: dt.date,
    hour: int,
    all_day: bool,
    changes: list[tuple[int, str]],
) -> None:
    starts = dt.datetime.combine(day, dt.time() if all_day else dt.time(hour, 30))
    starts = recurrence.aligned(recurrence.parse(rule, zone), starts)
    length = dt.timedelta(days=2) if all_day else dt.timedelta(hours=4 if hour == 23 else 1)
    draft = event_of(1, starts, starts + length, time_zone=zone, all_day=all_day, rrule=rule)
    first = _starts(draft)
    if not first:
        return
    event, dates = draft, {}
    for number, start in enumerate(first):
        dates[start] = Occurrence(
            id=number + 1, recurrence_id=start, starts_at=start, moved=False, changes={},
            ends_at=schedule.ends_at(event, start), cancelled_at=None,
        )  # fmt: skip
    order = sorted(dates)
    for where, kind in changes:
        date = dates.get(order[where % len(order)])
        if date is None:
            continue
        if kind == "x":
            event.excluded = sorted({*event.excluded, date.recurrence_id.isoformat()})
            del dates[date.recurrence_id]
        elif kind == "c":
            date.cancelled_at = dt.datetime(2026, 1, 5, tzinfo=dt.UTC)
        elif kind == "t":
            date.changes = {"title": "Autre titre"}
        elif not date.moved:
            date.moved = True
            date.starts_at, date.ends_at = _shifted(event, date.starts_at, date.ends_at)
    raw = written(event, list(dates.values()))
    assert problems(raw) == []
    ours = {
        (
            _utc(ics.wall_clock(event, date.starts_at)),
            _utc(ics.wall_clock(event, date.ends_at)),
            date.changes.get("title", event.title),
        )
        for date in dates.values()
        if date.cancelled_at is None
    }
    inside = dt.date(2027, 4, 10)
    assert {one for one in meant(raw) if _day(one[0]) < inside} == {
        one for one in ours if _day(one[0]) < inside
    }


def _starts(event: Event) -> list[dt.datetime]:
    found = recurrence.starts(
        schedule.rule_of(event),
        clocks.to_local(event.starts_at, event.time_zone),
        event.time_zone,
        event.all_day,
        _UNTIL,
    )
    return [start for start in found if start < _UNTIL]


def _shifted(event: Event, *moments: dt.datetime) -> list[dt.datetime]:
    if not event.all_day:
        return [moment + dt.timedelta(hours=3, minutes=5) for moment in moments]
    zone, day = event.time_zone, dt.timedelta(days=1)
    return [clocks.to_utc(clocks.to_local(moment, zone) + day, zone) for moment in moments]


def _day(value: dt.date) -> dt.date:
    return value.date() if isinstance(value, dt.datetime) else value


@pytest.mark.parametrize("zone", [*ZONES, "Europe/London", "America/Los_Angeles", "Asia/Gaza"])
def test_a_zone_is_written_with_the_rules_it_follows(zone: str) -> None:
    event = event_of(1, _WINTER, time_zone=zone)
    if zone == "UTC":
        assert b"DTSTART:20260105T090000Z" in written(event, [])
        return
    component = zones.component(zone, 2026)
    read = Calendar.from_ical(ics.calendar_of(ics.series(entry(event, []))).to_ical())
    (part,) = read.walk("VTIMEZONE")
    rebuilt = part.to_tz(lookup_tzid=False)
    ours = dt.datetime(2026, 1, 5, 9, tzinfo=dt.UTC)
    for week in range(52 * 5):
        moment = ours + dt.timedelta(weeks=week)
        expected = clocks.to_local(moment, zone)
        got = expected.replace(tzinfo=rebuilt)
        assert expected - got.utcoffset() == moment.replace(tzinfo=None), (zone, moment)
    if zone in ("Europe/Paris", "America/Toronto"):
        assert all("RRULE" in rules for rules in component.subcomponents)


def test_words_survive_folding_and_escapes_and_nothing_else_comes_in() -> None:
    title = "Réunion ; d’équipe, \\n 🚋" * 6
    event = event_of(
        1, _SPRING, title=title[:200], source="**Gras**\r\nATTENDEE:x\n\n- un",
        place="Nantes, quai 3", room="Erdre", online_url="https://visio.example.test/a?b=c;d",
        reminders=[10, 1440], uid=f"{secrets.token_hex(60)}@x",
    )  # fmt: skip
    raw = written(event, [])
    assert problems(raw) == []
    (read,) = Calendar.from_ical(raw).walk("VEVENT")
    assert str(read["SUMMARY"]) == event.title
    assert "Gras\nATTENDEE:x\n\n• un" in str(read["DESCRIPTION"])
    assert "ATTENDEE" not in read
    assert str(read["LOCATION"]) == "Erdre, Nantes, quai 3"
    assert read["ORGANIZER"].params["CN"] == "Inès La Vis Kaddour; chef, essais"
    assert [alarm["TRIGGER"].dt for alarm in read.walk("VALARM")] == [
        -dt.timedelta(minutes=10),
        -dt.timedelta(minutes=1440),
    ]


def test_a_cancelled_event_says_so_and_a_cancelled_date_is_taken_out() -> None:
    event = event_of(1, _AUTUMN, rrule="FREQ=WEEKLY;COUNT=3")
    second = event.starts_at + dt.timedelta(weeks=1)
    off = Occurrence(
        id=2, recurrence_id=second, starts_at=second, ends_at=second + dt.timedelta(hours=1),
        moved=False, changes={}, cancelled_at=second,
    )  # fmt: skip
    assert len(meant(written(event, [off]))) == 2
    event.cancelled_at = second
    (read,) = Calendar.from_ical(written(event, [off])).walk("VEVENT")
    assert str(read["STATUS"]) == "CANCELLED"
    assert not read.walk("VALARM")
