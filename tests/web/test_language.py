import datetime as dt

import pytest
from flask import Flask
from flask_babel import force_locale

from intranet.kernel.clock import utc_now
from intranet.web.language import ago


@pytest.mark.parametrize(
    ("age", "english", "french"),
    [
        (dt.timedelta(seconds=20), "just now", None),
        (dt.timedelta(minutes=12), "12 min. ago", "il y a 12 min"),
        (dt.timedelta(hours=3), "3 hr. ago", "il y a 3 h"),
    ],
)
def test_how_long_ago_is_said_in_the_readers_language(
    app: Flask, age: dt.timedelta, english: str, french: str | None
) -> None:
    with app.test_request_context():
        with force_locale("en"):
            assert ago(utc_now() - age).replace("\xa0", " ") == english
        if french:
            with force_locale("fr"):
                assert ago(utc_now() - age).replace("\xa0", " ") == french


@pytest.mark.parametrize(
    "age", [dt.timedelta(days=2), dt.timedelta(days=40), dt.timedelta(days=800)]
)
def test_what_is_older_has_a_date(app: Flask, age: dt.timedelta) -> None:
    with app.test_request_context():
        assert ago(utc_now() - age)
