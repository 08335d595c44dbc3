"""The reader's language and clock: chosen once per request, used by every template."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from babel.dates import format_timedelta
from flask import Flask, g, request
from flask_babel import (
    Babel,
    format_date,
    format_datetime,
    format_decimal,
    format_percent,
    format_time,
    get_locale,
    gettext,
)

from intranet.kernel.clock import utc_now
from intranet.settings import Settings
from intranet.web.identity import viewer_or_none

LOCALES = ("en", "fr")


def register(app: Flask, settings: Settings) -> None:
    """Attach Flask-Babel and the filters for times."""

    def locale() -> str:
        if "chosen_language" in g:  # by a door that has its own way of choosing
            return str(g.chosen_language)
        viewer = viewer_or_none()
        if viewer is not None and viewer.locale in LOCALES:
            return str(viewer.locale)
        return request.accept_languages.best_match(LOCALES) or settings.default_locale

    def time_zone() -> str:
        viewer = viewer_or_none()
        return viewer.time_zone if viewer is not None else settings.default_timezone

    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    Babel(app, locale_selector=locale, timezone_selector=time_zone)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.filters.update(
        ago=ago,
        long_time=long_time,
        short_date=short_date,
        local_clock=local_clock,
        number=format_decimal,
        percent=format_percent,
    )
    app.jinja_env.globals.update(current_language=lambda: str(get_locale()))


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


def short_date(day: dt.date) -> str:
    """A date in the reader's language."""
    return str(format_date(day, "medium"))


def local_clock(zone: str) -> str:
    """What the clock shows now in that IANA zone."""
    return str(format_time(utc_now().astimezone(ZoneInfo(zone)).time(), "short", rebase=False))
