"""Events read from a calendar file of somebody else: what is in it, and what cannot be taken.

Nothing is fetched and nothing is trusted: size, number and nesting are looked at before anything
is parsed, and each event that cannot be taken says why."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar

from intranet.calendar import clocks, recurrence
from intranet.kernel.errors import Invalid, TooLarge
from intranet.kernel.messages import N_
from intranet.kernel.zones import is_zone

MOST_BYTES = 1024 * 1024
MOST_EVENTS = 500
_LONGEST_LINE = 64 * 1024
_MOST_EXCLUDED = 750
_DEEPEST = 4
_MOST_REMINDERS = 3
_DEFAULT_LENGTH = dt.timedelta(minutes=30)
_LINE = re.compile(r"[A-Za-z0-9-]+[;:]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Override:
    """One date of a series that differs; times are local to the event's zone."""

    position: dt.datetime  # UTC: the start that the rule gives it
    starts: dt.datetime
    ends: dt.datetime
    title: str
    place: str
    cancelled: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """An event of the file; `problem` is a marked sentence when it cannot be taken. `starts` and
    `ends` are on the wall clock of `time_zone`, without a zone; whole days end exclusively."""

    uid: str
    title: str
    starts: dt.datetime | None = None
    ends: dt.datetime | None = None
    all_day: bool = False
    time_zone: str = "UTC"
    rrule: str = ""
    excluded: tuple[dt.datetime, ...] = ()
    source: str = ""
    place: str = ""
    online_url: str = ""
    reminders: tuple[int, ...] = ()
    overrides: tuple[Override, ...] = ()
    problem: str = ""


@dataclass
class _Refused(Exception):
    sentence: str


def read(data: bytes, zone: str) -> tuple[Found, ...]:
    """The events of the file, in its order. `zone` is what times without one mean. Invalid under
    `file`, with the line, when it is no calendar; TooLarge beyond MOST_BYTES or MOST_EVENTS."""
    if len(data) > MOST_BYTES:
        raise TooLarge(fields={"file": N_("A calendar file may have 1 MB at most.")})
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _unreadable(data[: error.start].count(b"\n") + 1) from None
    _look_over(text)
    try:
        parsed: list[Any] = list(Calendar.from_ical(text, multiple=True))
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError):
        raise Invalid(fields={"file": N_("This is not a calendar file.")}) from None
    components = [part for one in parsed for part in one.walk("VEVENT")]
    moved: dict[str, list[Any]] = {}
    for component in components:
        if "RECURRENCE-ID" in component:
            moved.setdefault(_text(component, "UID"), []).append(component)
    masters = [component for component in components if "RECURRENCE-ID" not in component]
    found = [_event(component, zone, moved) for component in masters]
    known = {event.uid for event in found}
    for uid, orphans in moved.items():
        if uid not in known:
            problem = N_("Single dates of a series that is not in the file.")
            found.append(Found(uid=uid, title=_title(orphans[0]), problem=problem))
    return tuple(found)


def key_of(uid: str) -> str:
    """How an event remembers where it comes from."""
    return uid if len(uid) <= 200 else hashlib.sha256(uid.encode()).hexdigest()


def _unreadable(line: int) -> Invalid:
    return Invalid(
        fields={"file": N_("Line %(line)s cannot be read: this is not a calendar file.")},
        line=line,
    )


def _look_over(text: str) -> None:
    """One walk over the lines before anything else touches them."""
    open_parts: list[str] = []
    events = length = last = 0
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        last = number
        if line[0] in " \t":
            length += len(line)
        else:
            length = len(line)
            if not _LINE.match(line):
                raise _unreadable(number)
            name, _colon, value = line.partition(":")
            if name.upper() == "BEGIN":
                open_parts.append(value.strip().upper())
                events += open_parts[-1] == "VEVENT"
            elif (
                name.upper() == "END"
                and (not open_parts or open_parts.pop() != value.strip().upper())
            ) or (not open_parts and name.upper() != "END"):
                raise _unreadable(number)
        if length > _LONGEST_LINE or len(open_parts) > _DEEPEST or _CONTROL.search(line):
            raise _unreadable(number)
        if open_parts and open_parts[0] != "VCALENDAR":
            raise _unreadable(number)
    if open_parts or not last:
        raise _unreadable(last or 1)
    if events > MOST_EVENTS:
        raise TooLarge(
            fields={"file": N_("A calendar file may hold %(most)s events at most.")},
            most=MOST_EVENTS,
        )


def _event(component: Any, zone: str, moved: dict[str, list[Any]]) -> Found:
    uid = _text(component, "UID")
    title = _title(component)
    try:
        return _taken(component, uid, title, zone, moved.get(uid, []))
    except _Refused as refused:
        return Found(uid=uid, title=title, problem=refused.sentence)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
        return Found(uid=uid, title=title, problem=N_("Its dates cannot be read."))


def _taken(component: Any, uid: str, title: str, zone: str, moved: Iterable[Any]) -> Found:
    if not uid:
        raise _Refused(N_("It has no identifier."))
    if component.errors:
        raise _Refused(N_("Parts of it cannot be read."))
    if str(component.get("STATUS", "")).upper() == "CANCELLED":
        raise _Refused(N_("It is cancelled."))
    if "DTSTART" not in component:
        raise _Refused(N_("It has no start."))
    if "RDATE" in component or isinstance(component.get("RRULE"), list):
        raise _Refused(N_("It repeats in a way that is not supported."))
    begin = component["DTSTART"].dt
    all_day = not isinstance(begin, dt.datetime)
    own_zone = zone if all_day else _zone_of(begin, zone, repeats="RRULE" in component)
    starts, ends = _span(component, own_zone)
    rrule = ""
    if "RRULE" in component:
        try:
            rule = recurrence.parse(component["RRULE"].to_ical().decode(), own_zone)
            starts, shift = recurrence.aligned(rule, starts), starts
            ends += starts - shift
        except Invalid:
            raise _Refused(N_("It repeats in a way that is not supported.")) from None
        rrule = str(rule)
    return Found(
        uid=uid,
        title=title,
        starts=starts,
        ends=ends,
        all_day=all_day,
        time_zone=own_zone,
        rrule=rrule,
        excluded=tuple(_excluded(component, own_zone)) if rrule else (),
        source=_text(component, "DESCRIPTION", 10_000, lines=True),
        place=_text(component, "LOCATION", 200),
        online_url=_online(component),
        reminders=tuple(_reminders(component)),
        overrides=tuple(_override(one, own_zone, title) for one in moved) if rrule else (),
    )


def _span(component: Any, zone: str) -> tuple[dt.datetime, dt.datetime]:
    begin = component["DTSTART"].dt
    starts = _local(begin, zone)
    if "DTEND" in component:
        ends = _local(component["DTEND"].dt, zone)
    elif "DURATION" in component:
        ends = starts + component["DURATION"].dt
    else:
        ends = starts + (_DEFAULT_LENGTH if isinstance(begin, dt.datetime) else dt.timedelta(1))
    if ends == starts:
        ends += _DEFAULT_LENGTH if isinstance(begin, dt.datetime) else dt.timedelta(1)
    if ends < starts:
        raise _Refused(N_("It ends before it begins."))
    if not starts.year >= clocks.EARLIEST or not ends.year <= clocks.LATEST:
        raise _Refused(N_("Its dates are too far away."))
    return starts, ends


def _override(component: Any, zone: str, title: str) -> Override:
    position = component["RECURRENCE-ID"].dt
    starts, ends = _span(component, zone)
    return Override(
        position=clocks.to_utc(_local(position, zone), zone),
        starts=starts,
        ends=ends,
        title=_title(component) or title,
        place=_text(component, "LOCATION", 200),
        cancelled=str(component.get("STATUS", "")).upper() == "CANCELLED",
    )


def _excluded(component: Any, zone: str) -> Iterator[dt.datetime]:
    kept = component.get("EXDATE", [])
    values = [one for part in (kept if isinstance(kept, list) else [kept]) for one in part.dts]
    if len(values) > _MOST_EXCLUDED:
        raise _Refused(N_("It repeats in a way that is not supported."))
    for value in values:
        yield clocks.to_utc(_local(value.dt, zone), zone)


def _local(value: dt.date | dt.datetime, zone: str) -> dt.datetime:
    """On the wall clock of the zone, without it."""
    if not isinstance(value, dt.datetime):
        return dt.datetime.combine(value, dt.time())
    if value.tzinfo is None:
        return value
    return clocks.to_local(value.astimezone(dt.UTC), zone)


def _zone_of(moment: dt.datetime, fallback: str, *, repeats: bool) -> str:
    """The IANA zone of a time: its own, one that shows the same hours, or UTC for one date."""
    if moment.tzinfo is None:
        return fallback
    key = getattr(moment.tzinfo, "key", None) or getattr(moment.tzinfo, "zone", None)
    if key and is_zone(key):
        return str(key)
    if moment.utcoffset() == dt.timedelta() and moment.tzname() == "UTC":
        return "UTC"
    for candidate in (fallback, *_COMMON):
        if _same_hours(moment, ZoneInfo(candidate)):
            return candidate
    if repeats:
        raise _Refused(N_("Its time zone is not known."))
    return "UTC"


_COMMON = (
    "Europe/Paris", "Europe/London", "America/New_York", "America/Chicago", "America/Denver",
    "America/Los_Angeles", "America/Sao_Paulo", "Asia/Kolkata", "Asia/Shanghai", "Asia/Tokyo",
    "Asia/Dubai", "Australia/Sydney", "Europe/Helsinki", "Europe/Istanbul", "Europe/Moscow",
)  # fmt: skip


def _same_hours(moment: dt.datetime, zone: ZoneInfo) -> bool:
    begin = moment.astimezone(dt.UTC)
    days = (begin + dt.timedelta(days=15 * step) for step in range(25))
    return all(
        day.astimezone(moment.tzinfo).utcoffset() == day.astimezone(zone).utcoffset()
        for day in days
    )


def _text(component: Any, name: str, limit: int = 2000, *, lines: bool = False) -> str:
    value = component.get(name, "")
    text = _CONTROL.sub("", str(value[0] if isinstance(value, list) else value)).strip()
    return text[:limit] if lines else " ".join(text.split())[:limit]


def _title(component: Any) -> str:
    return _text(component, "SUMMARY", 200)


def _online(component: Any) -> str:
    for name in ("CONFERENCE", "X-GOOGLE-CONFERENCE", "URL"):
        value = _text(component, name, 501)
        if value.startswith(("https://", "http://")) and len(value) <= 500 and " " not in value:
            return value
    return ""


def _reminders(component: Any) -> Iterator[int]:
    minutes = set()
    for alarm in component.walk("VALARM"):
        trigger = getattr(alarm.get("TRIGGER"), "dt", None)
        if isinstance(trigger, dt.timedelta):
            before = int(-trigger.total_seconds() // 60)
            if 0 <= before <= 28 * 24 * 60:
                minutes.add(before)
    return iter(sorted(minutes)[:_MOST_REMINDERS])
