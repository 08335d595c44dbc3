"""Puts work into the queue, in the caller's transaction."""

from __future__ import annotations

import datetime as dt
from typing import Any

from intranet.db import db, record
from intranet.kernel.clock import utc_now
from intranet.tasks.events import TaskQueued
from intranet.tasks.models import Task


def enqueue(kind: str, payload: dict[str, Any], *, run_at: dt.datetime | None = None) -> None:
    """Remember to do this, now or at a time; it is done only if the transaction commits."""
    db.session.add(Task(kind=kind, payload=payload, run_at=run_at or utc_now()))
    if run_at is None:
        record(TaskQueued())
