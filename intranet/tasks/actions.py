"""Puts work into the queue, in the caller's transaction."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from intranet.db import db, record
from intranet.db.once import insert_once
from intranet.kernel.clock import utc_now
from intranet.tasks.events import TaskQueued
from intranet.tasks.models import Task


def enqueue_once(key: str, kind: str, payload: dict[str, Any], *, run_at: dt.datetime) -> bool:
    """As `enqueue`, at a time; while a task with this `key` waits, another is not put beside it
    (False). The key is the row's id in disguise, so it names kind and occasion."""
    digest = hashlib.blake2b(f"{kind}:{key}".encode(), digest_size=8).digest()
    id_ = int.from_bytes(digest) >> 1 | 1 << 40  # far above the ids of periodic tasks
    return insert_once(Task, id=id_, kind=kind, payload=payload, run_at=run_at)


def enqueue(kind: str, payload: dict[str, Any], *, run_at: dt.datetime | None = None) -> None:
    """Remember to do this, now or at a time; it is done only if the transaction commits."""
    db.session.add(Task(kind=kind, payload=payload, run_at=run_at or utc_now()))
    if run_at is None:
        record(TaskQueued())
