"""Whose turn a message is, and what became of it.

Claiming and settling are two short transactions with nothing open between them: writing a letter
and handing it to a mail server takes seconds, in which SQLite would let nobody else write. A
message is held by moving `send_after` forward, again and again while it is being delivered; what a
killed worker held is due again when that lease ends. So each message is handed over at least once,
and twice only when a worker dies between the server's acceptance and `settle`: then both copies
carry the same Message-ID.
"""

from __future__ import annotations

import datetime as dt
import threading
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import CursorResult, exists, select, update

from intranet.db import db
from intranet.kernel.clock import utc_now
from intranet.mail.events import MailQueued
from intranet.mail.models import OutboxMessage, OutboxStatus

# Short, so that what a killed worker held goes out soon; a worker that lives renews it while a
# slow mail server takes its time.
LEASE = dt.timedelta(seconds=30)
RENEW_SECONDS = 10.0
MOST_ATTEMPTS = 24  # two and a half days with these pauses
_FIRST_PAUSE = dt.timedelta(seconds=5)
_LONGEST_PAUSE = dt.timedelta(hours=4)
_LONGEST_REASON = 500

# Set when this process has put something into the outbox: its own worker need not wait.
bell = threading.Event()


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that this worker holds until its lease ends. `attempts` includes this one."""

    id: int
    attempts: int


def ring(_event: MailQueued) -> None:
    """Wake the worker of this process."""
    bell.set()


def _due() -> Any:
    return (OutboxMessage.status == OutboxStatus.WAITING) & (OutboxMessage.send_after <= utc_now())


def is_any_due() -> bool:
    """Whether it is worth beginning a transaction that writes."""
    return bool(db.session.scalar(select(exists().where(_due()))))


def claim() -> Claimed | None:
    """Hold the message that has waited longest; the caller commits before writing it."""
    message = db.session.scalar(
        select(OutboxMessage)
        .where(_due())
        .order_by(OutboxMessage.send_after, OutboxMessage.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if message is None:
        return None
    message.attempts += 1
    message.send_after = utc_now() + LEASE
    return Claimed(message.id, message.attempts)


def renew(held: Claimed) -> bool:
    """Hold it for longer. False when it is not ours any more."""
    return _update(held, send_after=utc_now() + LEASE)


def release_all() -> None:
    """Make everything that is held or waits after a failure due now: for the start of a process
    that is the only one to deliver, so that nobody else can be holding anything."""
    db.session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.status == OutboxStatus.WAITING, OutboxMessage.attempts > 0)
        .values(send_after=utc_now())
        .execution_options(synchronize_session=False)
    )


def note_trouble(reason: str) -> None:
    """Nothing can be sent at all now: say why on everything that is due. No attempt is counted,
    so that a mail server may be away for days and nothing is given up."""
    reason = reason[:_LONGEST_REASON]
    db.session.execute(
        update(OutboxMessage)
        .where(_due(), OutboxMessage.last_error != reason)
        .values(last_error=reason)
        .execution_options(synchronize_session=False)
    )


def settle(held: Claimed, status: OutboxStatus, reason: str = "") -> bool:
    """Write down how it ended. False when another worker held it meanwhile: then that one says."""
    sent_at = utc_now() if status is OutboxStatus.SENT else None
    return _update(held, status=status, last_error=reason[:_LONGEST_REASON], sent_at=sent_at)


def postpone(held: Claimed, reason: str) -> bool:
    """Let it wait after a failure, longer each time; FAILED after too many. Gives False then."""
    if held.attempts >= MOST_ATTEMPTS:
        settle(held, OutboxStatus.FAILED, reason)
        return False
    pause = min(_FIRST_PAUSE * 2 ** min(held.attempts - 1, 20), _LONGEST_PAUSE)
    _update(held, send_after=utc_now() + pause, last_error=reason[:_LONGEST_REASON])
    return True


def hold_back(held: Claimed, until: dt.datetime) -> bool:
    """Its reader's hours hold it back: due when they open, as if it had not been tried."""
    return _update(held, send_after=until, attempts=0, last_error="")


def look_again(account_id: int) -> None:
    """What waits for somebody's hours may be due now: these have changed."""
    db.session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.account_id == account_id,
            OutboxMessage.status == OutboxStatus.WAITING,
            OutboxMessage.attempts == 0,
            OutboxMessage.send_after > utc_now(),
        )
        .values(send_after=utc_now())
        .execution_options(synchronize_session=False)
    )


def bounced(message_id: int, reason: str) -> bool:
    """A mail server far away could not deliver what ours had taken. False when there is no such
    message, or it has bounced before."""
    return _changed(
        update(OutboxMessage)
        .where(
            OutboxMessage.id == message_id,
            OutboxMessage.status.in_((OutboxStatus.SENT, OutboxStatus.WAITING)),
            OutboxMessage.attempts > 0,
        )
        .values(status=OutboxStatus.FAILED, last_error=reason[:_LONGEST_REASON])
    )


def _update(held: Claimed, **values: Any) -> bool:
    return _changed(
        update(OutboxMessage)
        .where(
            OutboxMessage.id == held.id,
            OutboxMessage.attempts == held.attempts,
            OutboxMessage.status == OutboxStatus.WAITING,
        )
        .values(**values)
    )


def _changed(statement: Any) -> bool:
    done = db.session.execute(statement.execution_options(synchronize_session=False))
    return cast(CursorResult[Any], done).rowcount == 1
