"""What administrators see of the outbox. No words of any letter: it holds none."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, select

from intranet.accounts.models import Account
from intranet.accounts.policies import require_may_administer
from intranet.db import db
from intranet.mail.models import OutboxMessage, OutboxStatus

_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Held:
    """A message that is not through. `address` is where it goes, "" when nowhere any more."""

    id: int
    kind: str
    address: str
    reason: str
    attempts: int
    created_at: dt.datetime
    send_after: dt.datetime


def figures(actor: Account) -> dict[OutboxStatus, int]:
    """How many messages there are of each status, zero included."""
    require_may_administer(actor)
    return count_by_status()


def count_by_status() -> dict[OutboxStatus, int]:
    """As `figures`, for the operator."""
    rows = db.session.execute(
        select(OutboxMessage.status, func.count().label("number")).group_by(OutboxMessage.status)
    ).all()
    return dict.fromkeys(OutboxStatus, 0) | {row.status: row.number for row in rows}


def list_failed(actor: Account) -> list[Held]:
    """What was refused for good or tried too often, the newest first, at most 80."""
    return _held(actor, OutboxStatus.FAILED)


def list_delayed(actor: Account) -> list[Held]:
    """What waits after a failure, the newest first, at most 80."""
    return _held(actor, OutboxStatus.WAITING)


def _held(actor: Account, status: OutboxStatus) -> list[Held]:
    require_may_administer(actor)
    wanted = OutboxMessage.status == status
    if status is OutboxStatus.WAITING:
        wanted &= OutboxMessage.last_error != ""
    rows = db.session.execute(
        select(OutboxMessage, Account.email)
        .outerjoin(Account, Account.id == OutboxMessage.account_id)
        .where(wanted)
        .order_by(OutboxMessage.id.desc())
        .limit(_SHOWN)
    ).all()
    return [
        Held(
            id=message.id,
            kind=message.kind,
            address=(email if message.account_id is not None else message.address) or "",
            reason=message.last_error,
            attempts=message.attempts,
            created_at=message.created_at,
            send_after=message.send_after,
        )
        for message, email in rows
    ]
