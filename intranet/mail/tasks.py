"""Background work on the outbox."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import delete, update

from intranet.db import db
from intranet.kernel.clock import utc_now
from intranet.mail.models import MailedReply, OutboxMessage, OutboxStatus

PURGE = "mail.purge"
# Longer than any reminder goes on: a row also remembers that its key was sent already.
_KEPT = dt.timedelta(days=400)


_KEPT_ANSWERS = dt.timedelta(days=30)


def purge(_payload: dict[str, Any]) -> None:
    """Delete the rows of what has been over for more than a year, and after a month what was given
    back of answers by mail."""
    db.session.execute(
        update(MailedReply)
        .where(MailedReply.created_at < utc_now() - _KEPT_ANSWERS, MailedReply.text != "")
        .values(text="")
    )
    db.session.execute(
        delete(OutboxMessage).where(
            OutboxMessage.status != OutboxStatus.WAITING,
            OutboxMessage.created_at < utc_now() - _KEPT,
        )
    )
