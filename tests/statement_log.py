"""Which statements each test sends, and which tests must be run again on the other database.

A run on SQLite with `--statements-to FOLDER` writes down what each test asks the database. A run
with `--statements-from FOLDER` leaves out the tests whose every statement is sent by three others
that it runs. A statement counts as another one when its values are of other kinds: no value,
a number beyond 64 bits, a text with a NUL. docs/adr/0019 says why.
"""

from __future__ import annotations

import json
import os
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from tests import serving

_TIMES = 3
# Their subject is the database itself, or what happens in it at the same time: all of them are
# run on both.
ALWAYS = ("db", "tasks", "search", "timelines", "evidence", "live", "mail", "setup", "webhooks")
_SAID_BY_NAME = re.compile(r"race|at_once|same_time|twice|statements|plan|lock")
_MANY = re.compile(r"\(\?(?:, \?)*\)(?:, \(\?(?:, \?)*\))*")

Log = dict[str, list[int]]


class Recorder:
    """Writes down what is asked while tests of this process run."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._log: Log = {}
        self._asked: set[int] = set()
        self._passed = False
        self._texts: dict[str, str] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self._asked, self._passed, servers = set(), False, len(serving.started)
        outcome = yield
        # What was skipped, what failed and what servers asked is not known.
        if self._passed and len(serving.started) == servers:
            self._log[item.nodeid] = sorted(self._asked)
        return outcome

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call":
            self._passed = report.passed

    def pytest_sessionstart(self) -> None:
        event.listen(Engine, "before_cursor_execute", self._hear)

    def pytest_sessionfinish(self) -> None:
        event.remove(Engine, "before_cursor_execute", self._hear)
        self._folder.mkdir(exist_ok=True)
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        (self._folder / f"{worker}.json").write_text(json.dumps(self._log), encoding="utf-8")

    def _hear(
        self, _connection: object, _cursor: object, sql: str, values: Any, *_rest: object
    ) -> None:
        if sql not in self._texts:
            self._texts[sql] = _MANY.sub("(?)", sql)
        key = f"{self._texts[sql]} {shape(values)}"
        self._asked.add(zlib.crc32(key.encode()))


def shape(values: Any) -> str:
    """The kinds of these values, neighbours of one kind counted once; of many rows, the first."""
    if isinstance(values, list):
        values = values[0] if values else ()
    given = values.values() if isinstance(values, Mapping) else values or ()
    return " ".join(kind for kind, _ in groupby(map(_kind, given)))


def _kind(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 1 << 63:
        return "huge"
    if isinstance(value, str) and "\x00" in value:
        return "NUL"
    return type(value).__name__


def read(folder: Path) -> Log:
    """What all processes of a run wrote down."""
    log: Log = {}
    for file in sorted(folder.glob("*.json")):
        log |= json.loads(file.read_text(encoding="utf-8"))
    return log


def needed(tests: Sequence[str], log: Log) -> set[str]:
    """The tests to run: those of `ALWAYS`, those the log does not know, and then, whoever asks
    most first, whoever asks something that has not been asked three times."""
    chosen = {test for test in tests if test not in log or _always(test)}
    times = Counter(asked for test in chosen for asked in log.get(test, ()))
    rest = (test for test in tests if test not in chosen)
    for test in sorted(rest, key=lambda test: (-len(log[test]), test)):
        if any(times[asked] < _TIMES for asked in log[test]):
            chosen.add(test)
            times.update(log[test])
    return chosen


def _always(test: str) -> bool:
    place, _, name = test.partition("::")
    return place.split("/")[1] in ALWAYS or bool(_SAID_BY_NAME.search(f"{place} {name}"))


def chosen(items: Iterable[pytest.Item], folder: Path) -> set[pytest.Item]:
    """Those of these items that are to be run."""
    by_name = {item.nodeid: item for item in items}
    return {by_name[name] for name in needed(list(by_name), read(folder))}
