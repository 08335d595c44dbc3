"""A push service that the application may ask, and a worker that asks it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from intranet import background
from intranet.push.delivery import Pusher
from intranet.settings import Settings
from tests.mastodon.conftest import call
from tests.push.service import Service, push_service

__all__ = ["call"]


@pytest.fixture
def service() -> Iterator[Service]:
    with push_service() as found:
        yield found


@pytest.fixture
def settings(settings: Settings, service: Service) -> Settings:
    return settings.model_copy(update={"push_hosts": (service.host,)})


@pytest.fixture
def pusher(app: Flask) -> Pusher:
    return background.pusher(app)
