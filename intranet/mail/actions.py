"""Puts letters into the outbox, in the caller's transaction."""

from __future__ import annotations

import datetime as dt
from typing import Any

from intranet.accounts.models import Account
from intranet.db.once import insert_once
from intranet.kernel.clock import utc_now
from intranet.mail.models import OutboxMessage


def enqueue_mail(
    kind: str,
    payload: dict[str, Any],
    *,
    to: Account | str,
    key: str | None = None,
    send_after: dt.datetime | None = None,
) -> bool:
    """Remember to write this to an account or an address; it is sent only if the transaction
    commits. Ids only in `payload`. False when a message with this `key` is there already."""
    account = to if isinstance(to, Account) else None
    return insert_once(
        OutboxMessage,
        kind=kind,
        payload=payload,
        account_id=account.id if account else None,
        address="" if account else str(to),
        dedupe_key=key,
        send_after=send_after or utc_now(),
    )
