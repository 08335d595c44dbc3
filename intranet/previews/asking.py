"""Whose turn an address is. Claiming and settling are short transactions with nothing open between
them; what a killed worker held is due again when its lease ends."""

from __future__ import annotations

import datetime as dt
import hashlib
import threading
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import CursorResult, select, update

from intranet.db import db, record
from intranet.db.once import insert_once
from intranet.kernel.clock import utc_now
from intranet.kernel.ids import new_id
from intranet.previews.events import PreviewAsked
from intranet.previews.models import LinkPreview

LEASE = dt.timedelta(seconds=90)
KEPT = dt.timedelta(days=7)  # afterwards a new post asks anew
_PAUSES = tuple(dt.timedelta(seconds=one) for one in (30, 600))  # after a server that was away

bell = threading.Event()


@dataclass(frozen=True, slots=True)
class Claimed:
    """An address that this worker holds until its lease ends."""

    id: int
    url: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was found there. `again` when nobody answered: another attempt may find more."""

    title: str = ""
    description: str = ""
    site_name: str = ""
    image_key: str | None = None
    image_width: int | None = None
    image_height: int | None = None
    again: bool = False


def ring(_event: PreviewAsked) -> None:
    """There is something to do."""
    bell.set()


def ask(url: str) -> int:
    """The id of the preview of this address, which is asked for unless that was done lately."""
    digest = hashlib.sha256(url.encode()).hexdigest()
    now, id_ = utc_now(), new_id()
    if insert_once(LinkPreview, id=id_, url=url, url_hash=digest, due_at=now):
        record(PreviewAsked())
        return id_
    found = db.session.scalars(select(LinkPreview).where(LinkPreview.url_hash == digest)).one()
    if found.due_at is None and (found.expires_at is None or found.expires_at < now):
        found.due_at, found.attempts = now, 0
        db.session.flush()
        record(PreviewAsked())
    return found.id


def claim() -> Claimed | None:
    """An address that is due, held by the caller from here on; None when there is none, or
    another worker was first."""
    now = utc_now()
    row = db.session.execute(
        select(LinkPreview.id, LinkPreview.url, LinkPreview.attempts, LinkPreview.due_at)
        .where(LinkPreview.due_at <= now)
        .order_by(LinkPreview.due_at)
        .limit(1)
    ).first()
    if row is None:
        return None
    held = db.session.execute(
        update(LinkPreview)
        .where(LinkPreview.id == row.id, LinkPreview.due_at == row.due_at)
        .values(due_at=now + LEASE, attempts=LinkPreview.attempts + 1)
        .execution_options(synchronize_session=False)
    )
    if cast(CursorResult[Any], held).rowcount != 1:
        return None
    return Claimed(row.id, row.url, row.attempts + 1)


def is_any_due() -> bool:
    """Whether a worker has something to do."""
    due = select(LinkPreview.id).where(LinkPreview.due_at <= utc_now()).limit(1)
    return db.session.scalar(due) is not None


def settle(held: Claimed, outcome: Outcome) -> str | None:
    """Write down what was found; gives the key of a picture that is no longer needed. What was
    known before stays when nobody answers."""
    row = db.session.get(LinkPreview, held.id, populate_existing=True)
    if row is None or row.attempts != held.attempts:
        return outcome.image_key  # another worker has taken it over meanwhile
    if outcome.again and held.attempts <= len(_PAUSES):
        row.due_at = utc_now() + _PAUSES[held.attempts - 1]
        db.session.flush()
        return None
    row.due_at, row.attempts = None, 0
    row.expires_at = utc_now() + KEPT
    if outcome.again:
        db.session.flush()
        return None
    before = row.image_key
    row.title, row.description = outcome.title, outcome.description
    row.site_name, row.image_key = outcome.site_name, outcome.image_key
    row.image_width, row.image_height = outcome.image_width, outcome.image_height
    db.session.flush()
    return before
