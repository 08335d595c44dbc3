"""What is run on PostgreSQL too: everything that is asked, three times over."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.statement_log import Recorder, needed, read, shape

A, B, C, D = (f"tests/web/test_a.py::test_{name}" for name in "abcd")

pytestmark = pytest.mark.house


def test_who_asks_only_what_three_others_ask_is_left_out() -> None:
    assert needed([A, B, C, D], {A: [1, 2], B: [1, 2], C: [1, 2], D: [1]}) == {A, B, C}
    assert needed([A, B, C, D], {A: [1, 2], B: [1, 2], C: [1], D: [1]}) == {A, B, C}
    assert needed([A, B, C, D], {A: [1, 2], B: [1, 2], C: [1, 2], D: [1, 3]}) == {A, B, C, D}


def test_what_the_log_does_not_know_is_run_and_so_is_what_is_about_the_database() -> None:
    same = [1]
    known = {A: same, B: same, C: same}
    race = "tests/web/test_a.py::test_a_race_for_the_last_seat"
    locks = "tests/tasks/test_queue.py::test_who_comes_first"
    tests = [A, B, C, D, race, locks]
    assert needed(tests, known | {race: same, locks: same}) >= {D, race, locks}


def test_everything_that_is_asked_is_asked_three_times_or_by_all_who_ask_it() -> None:
    log = {f"tests/web/test_a.py::test_{n}": [n % 5, n % 7, 100 + n % 11] for n in range(200)}
    run = needed(list(log), log)
    assert len(run) < 60
    for asked in {one for many in log.values() for one in many}:
        assert sum(asked in log[test] for test in run) >= 3


def test_values_of_other_kinds_make_another_question() -> None:
    assert shape((1, "a", 2)) == shape((7, "b", 9)) == shape({"x": 7, "y": "b", "z": 9})
    assert shape([(1, "a"), (2, "b")]) == shape((1, "a"))
    kinds = [(1,), (None,), ("a",), (1 << 63,), ("\x00",), (True,), (1.5,), (b"a",)]
    assert len({shape(one) for one in kinds}) == len(kinds)


@dataclass
class Item:
    nodeid: str = "one"


@dataclass
class Report:
    passed: bool
    when: str = "call"


def test_what_a_test_sends_is_written_down(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "log")
    recorder.pytest_sessionstart()
    engine = create_engine("sqlite://")

    def run(item: Item, *statements: tuple[str, dict[str, object]], passed: bool = True) -> None:
        around = recorder.pytest_runtest_protocol(item)  # type: ignore[arg-type]
        next(around)
        with engine.connect() as connection:
            for sql, values in statements:
                connection.execute(text(sql), values)
        recorder.pytest_runtest_logreport(Report(passed))  # type: ignore[arg-type]
        with pytest.raises(StopIteration):
            next(around)

    def asked(*statements: tuple[str, dict[str, object]]) -> list[int]:
        run(Item(), *statements)
        return recorder._log["one"]

    two = asked(("SELECT :a", {"a": 1}), ("SELECT :a", {"a": 2}), ("SELECT :a", {"a": None}))
    assert len(two) == 2
    few = asked(("SELECT 1 IN (:a, :b)", {"a": 1, "b": 2}))
    assert few == asked(("SELECT 1 IN (:a, :b, :c)", {"a": 1, "b": 2, "c": 3}))
    run(Item("skipped"), ("SELECT 1", {}), passed=False)
    recorder.pytest_sessionfinish()
    assert read(tmp_path / "log") == {"one": few}
    assert json.loads(next((tmp_path / "log").iterdir()).read_text()) == {"one": few}
