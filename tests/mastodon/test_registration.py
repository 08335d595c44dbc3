"""People who make their own account with a program."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.browse import Browser, Client
from tests.factories import Factory
from tests.mastodon.conftest import Call, Caller

open_door = pytest.mark.settings(self_registration=True)
NEW = {
    "username": "Nora",
    "email": "nora@example.test",
    "password": "correct horse battery",
    "agreement": "true",
    "locale": "fr-CA",
}


def _program(app: Flask, scopes: str = "read write follow") -> Caller:
    """A program that has registered itself, with its own token."""
    app.test_client_class = Client
    made = app.test_client().post(
        "/api/v1/apps",
        data={"client_name": "Suite", "redirect_uris": "urn:ietf:wg:oauth:2.0:oob",
              "scopes": scopes},
    ).json  # fmt: skip
    assert made is not None
    given = app.test_client().post(
        "/oauth/token",
        data={
            "grant_type": "client_credentials",
            "client_id": made["client_id"],
            "client_secret": made["client_secret"],
            "scope": scopes,
        },
    )
    assert given.json is not None
    return Caller(app.test_client(), given.json["access_token"])


def _register(program: Caller, **changed: Any) -> TestResponse:
    return program.open("POST", "/api/v1/accounts", data=NEW | changed)


@open_door
def test_the_token_that_is_given_works_at_once(app: Flask, call: Call, browse: Browser) -> None:
    made = _register(_program(app))
    assert made.status_code == 200
    assert set(made.json) == {"access_token", "token_type", "scope", "created_at"}
    assert isinstance(made.json["created_at"], int)
    person = Caller(app.test_client(), made.json["access_token"])
    me = person.get("/api/v1/accounts/verify_credentials")
    assert (me["acct"], me["source"]["language"]) == ("nora", "fr")
    assert person.post("/api/v1/statuses", status="I am new")["account"]["acct"] == "nora"
    assert person.get("/api/v1/emails/check_confirmation") is True
    assert person.open("POST", "/api/v1/emails/confirmations").status_code == 403
    signed_in = browse(None).post("/login", data={"handle": "nora", "password": NEW["password"]})
    assert signed_in.status_code == 303


@open_door
@pytest.mark.parametrize(
    ("changed", "field", "code"),
    [
        ({"username": ""}, "username", "ERR_BLANK"),
        ({"username": "no spaces"}, "username", "ERR_INVALID"),
        ({"username": "admin"}, "username", "ERR_RESERVED"),
        ({"username": "ANN"}, "username", "ERR_TAKEN"),
        ({"email": ""}, "email", "ERR_BLANK"),
        ({"email": "nora"}, "email", "ERR_INVALID"),
        ({"email": "ann@example.test"}, "email", "ERR_TAKEN"),
        ({"password": ""}, "password", "ERR_BLANK"),
        ({"password": "short"}, "password", "ERR_TOO_SHORT"),
        ({"password": "x" * 1025}, "password", "ERR_TOO_LONG"),
        ({"agreement": "false"}, "agreement", "ERR_ACCEPTED"),
    ],
)
def test_what_is_wrong_is_said_field_by_field(
    app: Flask, make: Factory, changed: dict[str, str], field: str, code: str
) -> None:
    make.account("ann")
    answer = _register(_program(app), **changed)
    assert answer.status_code == 422
    assert answer.json["error"].startswith("Validation failed: ")
    assert list(answer.json["details"]) == [field]
    assert answer.json["details"][field][0]["error"] == code
    assert answer.json["details"][field][0]["description"]


@open_door
def test_all_that_is_missing_is_said_at_once(app: Flask) -> None:
    answer = _program(app).open("POST", "/api/v1/accounts", json={})
    assert set(answer.json["details"]) == {"username", "email", "password", "agreement"}
    assert ".," not in answer.json["error"]


def test_a_company_that_invites_offers_nothing(app: Flask, call: Call) -> None:
    answer = _register(_program(app))
    assert answer.status_code == 403
    assert call(None).get("/api/v1/instance")["registrations"] is False
    offered = call(None).get("/api/v2/instance")["registrations"]
    assert (offered["enabled"], offered["url"]) == (False, None)


@open_door
def test_a_company_that_is_open_says_so(call: Call) -> None:
    assert call(None).get("/api/v1/instance")["registrations"] is True
    offered = call(None).get("/api/v2/instance")["registrations"]
    assert (offered["enabled"], offered["approval_required"]) == (True, False)


@open_door
def test_only_programs_register_people_and_only_with_the_right_to(
    app: Flask, make: Factory, call: Call
) -> None:
    assert call(None).open("POST", "/api/v1/accounts", data=NEW).status_code == 401
    assert _register(_program(app, "read")).status_code == 403
    assert _register(call(make.account("ann"))).status_code == 403


@pytest.mark.settings(self_registration=True, rate_limits=True)
def test_nobody_makes_many_accounts(app: Flask) -> None:
    program = _program(app)
    codes = [_register(program, username="").status_code for _ in range(21)]
    assert codes == [422] * 20 + [429]
