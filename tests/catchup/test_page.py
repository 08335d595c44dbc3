"""Catching up, through the door."""

from __future__ import annotations

from tests.browse import Browser
from tests.factories import Factory


def test_smoke(make: Factory, browse: Browser) -> None:
    ann = make.account("ann")
    answer = browse(ann).get("/catch-up")
    assert answer.status_code == 200
    assert browse(ann).get("/catch-up/weights").status_code == 200
    assert browse(ann).get("/").status_code == 200
