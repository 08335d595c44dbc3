"""What every process does before it serves: the schema, and perhaps the demo company."""

import fcntl
import gc
import importlib
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from intranet.accounts.models import Account
from intranet.db import db
from intranet.db.schema import is_current, migrate
from intranet.settings import Settings, SettingsError

DEMO_PASSWORD = "parvis-demo"  # noqa: S105  (meant to be read by everybody who tries the demo)
_SCHEMA_LOCK = 7_203_113  # any number that nothing else locks in this database


class StartError(Exception):
    """The process cannot start; the message is one line."""


def run(body: Callable[[], None]) -> None:
    """Run a process; what an operator can mend is told in one line, not in a traceback."""
    problems: list[str]
    try:
        body()
        return
    except SettingsError as error:
        problems = error.problems
    except StartError as error:
        problems = [str(error)]
    for problem in problems:
        print(f"parvis: {problem}", file=sys.stderr, flush=True)  # noqa: T201
    sys.exit(1)


def make_ready(app: Flask, settings: Settings, demo: bool = False) -> None:
    """Bring the schema up to date; with `demo`, make the demo company if nobody is there yet."""
    with app.app_context():
        try:
            if not is_current():
                with _one_at_a_time(settings):
                    if not is_current():
                        say("preparing the database")
                        migrate()
            if demo and db.session.scalar(select(Account.id).limit(1)) is None:
                _make_demo(settings)
        except OperationalError as error:
            reason = str(error.orig).strip().splitlines()[0]
            raise StartError(f"the database cannot be used: {reason}") from error
        finally:
            db.session.remove()


def settled() -> None:
    """What the process has loaded stays to its end: the garbage collector need not look at it
    again, neither at the start nor in the middle of a request."""
    gc.freeze()
    gc.enable()


def welcome(settings: Settings) -> None:
    """Tell the address, and in the demo company who to sign in as."""
    say(f"ready at {settings.base_url} (Ctrl-C stops it)")
    if not settings.sends_mail:
        say(f"mail is not sent but kept in {settings.mail_folder}")
    if settings.is_demo:
        for handle, label in json.loads(settings.demo_marker.read_text(encoding="utf-8")):
            print(f"sign in as {handle} ({label}), password {DEMO_PASSWORD}", flush=True)  # noqa: T201


def _make_demo(settings: Settings) -> None:
    say("making the demo company")
    # Imported only on the first start: its content would cost every later one time.
    seed = importlib.import_module("intranet.demo.seed")
    seed.build("small", settings=settings)


@contextmanager
def _one_at_a_time(settings: Settings) -> Iterator[None]:
    """Web, realtime and worker may start together: only one may migrate."""
    if settings.on_sqlite:
        with open(settings.data / "migration.lock", "w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        return
    with db.engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _SCHEMA_LOCK})
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _SCHEMA_LOCK})


def say(line: str) -> None:
    """One line to whoever started the process."""
    print(f"parvis: {line}", flush=True)  # noqa: T201
