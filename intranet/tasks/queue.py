"""Whose turn a task is. A row is deleted in the same transaction in which its work is done, so
work is never half done, and what a killed worker held is due again when its lease ends."""

from __future__ import annotations

import datetime as dt
import threading
import zlib
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import CursorResult, delete, exists, select, update

from intranet.db import db
from intranet.db.once import insert_once
from intranet.kernel.clock import utc_now
from intranet.tasks.events import TaskQueued
from intranet.tasks.models import Task

LEASE = dt.timedelta(minutes=5)
_LONGEST_PAUSE = dt.timedelta(days=1)
_FIRST_PAUSE = dt.timedelta(seconds=5)
_PERIODIC_IDS = 1 << 32  # ids of periodic rows are below, all others far above

# Set when this process has put something into the queue: its own worker need not wait.
bell = threading.Event()


class LeaseLost(Exception):
    """Another worker holds the task by now: whatever was done must be rolled back."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A task that this worker holds until its lease ends. `attempts` includes this one."""

    id: int
    kind: str
    payload: dict[str, Any]
    attempts: int

    @property
    def is_periodic(self) -> bool:
        """Whether the row stays and becomes due again, rather than go when it is done."""
        return self.id < _PERIODIC_IDS


def ring(_event: TaskQueued) -> None:
    """Wake the worker of this process."""
    bell.set()


def is_any_due() -> bool:
    """Whether it is worth beginning a transaction that writes."""
    return bool(db.session.scalar(select(exists().where(Task.run_at <= utc_now()))))


def claim() -> Claimed | None:
    """Take the task that has waited longest; the caller commits before working on it."""
    task = db.session.scalar(
        select(Task)
        .where(Task.run_at <= utc_now())
        .order_by(Task.run_at, Task.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if task is None:
        return None
    task.attempts += 1
    task.run_at = utc_now() + LEASE
    return Claimed(task.id, task.kind, task.payload, task.attempts)


def settle(task: Claimed, every: dt.timedelta | None = None) -> None:
    """Take the task out of the queue, or let it return after `every`. Called before its work, in
    the same transaction: a second worker that thinks it holds the row waits here, then hears
    LeaseLost."""
    held = (Task.id == task.id) & (Task.attempts == task.attempts)
    statement = (
        delete(Task).where(held)
        if every is None
        else update(Task).where(held).values(run_at=utc_now() + every, attempts=0, last_error="")
    )
    done = db.session.execute(statement.execution_options(synchronize_session=False))
    if cast(CursorResult[Any], done).rowcount == 0:
        raise LeaseLost


def postpone(task: Claimed, reason: str) -> None:
    """Let the task wait after a failure: longer each time, a day at most, and for ever, since
    what must happen is not forgotten because it has failed often."""
    pause = min(_FIRST_PAUSE * 2 ** min(task.attempts, 20), _LONGEST_PAUSE)
    db.session.execute(
        update(Task)
        .where(Task.id == task.id, Task.attempts == task.attempts)
        .values(run_at=utc_now() + pause, last_error=reason[:2000])
        .execution_options(synchronize_session=False)
    )


def periodic_id(kind: str) -> int:
    """The id of the one row of a periodic task."""
    return zlib.crc32(kind.encode())


def keep_periodic(kinds: Collection[str]) -> None:
    """Make sure that each of these has its row, and no other periodic task has one."""
    wanted = {periodic_id(kind): kind for kind in kinds}
    db.session.execute(
        delete(Task)
        .where(Task.id < _PERIODIC_IDS, Task.id.not_in(wanted))
        .execution_options(synchronize_session=False)
    )
    for id_, kind in wanted.items():
        insert_once(Task, id=id_, kind=kind, payload={}, run_at=utc_now())
