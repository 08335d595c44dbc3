"""The worker of the outbox: takes what is due, has it written, hands it over, notes how it went."""

from __future__ import annotations

import datetime as dt
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

from sqlalchemy.exc import DBAPIError, OperationalError

from intranet.db import db
from intranet.mail import queue
from intranet.mail.models import OutboxMessage, OutboxStatus
from intranet.mail.queue import Claimed
from intranet.mail.transports import Refused, Transport, Unavailable
from intranet.tasks.draining import drain_forever

log = logging.getLogger(__name__)

_LONGEST_HOLD = 600.0  # whoever takes longer hangs: then another worker may try


@dataclass(frozen=True, slots=True)
class Sealed:
    """A message that is ready to go, and to whom."""

    message: EmailMessage
    recipient: str


@dataclass(frozen=True, slots=True)
class Later:
    """Said instead of a message: its reader's hours hold it back until then."""

    until: dt.datetime


Compose = Callable[[OutboxMessage], Sealed | Later | None]


class Deliverer:
    """`compose` writes the letter of an outbox row, or gives None when there is nothing to say
    any more, Later while its reader's hours hold it back. It, `transport` and the two
    transactions each have a context of their own: nothing of the database is held while a mail
    server takes its time."""

    def __init__(
        self,
        *,
        context: Callable[[], AbstractContextManager[Any]],
        unit_of_work: Callable[[], AbstractContextManager[None]],
        compose: Compose,
        transport: Transport,
        sender: str,
    ) -> None:
        self._context = context
        self._unit_of_work = unit_of_work
        self._compose = compose
        self._transport = transport
        self._sender = sender
        self._trouble = ""

    def run_forever(self, *, alone: bool) -> None:
        """Deliver until killed. `alone`: no other process delivers, so whatever is held was held
        by one that is dead. A database or mail server that is away is waited for."""

        def drain() -> None:
            nonlocal alone
            if alone:
                with self._context(), self._unit_of_work():
                    queue.release_all()
                alone = False
            self.drain(breathe=True)

        drain_forever(drain, queue.bell, self._say_once, Unavailable)

    def drain(self, *, breathe: bool = False) -> int:
        """Deliver all that is due now; gives how many messages that were. Unavailable when there
        is something to send and nowhere to send it to."""
        done = 0
        try:
            while self.deliver_one():
                done += 1
                if breathe:
                    time.sleep(0)  # lets the requests of this process go first
        finally:
            self._transport.close()
        return done

    def deliver_one(self) -> bool:
        """Deliver one message that is due. False when there was none."""
        with self._context():
            if not queue.is_any_due():
                return False
        try:
            self._transport.make_ready()
        except Unavailable as error:
            with self._context(), self._unit_of_work():
                queue.note_trouble(str(error))
            raise
        self._trouble = ""
        with self._context(), self._unit_of_work():
            held = queue.claim()
        if held is None:
            return False
        self._deliver(held)
        return True

    def _deliver(self, held: Claimed) -> None:
        try:
            with self._holding(held):
                sealed = self._write(held)
                if isinstance(sealed, Sealed):
                    self._transport.send(
                        held.id, sealed.message, sender=self._sender, recipient=sealed.recipient
                    )
        except Refused as error:
            log.warning("message %s was refused: %s", held.id, error)
            return self._settle(held, OutboxStatus.FAILED, str(error))
        except Unavailable as error:
            log.warning("message %s was not taken yet: %s", held.id, error)
            return self._postpone(held, str(error))
        except OperationalError:
            raise  # the database is away: nothing is known about this letter
        except Exception as error:
            log.exception("message %s cannot be written", held.id)
            return self._postpone(held, f"{type(error).__name__}: {error}")
        if isinstance(sealed, Later):
            return self._hold_back(held, sealed)
        return self._settle(held, OutboxStatus.SENT if sealed else OutboxStatus.DROPPED)

    @contextmanager
    def _holding(self, held: Claimed) -> Iterator[None]:
        """Renew the lease meanwhile, from a thread of its own. It has ended before anything else
        is written down about the message."""
        done = threading.Event()
        keeper = threading.Thread(target=self._renew, args=(held, done), daemon=True)
        keeper.start()
        try:
            yield
        finally:
            done.set()
            keeper.join()

    def _renew(self, held: Claimed, done: threading.Event) -> None:
        until = time.monotonic() + _LONGEST_HOLD
        while not done.wait(queue.RENEW_SECONDS) and time.monotonic() < until:
            try:
                with self._context(), self._unit_of_work():
                    if not queue.renew(held):
                        return
            except DBAPIError as error:
                log.warning("the lease of message %s could not be renewed: %s", held.id, error)

    def _write(self, held: Claimed) -> Sealed | Later | None:
        with self._context():
            message = db.session.get(OutboxMessage, held.id)
            return self._compose(message) if message is not None else None

    def _settle(self, held: Claimed, status: OutboxStatus, reason: str = "") -> None:
        with self._context(), self._unit_of_work():
            queue.settle(held, status, reason)

    def _hold_back(self, held: Claimed, later: Later) -> None:
        with self._context(), self._unit_of_work():
            queue.hold_back(held, later.until)

    def _postpone(self, held: Claimed, reason: str) -> None:
        with self._context(), self._unit_of_work():
            queue.postpone(held, reason)

    def _say_once(self, error: Exception) -> None:
        if str(error) != self._trouble:
            self._trouble = str(error)
            log.error("mail cannot be delivered now: %s", error)
