"""Interrupting people outside their hours: who may, and the record of it that everybody reads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import delete, select

from intranet.accounts import chips as account_chips
from intranet.accounts.chips import AccountChip
from intranet.accounts.models import Account, Role
from intranet.accounts.policies import require_may_administer
from intranet.db import db
from intranet.db.once import insert_once
from intranet.interruptions import hours
from intranet.interruptions.models import Emergency, EmergencySender
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import Forbidden, Invalid
from intranet.kernel.messages import N_
from intranet.kernel.text import normalise

REASON_LENGTH = 300
_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Recorded:
    """An emergency as everybody may read of it: nothing of what was said, only that it was."""

    id: int
    announcement_id: int
    sender_name: str
    reason: str
    reached: int
    outside_hours: int
    at: dt.datetime


def may_send(actor: Account) -> bool:
    """Administrators, and whom one of them has named."""
    if not actor.is_active or actor.is_guest:
        return False
    return actor.role is Role.ADMINISTRATOR or (
        db.session.get(EmergencySender, actor.id, populate_existing=True) is not None
    )


def reason_from(actor: Account, text: str) -> str:
    """The reason that was given, tidied; "" for none. Forbidden unless the actor `may_send`,
    Invalid when it is too long."""
    words = " ".join(normalise(text[: 10 * REASON_LENGTH]).split())
    if not words:
        return ""
    if not may_send(actor):
        raise Forbidden(N_("Only those whom an administrator has named may send an emergency."))
    if len(words) > REASON_LENGTH:
        raise Invalid(fields={"emergency_reason": N_("At most 300 characters.")})
    return words


def write_down(
    sender: Account, announcement_id: int, reason: str, recipient_ids: Collection[int]
) -> None:
    """Keep for good that working hours are not heeded now, in the transaction that does it."""
    now = utc_now()
    outside = hours.held_back(recipient_ids, int(now.timestamp() * 1000))
    insert_once(
        Emergency,
        announcement_id=announcement_id,
        sender_id=sender.id,
        sender_name=sender.display_name,
        reason=reason,
        reached=len(recipient_ids),
        outside_hours=len(outside),
        created_at=now,
    )


def list_emergencies(viewer: Account) -> list[Recorded]:
    """The newest hundred. Forbidden to guests: it is about the whole organisation."""
    if viewer.is_guest:
        raise Forbidden
    rows = db.session.scalars(select(Emergency).order_by(Emergency.id.desc()).limit(_SHOWN))
    return [
        Recorded(
            id=row.id,
            announcement_id=row.announcement_id,
            sender_name=row.sender_name,
            reason=row.reason,
            reached=row.reached,
            outside_hours=row.outside_hours,
            at=row.created_at,
        )
        for row in rows
    ]


def senders(actor: Account) -> list[AccountChip]:
    """Whom administrators have named, by name."""
    require_may_administer(actor)
    rows = db.session.scalars(
        select(Account)
        .join(EmergencySender, EmergencySender.account_id == Account.id)
        .order_by(Account.sort_name, Account.id)
    )
    return [account_chips.chip_of(row) for row in rows]


def name_sender(actor: Account, handle: str) -> None:
    """Let this person interrupt everybody. Invalid when there is no such colleague."""
    require_may_administer(actor)
    wanted = handle.strip().removeprefix("@").lower()
    found = db.session.scalar(select(Account).where(Account.handle == wanted))
    if found is None or not found.is_active or found.is_guest or found.email is None:
        raise Invalid(fields={"handle": N_("There is no such colleague.")})
    insert_once(EmergencySender, account_id=found.id, granted_by_id=actor.id, created_at=utc_now())


def remove_sender(actor: Account, account_id: int) -> None:
    """No longer; twice is once."""
    require_may_administer(actor)
    db.session.execute(delete(EmergencySender).where(EmergencySender.account_id == account_id))
