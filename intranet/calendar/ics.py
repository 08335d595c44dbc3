"""Events as iCalendar (RFC 5545): a whole series with its exceptions, or one date of it.

Times are written on the wall clock of the event's zone, so that a series keeps its hour when the
clocks change; what a wall clock cannot say (the second of two equal hours) is written in UTC.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, vCalAddress, vRecur, vText, vUri
from icalendar import Event as Component

from intranet.calendar import zones
from intranet.calendar.models import Event, Occurrence
from intranet.kernel.text import plain_text

MEDIA_TYPE = "text/calendar; charset=utf-8"
_PRODUCT = "-//Parvis//Parvis 1//EN"
_DESCRIPTION_LIMIT = 8000
_CLOCKS_CHANGE_BEFORE = 5  # o'clock, everywhere

# icalendar types every property as any of thirty kinds; which it is, RFC 5545 says.
Part = Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """An event with what its rows do not say. `dates` are at least those that differ from the
    rule. `organiser` is the name, `organiser_uri` mailto: or a page's address; `url` leads to the
    event. `busy`: whether it takes the reader's time; `alarms`: whether it may ring."""

    event: Event
    dates: Sequence[Occurrence]
    organiser: str
    organiser_uri: str
    url: str
    categories: tuple[str, ...] = ()
    busy: bool = True
    alarms: bool = True


def calendar_of(
    components: Iterable[tuple[Event, Part]], *, name: str = "", method: str = ""
) -> Part:
    """A VCALENDAR of these parts with the zones that they speak of."""
    calendar: Part = Calendar()
    calendar.add("PRODID", _PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    if method:
        calendar.add("METHOD", method)
    if name:
        calendar.add("NAME", name)
        calendar.add("X-WR-CALNAME", name)
    since: dict[str, int] = {}
    parts = []
    for event, component in components:
        parts.append(component)
        if not event.all_day and not zones.is_utc(event.time_zone):
            year = component["DTSTART"].dt.year
            since[event.time_zone] = min(year, since.get(event.time_zone, year))
    for zone, year in sorted(since.items()):
        calendar.add_component(zones.component(zone, year))
    for component in parts:
        calendar.add_component(component)
    return calendar


def series(entry: Entry) -> list[tuple[Event, Part]]:
    """The event with its rule, and each date that was moved or says something else. Cancelled
    dates are taken out of the rule; a cancelled event says so."""
    event = entry.event
    master = _described(entry, {}, event.starts_at, event.ends_at, event.cancelled_at is not None)
    found = [(event, master)]
    if not event.rrule:
        date = next(iter(entry.dates), None)
        if date is None:
            return found
        return [(event, _one(entry, date))]
    master.add("RRULE", _rule(event))
    dropped = {dt.datetime.fromisoformat(text) for text in event.excluded}
    dropped |= {
        date.recurrence_id
        for date in entry.dates
        if date.cancelled_at is not None and event.cancelled_at is None
    }
    for moment in sorted(dropped):
        master.add("EXDATE", position(event, moment))
    for date in sorted(entry.dates, key=lambda date: date.recurrence_id):
        differs = date.moved or date.changes or _reads_otherwise(event, date)
        if differs and date.recurrence_id not in dropped:
            found.append((event, instance(entry, date)))
    return found


def near_a_change_of_clocks(event: Event) -> bool:
    """Whether dates of this series may lie over the hour at which clocks change: then `dates`
    of its entry must be all of them."""
    if event.all_day or not event.rrule or zones.is_utc(event.time_zone):
        return False
    zone = ZoneInfo(event.time_zone)
    starts, ends = event.starts_at.astimezone(zone), event.ends_at.astimezone(zone)
    return starts.hour < _CLOCKS_CHANGE_BEFORE or starts.date() != ends.date()


def _reads_otherwise(event: Event, date: Occurrence) -> bool:
    """Whether programs could read this date in two ways: its start is skipped, or it lasts over
    a change of clocks, which some add by the wall clock. Such a date is written out."""
    if event.all_day or zones.is_utc(event.time_zone):
        return False
    zone = ZoneInfo(event.time_zone)

    def clock(moment: dt.datetime) -> dt.datetime:
        return moment.astimezone(zone).replace(tzinfo=None)

    place = position(event, date.recurrence_id)
    assert isinstance(place, dt.datetime)
    nominal = clock(event.ends_at) - clock(event.starts_at)
    skipped = place.replace(tzinfo=None) != clock(date.recurrence_id)
    return skipped or clock(date.ends_at) - clock(date.starts_at) != nominal


def instance(entry: Entry, date: Occurrence) -> Part:
    """One date of a series, named by its RECURRENCE-ID; of a single event, the event."""
    component = _one(entry, date)
    if entry.event.rrule:
        component.add("RECURRENCE-ID", position(entry.event, date.recurrence_id))
    return component


def place(entry: Entry, starts_at: dt.datetime, ends_at: dt.datetime, *, all_day: bool) -> Part:
    """A date that may be gone, named by the place that it had in the rule; `all_day`: whether it
    took whole days then."""
    component = _described(entry, {}, starts_at, ends_at, True)
    if all_day is not entry.event.all_day:
        zone = ZoneInfo(entry.event.time_zone)
        for name in ("DTSTART", "DTEND"):
            component.pop(name)
        begins: dt.date = starts_at.astimezone(zone).date() if all_day else starts_at
        component.add("DTSTART", begins)
        component.add("RECURRENCE-ID", begins)
        return component
    component.add("RECURRENCE-ID", position(entry.event, starts_at))
    return component


def alone(entry: Entry, date: Occurrence) -> Part:
    """One date of a series as an event of its own, for who takes part in some dates only."""
    component = _one(entry, date)
    if entry.event.rrule:
        component["UID"] = vText(f"{date.id}.{entry.event.uid}")
    return component


def position(event: Event, moment: dt.datetime) -> dt.date | dt.datetime:
    """A date's place in the rule: the rule's own wall clock, also on the day when that hour is
    skipped (RFC 5545, 3.3.5)."""
    if event.all_day or zones.is_utc(event.time_zone):
        return wall_clock(event, moment)
    zone = ZoneInfo(event.time_zone)
    local = moment.astimezone(zone)
    clock = event.starts_at.astimezone(zone)
    ruled = local.replace(hour=clock.hour, minute=clock.minute, second=clock.second, fold=0)
    for day in (ruled, ruled - dt.timedelta(days=1)):
        if day.astimezone(dt.UTC) == moment:
            return day
    return wall_clock(event, moment)


def wall_clock(event: Event, moment: dt.datetime) -> dt.date | dt.datetime:
    """A moment as the event's clock shows it; a date when it takes whole days."""
    if zones.is_utc(event.time_zone) and not event.all_day:
        return moment.astimezone(dt.UTC)
    local = moment.astimezone(ZoneInfo(event.time_zone))
    if event.all_day:
        return local.date()
    return moment.astimezone(dt.UTC) if local.fold else local


def address(uri: str, name: str = "", **parameters: str) -> vCalAddress:
    """A calendar address with its name and parameters (PARTSTAT, RSVP and the like)."""
    value = vCalAddress(uri)
    if name:
        # A quotation mark or a control character would end the parameter.
        value.params["CN"] = "".join(mark for mark in name if mark.isprintable() and mark != '"')
    for key, text in parameters.items():
        value.params[key] = text
    return value


def _one(entry: Entry, date: Occurrence) -> Part:
    cancelled = date.cancelled_at is not None or entry.event.cancelled_at is not None
    return _described(entry, date.changes, date.starts_at, date.ends_at, cancelled)


def _described(
    entry: Entry,
    changes: dict[str, str],
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    cancelled: bool,
) -> Part:
    event = entry.event
    component: Part = Component()
    component.add("UID", event.uid)
    # Without METHOD it is when the event was last revised: the same content, the same bytes.
    component.add("DTSTAMP", event.updated_at)
    component.add("CREATED", event.created_at)
    component.add("LAST-MODIFIED", event.updated_at)
    component.add("SEQUENCE", event.sequence)
    component.add("DTSTART", wall_clock(event, starts_at))
    component.add("DTEND", wall_clock(event, ends_at))
    title = changes.get("title", event.title)
    component.add("SUMMARY", title)
    online = changes.get("online_url", event.online_url)
    description = "\n\n".join(filter(None, (_plain(event.source), online, entry.url)))
    component.add("DESCRIPTION", description)
    where = (changes.get("room", event.room), changes.get("place", event.place))
    location = ", ".join(filter(None, where)) or online
    if location:
        component.add("LOCATION", location)
    if online:
        link = vUri(online)
        link.params["VALUE"] = "URI"
        component.add("CONFERENCE", link)
    component.add("STATUS", "CANCELLED" if cancelled else "CONFIRMED")
    component.add("TRANSP", "OPAQUE" if entry.busy and not cancelled else "TRANSPARENT")
    component.add("ORGANIZER", address(entry.organiser_uri, entry.organiser))
    if entry.categories:
        component.add("CATEGORIES", list(entry.categories))
    component.add("URL", vUri(entry.url))
    if entry.alarms and not cancelled:
        for minutes in sorted(set(event.reminders)):
            alarm: Part = Alarm()
            alarm.add("ACTION", "DISPLAY")
            alarm.add("DESCRIPTION", title)
            alarm.add("TRIGGER", -dt.timedelta(minutes=minutes))
            component.add_component(alarm)
    return component


def _rule(event: Event) -> vRecur:
    """The rule with UNTIL as RFC 5545 wants it beside this DTSTART: a date, or UTC."""
    rule: vRecur = vRecur.from_ical(event.rrule)
    until = rule.get("UNTIL")
    if until:
        zone = ZoneInfo(event.time_zone)
        last = until[0] if isinstance(until, list) else until
        if not isinstance(last, dt.datetime):
            if not event.all_day:
                last = dt.datetime.combine(last, dt.time.max.replace(microsecond=0), zone)
        elif last.tzinfo is None:
            last = last.replace(tzinfo=zone)
        if isinstance(last, dt.datetime):
            last = last.astimezone(zone).date() if event.all_day else last.astimezone(dt.UTC)
        rule["UNTIL"] = [last]
    return rule


def _plain(source: str) -> str:
    """Markdown as plain text, its lines kept."""
    lines = []
    for line in source[:_DESCRIPTION_LIMIT].splitlines():
        mark = "• " if line.lstrip().startswith(("- ", "* ")) else ""
        lines.append(mark + plain_text(line) if line.strip() else "")
    return "\n".join(lines).strip()
