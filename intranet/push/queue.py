"""Whose turn a push message is, and what became of it: as the outbox of mail, but a row that is
done is gone. What has not reached its device within a day is too old to be told."""

from __future__ import annotations

import datetime as dt
import threading
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, delete, exists, select, update

from intranet.db import db
from intranet.kernel.clock import utc_now
from intranet.push.events import PushQueued
from intranet.push.models import PushMessage, PushSubscription

LEASE = dt.timedelta(seconds=60)
TOO_OLD = dt.timedelta(days=1)
MOST_ATTEMPTS = 9  # some five hours with these pauses
_FIRST_PAUSE = dt.timedelta(seconds=10)
_LONGEST_PAUSE = dt.timedelta(hours=2)

# Set when this process has put something into the queue: its own workers need not wait.
bell = threading.Event()


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that this worker holds until its lease ends. `attempts` includes this one."""

    subscription_id: int
    notification_id: int
    attempts: int
    created_at: dt.datetime
    together: tuple[int, ...] = ()  # further notifications, held back as long, told with it

    @property
    def notification_ids(self) -> tuple[int, ...]:
        """All that it tells of."""
        return (self.notification_id, *self.together)


def ring(_event: PushQueued) -> None:
    """Wake the workers of this process."""
    bell.set()


def is_any_due() -> bool:
    """Whether it is worth beginning a transaction that writes."""
    return bool(db.session.scalar(select(exists().where(PushMessage.send_after <= utc_now()))))


def claim() -> Claimed | None:
    """Hold the message that has waited longest; the caller commits before writing it."""
    row = db.session.scalar(
        select(PushMessage)
        .where(PushMessage.send_after <= utc_now())
        .order_by(PushMessage.send_after, PushMessage.notification_id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if row is None:
        return None
    row.attempts += 1
    row.send_after = utc_now() + LEASE
    claimed = Claimed(row.subscription_id, row.notification_id, row.attempts, row.created_at)
    return replace(claimed, together=_held_with(row)) if row.held_back else claimed


def _held_with(row: PushMessage) -> tuple[int, ...]:
    """Hold what else the hours of the same reader have kept from this device."""
    others = db.session.scalars(
        select(PushMessage)
        .where(
            PushMessage.subscription_id == row.subscription_id,
            PushMessage.notification_id != row.notification_id,
            PushMessage.held_back,
            PushMessage.send_after <= utc_now(),
        )
        .with_for_update(skip_locked=True)
    ).all()
    for other in others:
        other.attempts = row.attempts
        other.send_after = row.send_after
    return tuple(other.notification_id for other in others)


def hold(held: Claimed, until: dt.datetime) -> None:
    """Its reader's hours hold it back: due when they open, and as if it had come then."""
    db.session.execute(
        update(PushMessage)
        .where(_it(held))
        .values(send_after=until, created_at=until, attempts=0, held_back=True)
        .execution_options(synchronize_session=False)
    )


def look_again(account_id: int) -> None:
    """What somebody's hours hold back may be due now: these have changed."""
    devices = select(PushSubscription.id).where(PushSubscription.account_id == account_id)
    db.session.execute(
        update(PushMessage)
        .where(
            PushMessage.subscription_id.in_(devices),
            PushMessage.held_back,
            PushMessage.attempts == 0,  # the others are held by a worker, or their service is away
        )
        .values(send_after=utc_now())
        .execution_options(synchronize_session=False)
    )


def done(held: Claimed) -> None:
    """It was sent, or is not to be said any more."""
    db.session.execute(
        delete(PushMessage).where(_it(held)).execution_options(synchronize_session=False)
    )


def postpone(held: Claimed) -> bool:
    """Let it wait after a failure, longer each time. False when it was given up."""
    pause = min(_FIRST_PAUSE * 2 ** min(held.attempts - 1, 20), _LONGEST_PAUSE)
    if held.attempts >= MOST_ATTEMPTS or utc_now() + pause > held.created_at + TOO_OLD:
        done(held)
        return False
    db.session.execute(
        update(PushMessage)
        .where(_it(held))
        .values(send_after=utc_now() + pause)
        .execution_options(synchronize_session=False)
    )
    return True


def forget(subscription_id: int) -> None:
    """The service says that the device is gone."""
    db.session.execute(
        delete(PushSubscription)
        .where(PushSubscription.id == subscription_id)
        .execution_options(synchronize_session=False)
    )


def end(subscription_id: int, token_id: int | None) -> None:
    """Its session, or this token, opens nothing any more. What has moved to the token's successor
    in the meantime stays."""
    db.session.execute(
        delete(PushSubscription)
        .where(PushSubscription.id == subscription_id, PushSubscription.token_id == token_id)
        .execution_options(synchronize_session=False)
    )


def _it(held: Claimed) -> ColumnElement[bool]:
    return (PushMessage.subscription_id == held.subscription_id) & (
        PushMessage.notification_id.in_(held.notification_ids)
    )
