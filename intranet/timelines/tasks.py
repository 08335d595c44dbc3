"""Background work on homes. Each body runs in a transaction of its own and may run twice."""

from __future__ import annotations

from typing import Any

from sqlalchemy import exists, select

from intranet.accounts.models import Account
from intranet.db import db
from intranet.tasks.actions import enqueue
from intranet.timelines import actions, entries
from intranet.timelines.limits import limits
from intranet.timelines.models import HomeEntry
from intranet.timelines.streams import Stream

TRIM = "timelines.trim"  # payload: {"after": account id}
_BATCH = 100  # accounts looked at in one go: a few milliseconds


def settle_width(payload: dict[str, Any]) -> None:
    """Body of actions.SETTLE_WIDTH."""
    actions.settle_width(Stream(payload["stream"], payload["is_group"]))


def trim(payload: dict[str, Any]) -> None:
    """Trim the homes that have grown a quarter too long, some accounts at a time; the rest is
    put into the queue."""
    after = payload.get("after", 0)
    batch = db.session.scalars(
        select(Account.id).where(Account.id > after).order_by(Account.id).limit(_BATCH)
    ).all()
    if not batch:
        return
    entry_there = (
        select(HomeEntry.post_id)
        .where(HomeEntry.account_id == Account.id)
        .order_by(HomeEntry.post_id.desc())
        .offset(limits.home_kept * 5 // 4)
        .limit(1)
        .correlate(Account)
    )
    long = db.session.scalars(select(Account.id).where(Account.id.in_(batch), exists(entry_there)))
    for account_id in long.all():
        entries.trim(account_id)
    if len(batch) == _BATCH:
        enqueue(TRIM, {"after": batch[-1]})
