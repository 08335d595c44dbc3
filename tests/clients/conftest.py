"""The server that the programs of others are run against."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from intranet.accounts import passwords
from intranet.settings import Settings
from tests.clients.site import PASSWORD, Site
from tests.factories import Factory
from tests.serving import serving


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # Whole programs, each with a server of its own: walked on one database.
    for item in items:
        if "tests/clients/" in item.path.as_posix():
            item.add_marker(pytest.mark.house)
            item.add_marker(pytest.mark.timeout(300))


@pytest.fixture
def site(app: Flask, settings: Settings, make: Factory) -> Iterator[Site]:
    ann = make.account("ann", password_hash=passwords.prepare(PASSWORD))
    ben = make.account("ben", password_hash=passwords.prepare(PASSWORD))
    make.follow(ann, ben)
    make.follow(ben, ann)
    make.group("makers", owner=ann, members=[ben])
    with serving(settings, environment={"INTRANET_SELF_REGISTRATION": "true"}) as port:
        yield Site(f"http://127.0.0.1:{port}")
