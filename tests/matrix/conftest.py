"""The worlds that the matrix looks at."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.browse import Browser
from tests.factories import Factory
from tests.matrix.world import World, add_secret, build_company


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # Thousands of requests: walked on one database; each rule has its own tests on both.
    for item in items:
        if "tests/matrix/" in item.path.as_posix():
            item.add_marker(pytest.mark.house)
            item.add_marker(pytest.mark.timeout(600))  # thousands of requests, maybe a busy machine


@pytest.fixture
def company(app: Flask, make: Factory, browse: Browser) -> World:
    """No secret yet."""
    return build_company(app, make, browse)


@pytest.fixture
def world(company: World) -> World:
    """The company with its secret group."""
    return add_secret(company)
