from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from intranet import background
from intranet.accounts.models import Account
from intranet.db import db
from intranet.kernel.clock import utc_now
from intranet.tasks import queue
from intranet.tasks.actions import enqueue
from intranet.tasks.models import Task
from intranet.tasks.queue import LEASE
from intranet.tasks.runner import Runner
from intranet.unit_of_work import unit_of_work
from tests.factories import Factory

HOUR = dt.timedelta(hours=1)


def runner(app: Flask, periodic: dict[str, dt.timedelta] | None = None, **handlers: Any) -> Runner:
    return Runner(
        context=app.app_context,
        unit_of_work=unit_of_work,
        handlers=handlers,
        periodic=periodic or {},
    )


def queued(app: Flask, kind: str = "note", **payload: Any) -> None:
    with app.app_context(), unit_of_work():
        enqueue(kind, payload)


def waiting(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Task)) or 0


def test_a_task_is_done_once_and_its_row_goes(app: Flask) -> None:
    done: list[dict[str, Any]] = []
    queued(app, number=7)
    assert runner(app, note=done.append).drain() == 1
    assert done == [{"number": 7}]
    assert waiting(app) == 0


def test_what_is_rolled_back_was_never_queued(app: Flask) -> None:
    with app.app_context():
        enqueue("note", {})
        db.session.flush()
        db.session.rollback()
    assert waiting(app) == 0


def test_committing_wakes_the_worker_of_this_process(app: Flask) -> None:
    queue.bell.clear()
    queued(app)
    assert queue.bell.is_set()


def test_a_task_waits_until_its_time(app: Flask) -> None:
    done: list[Any] = []
    with app.app_context(), unit_of_work():
        enqueue("note", {}, run_at=utc_now() + HOUR)
    assert runner(app, note=done.append).drain() == 0
    with time_machine.travel(utc_now() + HOUR + LEASE, tick=False):
        assert runner(app, note=done.append).drain() == 1


def test_a_failed_task_undoes_its_work_and_waits_longer_each_time(
    app: Flask, make: Factory
) -> None:
    ann = make.account("ann")
    pauses: list[dt.timedelta] = []

    def fail(_payload: dict[str, Any]) -> None:
        db.session.get_one(Account, ann.id).title = "half done"
        db.session.flush()
        raise ValueError("no luck")

    queued(app)
    now = utc_now() + HOUR
    for _ in range(3):
        with time_machine.travel(now, tick=False):
            assert runner(app, note=fail).drain() == 1
        with app.app_context():
            task = db.session.scalars(select(Task)).one()
            assert task.last_error == "ValueError: no luck"
            assert db.session.get_one(Account, ann.id).title == ""
            pauses.append(task.run_at - now)
            now = task.run_at
    assert pauses == sorted(set(pauses))


def test_a_kind_that_nobody_knows_stays_in_the_queue(app: Flask) -> None:
    queued(app, "from a newer version")
    assert runner(app).drain() == 1
    assert waiting(app) == 1


def test_what_a_killed_worker_held_is_done_when_its_lease_ends(app: Flask) -> None:
    done: list[Any] = []
    queued(app)
    with app.app_context(), unit_of_work():
        assert queue.claim() is not None  # and the worker is killed
    assert runner(app, note=done.append).drain() == 0
    with time_machine.travel(utc_now() + LEASE * 2, tick=False):
        assert runner(app, note=done.append).drain() == 1
    assert (len(done), waiting(app)) == (1, 0)


def test_a_worker_that_outlived_its_lease_may_not_finish(app: Flask) -> None:
    queued(app)
    with app.app_context(), unit_of_work():
        slow = queue.claim()
    assert slow is not None
    with time_machine.travel(utc_now() + LEASE * 2, tick=False):
        runner(app, note=lambda _payload: None).drain()
    with app.app_context(), pytest.raises(queue.LeaseLost):
        queue.settle(slow)


def test_two_workers_never_do_the_same_task(app: Flask) -> None:
    done: list[int] = []
    for number in range(12):
        queued(app, number=number)

    def work() -> None:
        runner(app, note=lambda payload: done.append(payload["number"])).drain()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert sorted(done) == list(range(12))


def test_a_periodic_task_has_one_row_and_returns(app: Flask) -> None:
    done: list[Any] = []
    worker = runner(app, {"sweep": HOUR}, sweep=done.append)
    worker.prepare()
    worker.prepare()
    assert (worker.drain(), worker.drain(), len(done)) == (1, 0, 1)
    with time_machine.travel(utc_now() + HOUR * 2, tick=False):
        assert worker.drain() == 1
    runner(app).prepare()
    assert waiting(app) == 0


def test_every_periodic_task_has_a_handler_and_runs(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    worker = background.runner(app)
    worker.prepare()
    assert worker.drain() == len(background.PERIODIC)
    assert "failed" not in caplog.text


def test_ended_sessions_and_stale_invitations_go(
    app: Flask, make: Factory, browse: Callable[..., Any]
) -> None:
    browse(make.account("ann"))
    worker = background.runner(app)
    with time_machine.travel(utc_now() + dt.timedelta(days=400), tick=False):
        worker.prepare()
        worker.drain()
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Task)) == len(background.PERIODIC)
        assert db.session.execute(db.text("SELECT count(*) FROM account_session")).scalar() == 0
