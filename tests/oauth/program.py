"""A program that goes through the whole of OAuth, as apps do."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

OOB = "urn:ietf:wg:oauth:2.0:oob"
CALLBACK = "https://app.example/back"
VERIFIER = "v" * 50


def challenge(verifier: str = VERIFIER) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


@dataclass
class Program:
    """A registered application and the anonymous client that it calls with."""

    client: FlaskClient
    entity: dict[str, Any]
    redirect_uri: str

    @property
    def credentials(self) -> dict[str, str]:
        found = {"client_id": self.entity["client_id"]}
        if self.entity["client_secret"]:
            found["client_secret"] = self.entity["client_secret"]
        return found

    def asks(self, **changes: str) -> dict[str, str]:
        asked = {
            "response_type": "code",
            "client_id": self.entity["client_id"],
            "redirect_uri": self.redirect_uri,
            "scope": "read write",
            "state": "a state & more",
            "code_challenge": challenge(),
            "code_challenge_method": "S256",
        }
        return {name: value for name, value in (asked | changes).items() if value}

    def code(self, person: FlaskClient, **changes: str) -> str:
        """The code that the person's consent gives."""
        given = person.post("/oauth/authorize", data=self.asks(**changes))
        assert given.status_code == 303, given.text
        query = parse_qs(urlsplit(given.headers["Location"]).query)
        return query["code"][0]

    def trade(self, code: str, **changes: str) -> TestResponse:
        sent = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect_uri,
            "code_verifier": VERIFIER,
        }
        sent |= self.credentials | changes
        return self.client.post(
            "/oauth/token", data={name: value for name, value in sent.items() if value}
        )

    def token(self, person: FlaskClient, **changes: str) -> str:
        answer = self.trade(self.code(person, **changes))
        assert answer.status_code == 200, answer.text
        return str(answer.json["access_token"])


def register(client: FlaskClient, redirect_uri: str = CALLBACK, **more: Any) -> Program:
    sent = {
        "client_name": "A program",
        "redirect_uris": redirect_uri,
        "scopes": "read write follow",
        **more,
    }
    answer = client.post("/api/v1/apps", json=sent)
    assert answer.status_code == 200, answer.text
    return Program(client, answer.json, redirect_uri)


def who(client: FlaskClient, token: str) -> TestResponse:
    return client.get(
        "/api/v1/accounts/verify_credentials", headers={"Authorization": f"Bearer {token}"}
    )
