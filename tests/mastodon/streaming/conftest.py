"""Lines without a network: what they would be sent, in the test's own process."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from flask import Flask

from intranet.accounts.models import Account
from intranet.db import db
from intranet.mastodon.streaming.connecting import hear
from intranet.mastodon.streaming.hub import hub_of
from intranet.mastodon.streaming.line import End, Line, Message, Refusal
from intranet.oauth import tokens
from tests.mastodon.tokens import token_of


class Ear:
    """A program of somebody that listens."""

    def __init__(self, app: Flask, account: Account, scopes: str) -> None:
        self._app = app
        self.token = token_of(app, account, scopes)
        with app.app_context():
            found = tokens.find(self.token)
            assert found is not None
            self.token_id = found.token_id
            db.session.rollback()
        self.line = Line(self.token_id, account.id)
        assert hub_of(app).open(self.line)

    def say(self, **frame: Any) -> None:
        hear(self._app, self.line, orjson.dumps(frame).decode())

    def subscribe(self, stream: str, **more: Any) -> None:
        self.say(type="subscribe", stream=stream, **more)

    def items(self) -> list[Any]:
        found = []
        while (item := self.line.next(0.001)) is not None:
            found.append(item)
        return found

    def heard(self) -> list[tuple[str, Any]]:
        """Event and payload of everything since the last time, in every stream."""
        hub = hub_of(self._app)
        while hub.waits:
            hub.tell()
        return [
            (item.event, orjson.loads(item.payload))
            for item in self.items()
            if isinstance(item, Message)
        ]

    def labels(self) -> list[list[str]]:
        hub = hub_of(self._app)
        while hub.waits:
            hub.tell()
        return [item.stream.label for item in self.items() if isinstance(item, Message)]

    def refusals(self) -> list[tuple[str, int]]:
        return [(one.error, one.status) for one in self.items() if isinstance(one, Refusal)]

    def ended(self) -> int | None:
        return next((one.code for one in self.items() if isinstance(one, End)), None)


Listen = Callable[..., Ear]


@pytest.fixture
def listen(app: Flask) -> Listen:
    """`listen(ann, "user", "public")`."""

    def make(account: Account, *streams: str, scopes: str = "read") -> Ear:
        ear = Ear(app, account, scopes)
        for stream in streams:
            ear.subscribe(stream)
        assert ear.items() == []
        return ear

    return make
