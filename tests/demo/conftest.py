"""The written company, once for all tests that only look at it."""

from __future__ import annotations

import datetime as dt
import fcntl
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from intranet.app import create_app
from intranet.db import db
from intranet.db.schema import migrate
from intranet.demo import seed
from intranet.demo.company import Company
from intranet.settings import Settings
from tests.conftest import make_settings

NOW = dt.datetime(2026, 11, 24, 8, 43, tzinfo=dt.UTC)
SEED = 1


def without_pictures(company: Company) -> Company:
    """The same people and words. Pictures take long to draw and to look at."""
    return replace(
        company,
        people=tuple(replace(person, portrait=None) for person in company.people),
        posts=tuple(replace(post, images=(), files=()) for post in company.posts),
    )


def fresh(settings: Settings, empty: Path) -> Flask:
    """An application on a migrated SQLite database of its own, where `settings` say."""
    shutil.copy(empty, settings.database_url.removeprefix("sqlite:///"))
    return create_app(settings, TESTING=True)


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("empty") / "empty.db"
    with create_app(make_settings(path.parent, f"sqlite:///{path}"), TESTING=True).app_context():
        migrate()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
    return path


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, empty: Path) -> Path:
    """The folder of the small company as of NOW, with its pictures, on SQLite. Whichever worker
    asks first builds it; the others wait, and find it ready. Nobody may write in it."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder = shared / "demo-company"
    with open(shared / "demo-company.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            _build(shared / "demo-company-unfinished", empty).rename(folder)
    return folder


def _build(folder: Path, empty: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    settings = make_settings(folder, f"sqlite:///{folder / 'parvis.db'}")
    with fresh(settings, empty).app_context():
        seed.build("small", SEED, settings=settings, now=NOW)
        db.session.rollback()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
    return folder


@pytest.fixture
def company_settings(built: Path, tmp_path: Path) -> Settings:
    """The shared company's folder, with a copy of its database that the test may write to."""
    path = tmp_path / "company.db"
    shutil.copy(built / "parvis.db", path)
    return make_settings(built, f"sqlite:///{path}")


@pytest.fixture
def company_app(company_settings: Settings) -> Iterator[Flask]:
    """An application on `company_settings`."""
    app = create_app(company_settings, TESTING=True, WTF_CSRF_ENABLED=False)
    yield app
    with app.app_context():
        db.engine.dispose()
