"""The worker of push messages: takes what is due, has it written, posts it, notes how it went."""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.exc import DBAPIError

from intranet.db import db
from intranet.kernel import outbound
from intranet.push import queue
from intranet.push.encryption import Device, seal
from intranet.push.models import PushSubscription
from intranet.push.queue import Claimed
from intranet.tasks.draining import drain_forever

log = logging.getLogger(__name__)

WORKERS = 4  # at once: a slow service must not hold up the others
_ASK_SECONDS = 10.0
KEEP_SECONDS = int(queue.TOO_OLD.total_seconds())  # that the service keeps it
_GONE = (404, 410)
_AGAIN = (408, 425, 429)


@dataclass(frozen=True, slots=True)
class Written:
    """What a message says now, as JSON, and how soon the device should be woken for it."""

    text: bytes
    urgency: str = "normal"
    seconds: int = KEEP_SECONDS  # that the service may keep it: not beyond its reader's hours


@dataclass(frozen=True, slots=True)
class Ended:
    """Said instead of a message: the session or token of the subscription opens nothing any
    more, so that the subscription is to go with it."""


@dataclass(frozen=True, slots=True)
class Later:
    """Said instead of a message: its reader's hours hold it back until then."""

    until: dt.datetime


Compose = Callable[[PushSubscription, Sequence[int]], Written | Ended | Later | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who we are for push services. `trusted_hosts` may be in our own network."""

    folder: Path
    contact: str
    trusted_hosts: Collection[str] = ()


class Pusher:
    """`compose` writes the message for a subscription and some notifications, or gives None when
    there is nothing to say any more, Ended when nothing ever will be, Later while the reader's
    hours hold it back. Nothing of the database is held while a service takes its time."""

    def __init__(
        self,
        *,
        context: Callable[[], AbstractContextManager[Any]],
        unit_of_work: Callable[[], AbstractContextManager[None]],
        compose: Compose,
        sender: Sender,
    ) -> None:
        self._context = context
        self._unit_of_work = unit_of_work
        self._compose = compose
        self._sender = sender

    def run_forever(self) -> None:
        """Send until killed."""
        drain_forever(self.drain, queue.bell, _say)

    def drain(self) -> int:
        """Send all that is due now; gives how many messages that were."""
        sent = 0
        while self.send_one():
            sent += 1
            time.sleep(0)  # lets the requests of this process go first
        return sent

    def send_one(self) -> bool:
        """Send one message that is due. False when there was none."""
        with self._context():
            if not queue.is_any_due():
                return False
        with self._context(), self._unit_of_work():
            held = queue.claim()
        if held is None:
            return False
        try:
            self._send(held)
        except DBAPIError:
            raise
        except Exception:
            log.exception("a push message cannot be made")
            self._note(lambda: queue.done(held))
        return True

    def _send(self, held: Claimed) -> None:
        with self._context():
            subscription = db.session.get(PushSubscription, held.subscription_id)
            written = self._compose(subscription, held.notification_ids) if subscription else None
            token_id = subscription.token_id if subscription else None
            if subscription is None or not isinstance(written, Written):
                device = None
            else:
                device = Device(
                    subscription.endpoint,
                    subscription.p256dh,
                    subscription.auth,
                    subscription.standard,
                )
        if isinstance(written, Ended):
            return self._note(lambda: queue.end(held.subscription_id, token_id))
        if isinstance(written, Later):
            until = written.until
            return self._note(lambda: queue.hold(held, until))
        if device is None or written is None:
            return self._note(lambda: queue.done(held))
        return self._post(held, device, written)

    def _post(self, held: Claimed, device: Device, written: Written) -> None:
        sealed = seal(
            device,
            written.text,
            folder=self._sender.folder,
            contact=self._sender.contact,
            seconds=written.seconds,
            urgency=written.urgency,
        )
        try:
            answer = outbound.post(
                device.endpoint,
                sealed.body,
                sealed.headers,
                timeout=_ASK_SECONDS,
                allowed=self._sender.trusted_hosts,
            )
        except outbound.Refused as error:
            log.warning("a push service is not asked: %s", error)
            return self._note(lambda: queue.forget(held.subscription_id))
        except outbound.Unreachable as error:
            log.info("a push service does not answer: %s", error)
            return self._note(lambda: queue.postpone(held))
        if answer.is_success:
            return self._note(lambda: queue.done(held))
        if answer.status in _GONE:
            return self._note(lambda: queue.forget(held.subscription_id))
        if answer.status in _AGAIN or answer.status >= 500:
            return self._note(lambda: queue.postpone(held))
        log.warning("a push service refused a message: %s", answer.status)
        return self._note(lambda: queue.done(held))

    def _note(self, what: Callable[[], object]) -> None:
        with self._context(), self._unit_of_work():
            what()


def _say(error: Exception) -> None:
    log.warning("push messages wait for the database: %s", error)
