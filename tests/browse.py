"""Signed-in test clients, through the real session table."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from intranet.accounts import sessions
from intranet.accounts.models import Account
from intranet.db import db
from intranet.unit_of_work import unit_of_work

_PER_REQUEST = re.compile(r'(nonce|value|content)="[^"]{12,}"|"csrf": ?"[^"]+"')


def body(response: TestResponse) -> str:
    """The page without what differs from request to request (nonces and form tokens)."""
    return _PER_REQUEST.sub("", response.get_data(as_text=True))


def take_sentences(client: FlaskClient) -> None:
    """As if a page had shown the sentences that writes left for it."""
    with client.session_transaction() as cookie:
        cookie.pop("_flashes", None)


class Client(FlaskClient):
    """Reads every answer whole, so that files sent in it are closed."""

    def open(self, *args: Any, buffered: bool = True, **kwargs: Any) -> TestResponse:
        return super().open(*args, buffered=buffered, **kwargs)


class Browser:
    def __init__(self, app: Flask) -> None:
        self._app = app

    def __call__(self, account: Account | None) -> FlaskClient:
        self._app.test_client_class = Client
        client = self._app.test_client()
        if account is not None:
            with self._app.app_context(), unit_of_work():
                token = sessions.open_session(
                    db.session.get_one(Account, account.id),
                    lifetime=dt.timedelta(days=1),
                    user_agent="tests",
                    ip_address="127.0.0.1",
                )
            with client.session_transaction() as cookie:
                cookie["_user_id"] = token
                cookie["_fresh"] = True
        return client
