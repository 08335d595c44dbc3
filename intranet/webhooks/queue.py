"""Whose turn a delivery is, and what became of it.

As in the outbox of letters, claiming and settling are two short transactions with nothing open
between them, and what a killed worker held is due again when its lease ends: everything is told
at least once, each time under the same id.
"""

from __future__ import annotations

import datetime as dt
import threading
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import CursorResult, and_, delete, exists, or_, select, update
from sqlalchemy.orm import aliased

from intranet.accounts.models import Account
from intranet.db import db
from intranet.kernel.clock import utc_now
from intranet.mail.actions import enqueue_mail
from intranet.webhooks.events import DeliveryQueued
from intranet.webhooks.models import (
    DeliveryStatus,
    OutgoingWebhook,
    WebhookDelivery,
    WebhookEvent,
)

LEASE = dt.timedelta(seconds=90)
MOST_ATTEMPTS = 9  # about a day with these pauses
MOST_ATTEMPTS_OF = {WebhookEvent.COMMAND: 3}  # somebody waits for the answer
MOST_FAILURES = 30  # attempts in a row after which an address is turned off
_PAUSES = tuple(dt.timedelta(seconds=one) for one in (5, 30, 120, 600, 1800, 7200, 21600, 43200))
_KEPT = dt.timedelta(days=30)
_EXCERPT = 500
TURNED_OFF = "webhooks.turned_off"  # the letter to who made the address

bell = threading.Event()


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that this worker holds until its lease ends. `attempts` includes this one."""

    id: int
    webhook_id: int
    attempts: int
    event: WebhookEvent = WebhookEvent.PING

    @property
    def is_last(self) -> bool:
        """Whether it is given up when this attempt fails."""
        return self.attempts >= MOST_ATTEMPTS_OF.get(self.event, MOST_ATTEMPTS)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt ended: the answer's status (None without one), how long, and its beginning
    or the reason."""

    status: int | None
    milliseconds: int
    said: str

    @property
    def is_success(self) -> bool:
        """Whether it was taken."""
        return self.status is not None and 200 <= self.status < 300


def ring(_event: DeliveryQueued) -> None:
    """Wake the deliverer of this process."""
    bell.set()


def _due() -> Any:
    """What may be told now; needs OutgoingWebhook joined."""
    return and_(
        WebhookDelivery.status == DeliveryStatus.WAITING,
        WebhookDelivery.send_after <= utc_now(),
        # What is turned off keeps what waits until it is turned on.
        OutgoingWebhook.disabled_at.is_(None),
        ~_is_told(OutgoingWebhook.id),
    )


def _is_told(webhook_id: Any) -> Any:
    """Whether a worker tells this address something just now: its attempt has no duration yet,
    and its lease has not ended."""
    held = aliased(WebhookDelivery, name="held")
    return exists().where(
        held.webhook_id == webhook_id,
        held.status == DeliveryStatus.WAITING,
        held.attempts > 0,
        held.milliseconds.is_(None),
        held.send_after > utc_now(),
    )


def is_any_due() -> bool:
    """Whether it is worth beginning a transaction that writes."""
    joined = and_(OutgoingWebhook.id == WebhookDelivery.webhook_id, _due())
    return bool(db.session.scalar(select(exists().where(joined))))


def claim() -> Claimed | None:
    """Hold the delivery that has waited longest of an address that is told nothing else just now:
    a slow address takes one worker. The caller commits before it is written."""
    found = db.session.scalar(
        select(WebhookDelivery)
        .join(OutgoingWebhook, OutgoingWebhook.id == WebhookDelivery.webhook_id)
        .where(_due())
        .order_by(WebhookDelivery.send_after, WebhookDelivery.id)
        .limit(1)
        # The address, too: who claims another delivery of it at the same time passes it over.
        .with_for_update(skip_locked=True, of=(WebhookDelivery, OutgoingWebhook))
    )
    # Asked again now that the address is ours: the statement may have begun before another claim.
    if found is None or db.session.scalar(select(_is_told(found.webhook_id))):
        return None
    found.attempts += 1
    found.milliseconds = None
    found.send_after = utc_now() + LEASE
    return Claimed(found.id, found.webhook_id, found.attempts, found.event)


def release(held: Claimed) -> None:
    """It was not tried: the address was turned off before. It waits until that is turned on."""
    _write(held, send_after=utc_now(), attempts=held.attempts - 1)


def drop(held: Claimed, reason: str) -> None:
    """There is nothing to tell any more."""
    _end(held, DeliveryStatus.DROPPED, Outcome(None, 0, reason))


def settle(held: Claimed, outcome: Outcome) -> bool:
    """Write down how the attempt ended: done, to be tried again later, or given up. An address
    that failed too often in a row, or says that it is gone (410), is turned off. True when this
    was the end of it."""
    if outcome.is_success:
        ended = _end(held, DeliveryStatus.DELIVERED, outcome)
        if ended:
            _note(held.webhook_id, failures=0)
        return ended
    last = held.is_last
    pause = _PAUSES[min(held.attempts, len(_PAUSES)) - 1]
    changed = (
        _end(held, DeliveryStatus.FAILED, outcome)
        if last
        else _write(held, send_after=utc_now() + pause, **_answer(outcome))
    )
    if not changed:
        return False
    _note(held.webhook_id, failures=OutgoingWebhook.failures + 1)
    limit = 1 if outcome.status == 410 else MOST_FAILURES
    off = db.session.execute(
        update(OutgoingWebhook)
        .where(
            OutgoingWebhook.id == held.webhook_id,
            OutgoingWebhook.disabled_at.is_(None),
            OutgoingWebhook.failures >= limit,
        )
        .values(disabled_at=utc_now(), disabled_because=outcome.said.replace("\0", "")[:200])
        .returning(OutgoingWebhook.created_by_id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    owner = db.session.get(Account, off.created_by_id) if off and off.created_by_id else None
    if owner is not None:
        enqueue_mail(TURNED_OFF, {"webhook": held.webhook_id}, to=owner)
    return last


def purge(_payload: dict[str, Any]) -> None:
    """Forget what ended long ago, and what an address that is turned off never asked for."""
    old = utc_now() - _KEPT
    db.session.execute(
        delete(WebhookDelivery)
        .where(or_(WebhookDelivery.ended_at < old, WebhookDelivery.created_at < old))
        .execution_options(synchronize_session=False)
    )


def _end(held: Claimed, status: DeliveryStatus, outcome: Outcome) -> bool:
    return _write(held, status=status, ended_at=utc_now(), **_answer(outcome))


def _answer(outcome: Outcome) -> dict[str, Any]:
    return {
        "response_status": outcome.status,
        "milliseconds": outcome.milliseconds,
        "excerpt": outcome.said.replace("\0", "")[:_EXCERPT],
    }


def _write(held: Claimed, **values: Any) -> bool:
    done = db.session.execute(
        update(WebhookDelivery)
        .where(
            WebhookDelivery.id == held.id,
            WebhookDelivery.attempts == held.attempts,
            WebhookDelivery.status == DeliveryStatus.WAITING,
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return cast(CursorResult[Any], done).rowcount == 1


def _note(webhook_id: int, **values: Any) -> None:
    db.session.execute(
        update(OutgoingWebhook)
        .where(OutgoingWebhook.id == webhook_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
