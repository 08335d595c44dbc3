"""When something takes place, in words, on the clock of the place itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import groupby
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time, get_timezone_location
from flask_babel import get_locale, gettext

from intranet.public.cards import PublicEvent


def local_times(event: PublicEvent) -> tuple[dt.datetime, dt.datetime]:
    """Start and end on the clock of its zone; the end of an all-day date on its last day."""
    zone = ZoneInfo(event.time_zone)
    ends = event.ends_at - dt.timedelta(seconds=1) if event.all_day else event.ends_at
    return event.starts_at.astimezone(zone), ends.astimezone(zone)


def when(event: PublicEvent) -> str:
    """Date and time in the reader's language, with the zone."""
    locale = _locale()
    starts, ends = local_times(event)
    first, last = (format_date(moment, "EEEE d MMMM y", locale=locale) for moment in (starts, ends))
    if event.all_day:
        days = first if first == last else gettext("%(first)s to %(last)s", first=first, last=last)
        return str(days)
    begin, end = (format_time(moment, "HH:mm", locale=locale) for moment in (starts, ends))
    zone = get_timezone_location(ZoneInfo(event.time_zone), locale=locale, return_city=True)
    if first == last:
        said = gettext(
            "%(day)s, %(begin)s to %(end)s (%(zone)s time)",
            day=first, begin=begin, end=end, zone=zone,
        )  # fmt: skip
    else:
        said = gettext(
            "%(first)s, %(begin)s, to %(last)s, %(end)s (%(zone)s time)",
            first=first, begin=begin, last=last, end=end, zone=zone,
        )  # fmt: skip
    return str(said)


def by_month(events: Sequence[PublicEvent]) -> list[tuple[str, list[tuple[PublicEvent, str, str]]]]:
    """The events under the names of their months, each with its day's number and weekday."""
    locale = _locale()

    def month(event: PublicEvent) -> str:
        return str(format_date(local_times(event)[0], "MMMM y", locale=locale))

    return [
        (
            name,
            [
                (
                    event,
                    str(local_times(event)[0].day),
                    str(format_date(local_times(event)[0], "EEE", locale=locale)),
                )
                for event in found
            ],
        )
        for name, found in groupby(events, month)
    ]


def _locale() -> Locale:
    return get_locale() or Locale("en")
