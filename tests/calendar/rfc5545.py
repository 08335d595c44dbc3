"""A small checker of what RFC 5545 and RFC 5546 demand, written from their text."""

from __future__ import annotations

import re

from icalendar import Calendar

_NAME = re.compile(
    rb"^[A-Z0-9-]+(;[A-Z0-9-]+=(\"[^\"\x00-\x1f]*\"|[^\";:,\x00-\x1f]*)(,[^;:]*)?)*:"
)
_ONCE = {
    "UID",
    "DTSTAMP",
    "DTSTART",
    "DTEND",
    "SUMMARY",
    "SEQUENCE",
    "STATUS",
    "ORGANIZER",
    "RRULE",
}


def problems(raw: bytes) -> list[str]:
    """What is wrong with a calendar; empty when nothing is."""
    found = []
    if raw.replace(b"\r\n", b"").count(b"\n") or raw.replace(b"\r\n", b"").count(b"\r"):
        found.append("a line does not end with CRLF")
    if not raw.endswith(b"END:VCALENDAR\r\n"):
        found.append("it does not end")
    for line in raw.split(b"\r\n"):
        if len(line) > 75:
            found.append(f"longer than 75 octets: {line!r}")
        line.decode("utf-8")  # no character is cut in two
    unfolded = re.sub(rb"\r\n[ \t]", b"", raw)
    for line in unfolded.strip().split(b"\r\n"):
        if not _NAME.match(line):
            found.append(f"not a content line: {line!r}")
    calendar = Calendar.from_ical(raw)
    found += [str(error) for part in calendar.walk() for error in part.errors]
    for required in ("PRODID", "VERSION"):
        if required not in calendar:
            found.append(f"no {required}")
    zones = {str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")}
    seen = set()
    for event in calendar.walk("VEVENT"):
        found += [f"no {name}" for name in ("UID", "DTSTAMP", "DTSTART") if name not in event]
        found += [f"{name} twice" for name in _ONCE if isinstance(event.get(name), list)]
        position = event.get("RECURRENCE-ID")
        key = (str(event["UID"]), position and position.to_ical())
        if key in seen:
            found.append(f"twice: {key}")
        seen.add(key)
        if event.get("DTEND") and event["DTEND"].dt <= event["DTSTART"].dt:
            found.append("it ends before it begins")
        for name, values in event.items():
            for value in values if isinstance(values, list) else [values]:
                zone = getattr(value, "params", {}).get("TZID")
                if zone and zone not in zones:
                    found.append(f"{name}: no VTIMEZONE for {zone}")
    for zone in calendar.walk("VTIMEZONE"):
        if not zone.subcomponents:
            found.append("an empty VTIMEZONE")
    if str(calendar.get("METHOD", "")) in ("REQUEST", "CANCEL"):
        for event in calendar.walk("VEVENT"):
            found += [f"no {n}" for n in ("ORGANIZER", "ATTENDEE", "SEQUENCE") if n not in event]
    return found
