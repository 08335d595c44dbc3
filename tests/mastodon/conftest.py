"""Programs that act for people: `call(ann)` gives a client with a token of hers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from intranet.accounts.models import Account
from tests.browse import Client
from tests.mastodon.tokens import token_of


class Caller:
    """A client that shows a token with every request."""

    def __init__(self, client: FlaskClient, token: str | None) -> None:
        self._client = client
        self.token = token

    def open(self, method: str, path: str, **more: Any) -> TestResponse:
        headers = dict(more.pop("headers", {}))
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        return self._client.open(path, method=method, headers=headers, **more)

    def get(self, path: str, **query: Any) -> Any:
        answer = self.open("GET", path, query_string=query)
        assert answer.status_code == 200, (path, answer.status_code, answer.text)
        return answer.json

    def post(self, path: str, **form: Any) -> Any:
        answer = self.open("POST", path, data=form)
        assert answer.status_code == 200, (path, answer.status_code, answer.text)
        return answer.json


Call = Callable[..., Caller]


@pytest.fixture
def call(app: Flask) -> Call:
    app.test_client_class = Client

    def make(account: Account | None, scopes: str = "read write follow push profile") -> Caller:
        token = token_of(app, account, scopes) if account is not None else None
        return Caller(app.test_client(), token)

    return make
