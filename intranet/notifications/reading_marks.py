"""How far somebody has read their home and their notifications, for all their programs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select, update

from intranet.accounts.models import Account
from intranet.db import db
from intranet.db.once import insert_once
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import Conflict
from intranet.notifications.models import MarkedList, ReadingMark


@dataclass(frozen=True, slots=True)
class Mark:
    """The newest id that was read, and how often that was set."""

    last_read_id: int
    version: int
    updated_at: dt.datetime


def marks_of(viewer: Account, wanted: Collection[MarkedList]) -> dict[MarkedList, Mark]:
    """Those of these marks that were ever set: one statement."""
    rows = db.session.scalars(
        select(ReadingMark)
        .where(ReadingMark.account_id == viewer.id, ReadingMark.timeline.in_(wanted))
        .execution_options(populate_existing=True)
    )
    return {row.timeline: Mark(row.last_read_id, row.version, row.updated_at) for row in rows}


def set_mark(
    actor: Account, timeline: MarkedList, last_read_id: int, *, known: int | None = None
) -> None:
    """Set one's own mark. Conflict when it was changed meanwhile: since the version `known`, or
    since this call has looked."""
    found = marks_of(actor, (timeline,)).get(timeline)
    version = found.version if found else 0
    if known is not None and known != version:
        raise Conflict
    row = {"account_id": actor.id, "timeline": timeline}
    values = {"last_read_id": last_read_id, "version": version + 1, "updated_at": utc_now()}
    if found is None:
        if not insert_once(ReadingMark, **row, **values):
            raise Conflict
        return
    done = db.session.execute(
        update(ReadingMark)
        .where(
            ReadingMark.account_id == actor.id,
            ReadingMark.timeline == timeline,
            ReadingMark.version == version,
        )
        .values(**values)
        .returning(ReadingMark.version)
        .execution_options(synchronize_session=False)
    )
    if done.first() is None:
        raise Conflict
