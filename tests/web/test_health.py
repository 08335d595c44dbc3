from flask import Flask

from tests.browse import Browser
from tests.factories import Factory


def test_health_answers_without_a_session(app: Flask, browse: Browser) -> None:
    response = browse(None).get("/healthz")
    assert (response.status_code, response.data) == (200, b"ok")


def test_an_unknown_page_is_a_friendly_404(make: Factory, browse: Browser) -> None:
    assert browse(make.account("ann")).get("/nothing-here").status_code == 404
