"""When an event takes place, in the reader's language and zone."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from flask import Flask
from flask_babel import format_date, format_time, get_timezone, gettext, ngettext
from flask_babel import gettext as _

from intranet.calendar.cards import EventCard
from intranet.calendar.clocks import to_local
from intranet.kernel.clock import utc_now

_DAY = dt.timedelta(days=1)


def register(app: Flask) -> None:
    """Attach the filters, and the names of the weekdays."""
    app.jinja_env.globals.update(weekday_words=weekday_words)
    app.jinja_env.filters.update(
        event_when=event_when,
        event_there=event_there,
        event_first_day=first_day,
        moment_when=moment_when,
        reminder_words=reminder_words,
        date_part=date_part,
    )


def weekday_words(number: int) -> str:
    """The short name of a weekday, Monday = 0."""
    return str(format_date(dt.date(2024, 1, 1) + number * _DAY, "EEE"))


def first_day(card: EventCard) -> dt.date:
    """The day it begins: the reader's, or the event's own when it lasts all day."""
    zone = ZoneInfo(card.time_zone) if card.all_day else get_timezone()
    return card.starts_at.astimezone(zone).date()


def date_part(day: dt.date, pattern: str) -> str:
    """One part of a day by its pattern: "EEE", "MMM"."""
    return str(format_date(day, pattern))


def event_when(card: EventCard) -> str:
    """From when to when, on one line."""
    if card.all_day:
        first = first_day(card)
        last = card.ends_at.astimezone(ZoneInfo(card.time_zone)).date() - _DAY
        return days_between(first, max(first, last))
    return hours_between(card.starts_at, card.ends_at)


def moment_when(moment: dt.datetime) -> str:
    """A day and a time, in short."""
    local = moment.astimezone(get_timezone())
    return str(_("%(day)s, %(hours)s", day=_short_day(local), hours=_clock(local)))


def hours_between(starts_at: dt.datetime, ends_at: dt.datetime) -> str:
    """Day and hours of a date, in the reader's zone."""
    zone = get_timezone()
    return _hours(starts_at.astimezone(zone), ends_at.astimezone(zone))


def _hours(start: dt.datetime, end: dt.datetime) -> str:
    if start.date() == end.date() or (end - start < _DAY and end.hour < 6):
        day = str(format_date(start.date(), _pattern(start, gettext("EEEE d MMMM"))))
        hours = f"{_clock(start)} – {_clock(end)}"
        return _capital(_("%(day)s, %(hours)s", day=day, hours=hours))
    words = [
        _("%(day)s, %(hours)s", day=_short_day(one), hours=_clock(one)) for one in (start, end)
    ]
    return _capital(" – ".join(words))


def _short_day(day: dt.date) -> str:
    return str(format_date(day, _pattern(day, gettext("EEE d MMM"))))


def days_between(first: dt.date, last: dt.date) -> str:
    """A day, or from which day to which."""
    pattern = gettext("EEEE d MMMM")
    if first == last:
        day = str(format_date(first, _pattern(first, pattern)))
        return _capital(_("%(day)s, all day", day=day))
    return _capital(" – ".join(map(_short_day, (first, last))))


def event_there(card: EventCard) -> str:
    """The hours on the clocks of the event's zone, when they differ from the reader's; else ""."""
    if card.all_day:
        return ""
    zone = ZoneInfo(card.time_zone)
    here, there = card.starts_at.astimezone(get_timezone()), card.starts_at.astimezone(zone)
    if here.utcoffset() == there.utcoffset():
        return ""
    ends = card.ends_at.astimezone(zone)
    hours = f"{_clock(there)} – {_clock(ends)}"
    city = card.time_zone.rpartition("/")[2].replace("_", " ")
    return str(_("%(hours)s in %(city)s", hours=hours, city=city))


def reminder_words(minutes: int) -> str:
    """How long before."""
    if minutes % 1440 == 0:
        return str(ngettext("%(num)s day before", "%(num)s days before", minutes // 1440))
    if minutes % 60 == 0:
        return str(ngettext("%(num)s hour before", "%(num)s hours before", minutes // 60))
    return str(ngettext("%(num)s minute before", "%(num)s minutes before", minutes))


def in_zone(starts_at: dt.datetime, ends_at: dt.datetime, zone: str, all_day: bool) -> str:
    """The time by the event's own clocks: for a text that everybody reads."""
    start, end = to_local(starts_at, zone), to_local(ends_at, zone)
    if all_day:
        return days_between(start.date(), max(start.date(), end.date() - _DAY))
    return f"{_hours(start, end)} ({zone})"


def _clock(moment: dt.datetime) -> str:
    return str(format_time(moment.replace(tzinfo=None).time(), "short", rebase=False))


def _pattern(day: dt.date, pattern: str) -> str:
    """With the year when it is not this one."""
    return pattern if day.year == utc_now().year else f"{pattern} y"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
