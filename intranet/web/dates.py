"""Words for dates and times of events, in the reader's language and zone."""

from __future__ import annotations

import datetime as dt

from flask import Flask
from flask_babel import format_date, format_time, gettext, to_user_timezone

from intranet.calendar.cards import EventCard


def register(app: Flask) -> None:
    """Attach the filters."""
    app.jinja_env.filters.update(
        month_title=month_title,
        month_words=month_words,
        day_title=day_title,
        weekday=weekday,
        clock_time=clock_time,
        event_hours=event_hours,
        local_day=local_day,
        webcal=webcal,
    )


def month_title(day: dt.date) -> str:
    """ "November 2026", as a title begins."""
    return _capital(month_words(day))


def month_words(day: dt.date) -> str:
    """ "November 2026", within a sentence."""
    return str(format_date(day, "LLLL y"))


def day_title(day: dt.date) -> str:
    """ "Thursday 26 November", as a title begins."""
    return _capital(str(format_date(day, "EEEE d MMMM")))


def weekday(day: dt.date, width: str = "EEE") -> str:
    """The day's name: EEE short, EEEE whole, EEEEE a letter."""
    return str(format_date(day, width))


def clock_time(moment: dt.datetime) -> str:
    """What the reader's clock shows at that moment."""
    return str(format_time(moment, "short"))


def local_day(moment: dt.datetime) -> dt.date:
    """The reader's date at that moment."""
    day: dt.date = to_user_timezone(moment).date()
    return day


def event_hours(card: EventCard) -> str:
    """From when to when, on its first day."""
    if card.all_day:
        return str(gettext("All day"))
    start, end = to_user_timezone(card.starts_at), to_user_timezone(card.ends_at)
    if start.date() == end.date():
        return f"{clock_time(card.starts_at)} – {clock_time(card.ends_at)}"
    return str(gettext("from %(time)s", time=clock_time(card.starts_at)))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def webcal(address: str) -> str:
    """The address by the scheme that opens a calendar program."""
    return "webcal:" + address.partition(":")[2]
