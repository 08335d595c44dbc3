"""For whom a letter is written: language and time zone, where no request says them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import current_app, g
from flask_babel import force_locale, gettext

from intranet.accounts.models import Account
from intranet.settings import Settings


@contextmanager
def reading(locale: str, zone: str) -> Iterator[None]:
    """Inside, sentences and times are those of this reader. Needs an application context of its
    own, not the one of a request."""
    g.reader_locale, g.reader_zone = locale, zone
    try:
        with force_locale(locale):
            yield
    finally:
        del g.reader_locale, g.reader_zone


def said_to(account: Account, sentence: str) -> str:
    """A marked sentence in the language of the account."""
    settings: Settings = current_app.extensions["intranet.settings"]
    with force_locale(account.locale or settings.default_locale):
        return str(gettext(sentence))


def locale_of_reader() -> str | None:
    """The language that `reading` set, or None outside it."""
    found: str | None = g.get("reader_locale")
    return found


def zone_of_reader() -> str | None:
    """The time zone that `reading` set, or None outside it."""
    found: str | None = g.get("reader_zone")
    return found
