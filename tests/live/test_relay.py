"""What is heard from other processes, and what of it cannot be read."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from typing import Any

import pytest
import redis
from flask import Flask

from intranet.accounts.events import AccessChanged
from intranet.kernel.domain_events import DomainEvent
from intranet.live import relay


class Stop(BaseException):
    """Ends the listener, which listens for ever."""


class Server:
    """A Redis that says these things and then ends the test."""

    def __init__(self, *said: bytes) -> None:
        self._said: Iterator[bytes] = iter(said)

    def pubsub(self) -> Server:
        return self

    def subscribe(self, _channel: str) -> None:
        """Heard from the beginning."""

    def get_message(self, **_options: Any) -> dict[str, bytes]:
        for data in self._said:
            return {"data": data}
        raise Stop


@pytest.mark.settings(redis_url="redis://127.0.0.1:1/0")
@pytest.mark.parametrize(
    "unread",
    [
        b"{",
        b"[]",
        b'{"from": "x"}',
        b'{"from": "x", "name": "AccessChanged", "of": {}}',
        b'{"from": "x", "name": "AccessChanged", "of": 5}',
        b'{"from": "x", "name": "OfAnotherRelease", "of": {}}',
    ],
)
def test_what_cannot_be_read_ends_no_listener(
    app: Flask, monkeypatch: pytest.MonkeyPatch, unread: bytes
) -> None:
    fact = AccessChanged(account_id=5)
    of = dataclasses.asdict(fact)
    good = json.dumps({"from": "x", "name": "AccessChanged", "of": of}).encode()
    monkeypatch.setattr(redis.Redis, "from_url", lambda _url: Server(unread, good))
    heard: list[DomainEvent] = []
    relay.follow(app, heard.append)
    with pytest.raises(Stop):
        relay.listen_forever(app)
    assert heard == [fact]
