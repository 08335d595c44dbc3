"""The newsroom of this part's tests."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.announcements.newsroom import Newsroom
from tests.browse import Browser
from tests.factories import Factory


@pytest.fixture
def room(app: Flask, make: Factory, browse: Browser) -> Newsroom:
    return Newsroom(app, make, browse)
