"""The worker of the outgoing webhooks: takes what is due, tells it, notes how it went."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from typing import Any

from sqlalchemy.exc import DBAPIError

from intranet.db import db
from intranet.kernel import outbound
from intranet.kernel.clock import utc_now
from intranet.kernel.messages import N_
from intranet.kernel.outbound import Refused, Unreachable
from intranet.tasks.draining import drain_forever
from intranet.webhooks import queue, signing
from intranet.webhooks.models import OutgoingWebhook, WebhookDelivery, WebhookEvent
from intranet.webhooks.payloads import Writer
from intranet.webhooks.queue import Claimed, Outcome

log = logging.getLogger(__name__)

WORKERS = 4  # at once: a slow address must not hold up the others
TIMEOUT_SECONDS = 10.0


class _TurnedOff(Exception):
    """The address was turned off after the delivery was claimed."""


class WebhookDeliverer:
    """`key` makes the secrets, `allowed` are the hosts that the operator trusts, `answered` hears
    how a command ended, in the transaction that settles it. Nothing of the
    database is held while a server takes its time."""

    def __init__(
        self,
        *,
        context: Callable[[], AbstractContextManager[Any]],
        unit_of_work: Callable[[], AbstractContextManager[None]],
        key: str,
        base_url: str,
        allowed: Collection[str],
        answered: Callable[[Claimed, Outcome], None] = lambda _held, _outcome: None,
        timeout: float = TIMEOUT_SECONDS,
    ) -> None:
        self._context = context
        self._unit_of_work = unit_of_work
        self._key = key
        self._writer = Writer(base_url)
        self._allowed = tuple(allowed)
        self._answered = answered
        self._timeout = timeout

    def run_forever(self) -> None:
        """Deliver until killed."""
        drain_forever(self.drain, queue.bell, _say)

    def drain(self) -> int:
        """Deliver all that is due now; gives how many that were."""
        done = 0
        while self.deliver_one():
            done += 1
            time.sleep(0)  # lets the requests of this process go first
        return done

    def deliver_one(self) -> bool:
        """Make one attempt that is due. False when there was none."""
        with self._context():
            if not queue.is_any_due():
                return False
        with self._context(), self._unit_of_work():
            held = queue.claim()
        if held is None:
            return False
        try:
            written = self._write(held)
        except DBAPIError:
            raise
        except _TurnedOff:
            with self._context(), self._unit_of_work():
                queue.release(held)
            return True
        except Exception:  # one that cannot be written must not hold up the others
            log.exception("webhook %s, delivery %s cannot be written", held.webhook_id, held.id)
            return self._drop(held, N_("it cannot be written"))
        if written is None:
            return self._drop(held, N_("nothing to tell any more"))
        outcome = self._send(*written)
        if not outcome.is_success:
            log.warning("webhook %s, delivery %s: %s", held.webhook_id, held.id, outcome.said[:80])
        with self._context(), self._unit_of_work():
            if queue.settle(held, outcome) and held.event is WebhookEvent.COMMAND:
                self._answered(held, outcome)
        return True

    def _drop(self, held: Claimed, reason: str) -> bool:
        with self._context(), self._unit_of_work():
            queue.drop(held, reason)
        return True

    def _write(self, held: Claimed) -> tuple[str, bytes, dict[str, str]] | None:
        with self._context():
            webhook = db.session.get(OutgoingWebhook, held.webhook_id)
            delivery = db.session.get(WebhookDelivery, held.id)
            if webhook is None or delivery is None:
                return None
            if webhook.disabled_at is not None:
                raise _TurnedOff
            body = self._writer.body(webhook, delivery)
            if body is None:
                return None
            now = utc_now()
            numbers = [webhook.secret_number]
            if webhook.rotated_at is not None and webhook.rotated_at > now - signing.OVERLAP:
                numbers.append(webhook.secret_number - 1)
            secrets = [signing.secret_of(self._key, webhook.id, number) for number in numbers]
            return webhook.url, body, signing.headers(secrets, f"msg_{delivery.id}", now, body)

    def _send(self, url: str, body: bytes, headers: dict[str, str]) -> Outcome:
        began = time.monotonic()
        try:
            answer = outbound.post(url, body, headers, timeout=self._timeout, allowed=self._allowed)
        except (Refused, Unreachable) as error:
            return Outcome(None, round((time.monotonic() - began) * 1000), str(error))
        return Outcome(answer.status, round(answer.seconds * 1000), answer.text)


def _say(error: Exception) -> None:
    log.warning("the webhooks wait for the database: %s", error)
