"""Puts letters into the outbox, in the caller's transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from intranet.accounts.models import Account
from intranet.accounts.policies import require_may_administer
from intranet.db import db, record
from intranet.db.once import insert_each_once, insert_once
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import Invalid
from intranet.kernel.messages import N_
from intranet.mail.events import MailQueued
from intranet.mail.kinds import TRIAL
from intranet.mail.models import OutboxMessage, OutboxStatus


def enqueue_mail(
    kind: str,
    payload: dict[str, Any],
    *,
    to: Account | str,
    key: str | None = None,
    send_after: dt.datetime | None = None,
    unless_waiting: bool = False,
) -> bool:
    """Remember to write this to an account or an address; it is sent only if the transaction
    commits. Ids only in `payload`. False when a message with this `key` is there already, or,
    `unless_waiting`, when the same one to this account waits to be written."""
    account = to if isinstance(to, Account) else None
    if unless_waiting and account is not None and _waits(kind, payload, account):
        return False
    made = insert_once(
        OutboxMessage,
        kind=kind,
        payload=payload,
        account_id=account.id if account else None,
        address="" if account else str(to),
        dedupe_key=key,
        send_after=send_after or utc_now(),
    )
    if made and send_after is None:
        record(MailQueued())
    return made


def enqueue_mails(
    kind: str, payload: dict[str, Any], keys: Mapping[int, str], *, to: Sequence[Account]
) -> int:
    """The same letter to many accounts at once; `keys` has one for each of their ids. Gives how
    many were not in the outbox under their key before."""
    now = utc_now()
    made = insert_each_once(
        OutboxMessage,
        [
            {
                "kind": kind,
                "payload": payload,
                "account_id": account.id,
                "dedupe_key": keys[account.id],
                "send_after": now,
            }
            for account in to
        ],
    )
    if made:
        record(MailQueued())
    return made


@dataclass(frozen=True, slots=True)
class Due:
    """A letter of its own for an account; one `key` is sent once."""

    account_id: int
    kind: str
    payload: dict[str, Any]
    key: str
    send_after: dt.datetime | None = None


def enqueue_each(letters: Sequence[Due]) -> int:
    """Different letters at once, in one statement; gives how many were not there before."""
    now = utc_now()
    made = insert_each_once(
        OutboxMessage,
        [
            {
                "kind": one.kind,
                "payload": one.payload,
                "account_id": one.account_id,
                "dedupe_key": one.key,
                "send_after": one.send_after or now,
            }
            for one in letters
        ],
    )
    if made:
        record(MailQueued())
    return made


def _waits(kind: str, payload: dict[str, Any], account: Account) -> bool:
    waiting = db.session.scalars(
        select(OutboxMessage.payload).where(
            OutboxMessage.account_id == account.id,
            OutboxMessage.kind == kind,
            OutboxMessage.status == OutboxStatus.WAITING,
            OutboxMessage.attempts == 0,
        )
    )
    return payload in waiting.all()


def send_trial(actor: Account) -> None:
    """A letter to the actor that says that mail arrives. Invalid without an address."""
    require_may_administer(actor)
    if not actor.email:
        raise Invalid(N_("Your account has no e-mail address."))
    enqueue_mail(TRIAL, {}, to=actor)


def retry(actor: Account, message_id: int) -> bool:
    """Let a failed message be tried again from the beginning; False when it has not failed."""
    require_may_administer(actor)
    return retry_failed(message_id) == 1


def retry_failed(message_id: int | None = None) -> int:
    """Try this one, or all that have failed, again, on the operator's word; gives how many."""
    which = [OutboxMessage.status == OutboxStatus.FAILED]
    if message_id is not None:
        which.append(OutboxMessage.id == message_id)
    ids = db.session.scalars(
        update(OutboxMessage)
        .where(*which)
        .values(status=OutboxStatus.WAITING, attempts=0, send_after=utc_now(), sent_at=None)
        .returning(OutboxMessage.id)
        .execution_options(synchronize_session=False)
    ).all()
    if ids:
        record(MailQueued())
    return len(ids)
