"""The lines of this process: who listens, what is still to be told, and whose token has died."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections import Counter

from flask import Flask

from intranet.accounts.events import AccessChanged, CredentialsChanged
from intranet.kernel.domain_events import DomainEvent
from intranet.live import relay
from intranet.mastodon.streaming.delivery import deliver
from intranet.mastodon.streaming.line import GOING_AWAY, POLICY, Line
from intranet.oauth import tokens

log = logging.getLogger(__name__)

MOST_LINES = 40  # of one account in one process
_MOST_FACTS = 10_000  # that wait; more is told to nobody: programs ask the timelines
_AT_ONCE = 40  # facts drawn together
_SWEEP_SECONDS = 3.0
_RETRY_SECONDS = 1.0


class Hub:
    """One for each application."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._lines: set[Line] = set()
        self._of_account: Counter[int] = Counter()
        self._facts: queue.Queue[DomainEvent] = queue.Queue(_MOST_FACTS)
        self._look_now = threading.Event()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._lines)

    @property
    def waits(self) -> bool:
        """Whether something is still to be told."""
        return not self._facts.empty()

    def open(self, line: Line) -> bool:
        """Take in a new line; False when its account has too many."""
        with self._lock:
            if self._of_account[line.account_id] >= MOST_LINES:
                return False
            self._of_account[line.account_id] += 1
            self._lines.add(line)
            return True

    def close(self, line: Line) -> None:
        """Forget a line that has ended."""
        with self._lock:
            if line in self._lines:
                self._lines.remove(line)
                self._of_account -= Counter((line.account_id,))

    def follow(self, fact: DomainEvent) -> None:
        """Something has happened: remember to tell it, if anybody listens."""
        if not self._lines:
            return
        if isinstance(fact, AccessChanged | CredentialsChanged):
            self._look_now.set()
            return
        try:
            self._facts.put_nowait(fact)
        except queue.Full:
            log.error("programs do not hear of what happens: too much waits to be told")

    def tell_forever(self) -> None:
        """Tell what happens, for ever."""
        while True:
            try:
                self.tell(self._facts.get())
            except Exception:
                log.exception("live messages could not be made")
                time.sleep(_RETRY_SECONDS)

    def tell(self, first: DomainEvent | None = None) -> None:
        """Tell this fact and the next that wait."""
        facts = [first] if first is not None else []
        while len(facts) < _AT_ONCE:
            try:
                facts.append(self._facts.get_nowait())
            except queue.Empty:
                break
        if facts:
            deliver(self._app, tuple(self._lines), facts)

    def sweep_forever(self) -> None:
        """End the lines whose tokens have died: within seconds, however they died."""
        while True:
            self._look_now.wait(_SWEEP_SECONDS)
            self._look_now.clear()
            try:
                self.sweep()
            except Exception:
                log.exception("a sweep of the streams failed")
                time.sleep(_RETRY_SECONDS)

    def sweep(self) -> None:
        """End the lines whose tokens are dead now: one statement. What has ended and is still here
        at the next sweep is forgotten, such as a line that its program never came to read."""
        held = tuple(self._lines)
        if not held:
            return
        for line in held:
            if line.ended:
                self.close(line)
        with self._app.app_context():
            alive = tokens.alive({line.token_id for line in held})
        for line in held:
            if line.token_id not in alive:
                line.end(POLICY)

    def stop(self) -> None:
        """The process ends: programs come back by themselves."""
        for line in tuple(self._lines):
            line.end(GOING_AWAY)


def hub_of(app: Flask) -> Hub:
    """The hub of the application."""
    hub: Hub = app.extensions["intranet.streams"]
    return hub


def register(app: Flask) -> None:
    """Make the hub, and let it hear what happens."""
    hub = Hub(app)
    app.extensions["intranet.streams"] = hub
    relay.follow(app, hub.follow)


def run(app: Flask) -> None:
    """Start what a process needs that holds lines; returns at once."""
    hub = hub_of(app)
    for body in (hub.tell_forever, hub.sweep_forever):
        threading.Thread(target=body, daemon=True).start()
    threading.Thread(target=relay.listen_forever, args=(app,), daemon=True).start()
