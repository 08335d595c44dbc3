"""The reader's language and clock: chosen once per request, used by every template."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_timedelta
from flask import Flask, g, has_request_context, request
from flask_babel import (
    Babel,
    format_date,
    format_datetime,
    format_decimal,
    format_percent,
    format_time,
    get_locale,
    get_translations,
    gettext,
    to_user_timezone,
)

from intranet.kernel.clock import utc_now
from intranet.letters import reader
from intranet.settings import Settings
from intranet.web.identity import viewer_or_none

LOCALES = ("en", "fr")

# One clock and one order of day and month in both languages: Babel's English is the American one.
_DATE_FORMATS = Babel.default_date_formats | {
    "time.short": "HH:mm",
    "date.medium": "d MMM y",
    "date.long": "d MMMM y",
    "datetime.full": "EEEE d MMMM y, HH:mm",
}


def register(app: Flask, settings: Settings) -> None:
    """Attach Flask-Babel and the filters for times."""

    def locale() -> str:
        if not has_request_context():
            return reader.locale_of_reader() or settings.default_locale
        if "chosen_language" in g:  # by a door that has its own way of choosing
            return str(g.chosen_language)
        viewer = viewer_or_none()
        if viewer is not None and viewer.locale in LOCALES:
            return str(viewer.locale)
        return request.accept_languages.best_match(LOCALES) or settings.default_locale

    def time_zone() -> str:
        if not has_request_context():
            return reader.zone_of_reader() or settings.default_timezone
        viewer = viewer_or_none()
        return viewer.time_zone if viewer is not None else settings.default_timezone

    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    Babel(
        app, locale_selector=locale, timezone_selector=time_zone, date_formats=dict(_DATE_FORMATS)
    )
    _translate_templates(app)
    app.jinja_env.filters.update(
        ago=ago,
        lasting=lasting,
        letter_time=letter_time,
        local_clock=local_clock,
        plain_day=plain_day,
        local_minute=local_minute,
        long_time=long_time,
        short_date=short_date,
        long_day=long_day,
        day_and_time=day_and_time,
        number=format_decimal,
        percent=format_percent,
        whole_percent=whole_percent,
    )
    app.jinja_env.globals.update(current_language=current_language)


def _translate_templates(app: Flask) -> None:
    """A page holds a hundred sentences: their catalogue is looked up by the language alone.
    Flask-Babel asks for the context three times and writes out the locale for each sentence."""
    catalogues: dict[str, Any] = {}

    def catalogue() -> Any:
        locale = get_locale()
        if locale is None:
            return get_translations()
        found = catalogues.get(locale.language)
        if found is None:
            found = catalogues[locale.language] = get_translations()
        return found

    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda text: catalogue().ugettext(text),
        ngettext=lambda one, many, number: catalogue().ungettext(one, many, number),
        pgettext=lambda context, text: catalogue().upgettext(context, text),
        npgettext=lambda context, one, many, number: catalogue().unpgettext(
            context, one, many, number
        ),
        newstyle=True,
    )


def current_language() -> str:
    """The language of this answer: en or fr."""
    return str(get_locale() or "en")[:2]


def language_names(codes: Iterable[str]) -> dict[str, str]:
    """Codes of languages, each with its name in itself ("Français")."""
    found = {}
    for code in codes:
        name = Locale(code).get_language_name(code) or code
        found[code] = name[:1].upper() + name[1:]
    return found


def long_day(moment: dt.datetime) -> str:
    """The day in the reader's zone, with its weekday ("Friday, 4 December")."""
    same_year = moment.year == utc_now().year
    return str(format_datetime(moment, "EEEE d MMMM" if same_year else "EEEE d MMMM y"))


def day_and_time(moment: dt.datetime) -> str:
    """A day and its time in the reader's zone ("4 Dec, 08:43")."""
    return str(gettext("%(day)s at %(time)s", day=long_day(moment), time=_clock(moment)))


def _clock(moment: dt.datetime) -> str:
    return str(format_time(moment, "short"))


def ago(moment: dt.datetime) -> str:
    """How long ago, in words; a date once that says more ("12 minutes ago", "3 June")."""
    age = utc_now() - moment
    if age < dt.timedelta(minutes=1):
        return str(gettext("just now"))
    if age < dt.timedelta(days=1):
        return str(
            format_timedelta(-age, add_direction=True, format="short", locale=get_locale() or "en")
        )
    if age < dt.timedelta(days=6):
        return str(format_datetime(moment, "EEE HH:mm"))
    same_year = moment.year == utc_now().year
    return str(format_datetime(moment, "d MMM" if same_year else "d MMM y"))


def long_time(moment: dt.datetime) -> str:
    """The whole date and time in the reader's zone, for titles."""
    return str(format_datetime(moment, "full"))


def letter_time(moment: dt.datetime) -> str:
    """Date and time in the reader's zone, for sentences; with the zone, since a letter is read
    anywhere ("25 November 2026 at 10:15 CET")."""
    local = to_user_timezone(moment)
    clock = f"{local:%H:%M} {local.tzname() or ''}".strip()
    return str(gettext("%(day)s at %(clock)s", day=format_date(local, "long"), clock=clock))


def short_date(day: dt.date) -> str:
    """A date in the reader's language."""
    return str(format_date(day, "medium"))


def plain_day(moment: dt.datetime) -> str:
    """The day in the reader's zone and language ("3 Jun 2026")."""
    return str(format_datetime(moment, "d MMM y"))


def local_minute(moment: dt.datetime) -> str:
    """The day and the minute in the reader's zone and language."""
    return str(format_datetime(moment, "d MMM y HH:mm"))


def whole_percent(whole: int) -> str:
    """Whole percents as the reader writes them ("54%", "54 %")."""
    return str(format_percent(whole / 100))


def lasting(span: dt.timedelta) -> str:
    """How long, in words ("3 days")."""
    return str(format_timedelta(span, locale=get_locale() or "en", threshold=1.2))


def local_clock(zone: str) -> str:
    """What the clock shows now in that IANA zone."""
    return str(format_time(utc_now().astimezone(ZoneInfo(zone)).time(), "short", rebase=False))
