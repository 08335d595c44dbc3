"""The outbox, and a mail server to empty it into."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.accounts.models import Account
from intranet.background import deliverer
from intranet.db import db
from intranet.letters.letter import Letter
from intranet.letters.registry import LETTERS
from intranet.mail.actions import enqueue_mail
from intranet.mail.delivery import Deliverer
from intranet.mail.models import OutboxMessage
from intranet.unit_of_work import unit_of_work

NOTE = "tests.note"


@pytest.fixture(autouse=True)
def note(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kind of letter whose payload says what it is like; `nothing` makes it None."""

    def write(message: OutboxMessage, _recipient: Account | None) -> Letter | None:
        if message.payload.get("nothing"):
            return None
        if message.payload.get("broken"):
            raise ValueError("cannot be written")
        return Letter(
            subject=message.payload.get("subject", "A note"),
            template="trial",
            values={"asked_at": message.created_at, "link": "http://intranet.example/x"},
        )

    monkeypatch.setitem(LETTERS, NOTE, write)


@pytest.fixture
def folder(app: Flask) -> Deliverer:
    """Delivers as a server without settings does."""
    return deliverer(app)


@pytest.fixture
def queue_note(app: Flask) -> Callable[..., bool]:
    def queue(to: Account | str, key: str | None = None, **payload: Any) -> bool:
        with app.app_context(), unit_of_work():
            return enqueue_mail(NOTE, payload, to=to, key=key)

    return queue


@pytest.fixture
def outbox(app: Flask) -> Callable[[], list[OutboxMessage]]:
    """The rows, oldest first."""

    def read() -> list[OutboxMessage]:
        with app.app_context():
            rows = db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()
            db.session.expunge_all()
            return list(rows)

    return read
