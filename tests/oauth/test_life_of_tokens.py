"""When tokens die, what people see of them, and tokens from the shell."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

from intranet.accounts import passwords
from intranet.accounts.models import Role
from intranet.cli import token as token_command
from intranet.oauth import scopes
from tests.browse import Browser
from tests.factories import Factory
from tests.oauth.program import register, who

PASSWORD = "une phrase de passe"


@pytest.fixture
def outside(browse: Browser) -> FlaskClient:
    return browse(None)


@pytest.mark.parametrize("change", ["password", "role", "closed"])
def test_another_password_or_role_and_closing_end_every_token(
    make: Factory, browse: Browser, outside: FlaskClient, change: str
) -> None:
    ann = browse(make.account("ann", password_hash=passwords.prepare(PASSWORD)))
    bob = browse(make.account("bob"))
    boss = browse(make.account("boss", Role.ADMINISTRATOR))
    program = register(outside)
    hers, his = program.token(ann), program.token(bob)
    if change == "password":
        sent = {"current": PASSWORD, "password": "une autre phrase de passe"}
        assert ann.post("/settings/password", data=sent).status_code == 303
    elif change == "role":
        boss.post("/admin/people/ann/role", data={"role": "hr"})
    else:
        boss.post("/admin/people/ann/deactivate")
        assert who(outside, hers).status_code == 401
        boss.post("/admin/people/ann/reactivate")
    assert who(outside, hers).status_code == 401
    assert who(outside, his).status_code == 200


def test_signing_out_of_a_browser_ends_no_token(
    make: Factory, browse: Browser, outside: FlaskClient
) -> None:
    ann = browse(make.account("ann"))
    token = register(outside).token(ann)
    ann.post("/logout")
    assert who(outside, token).status_code == 200


def test_people_see_what_acts_for_them_and_take_it_back(
    make: Factory, browse: Browser, outside: FlaskClient
) -> None:
    ann, bob = (browse(make.account(handle)) for handle in ("ann", "bob"))
    program = register(outside)
    hers, his = program.token(ann, scope="read:statuses write"), program.token(bob)
    page = ann.get("/settings/applications").text
    assert "A program" in page
    assert "Read: posts" in page
    assert "A program" in bob.get("/settings/applications").text
    path = f"/settings/applications/{program.entity['id']}/revoke"
    carol = browse(make.account("carol"))
    assert "A program" not in carol.get("/settings/applications").text
    assert carol.post(path).status_code == 404
    assert ann.post(path).status_code == 303
    assert "A program" not in ann.get("/settings/applications").text
    assert who(outside, hers).status_code == 401
    assert who(outside, his).status_code == 200


def test_the_consent_page_speaks_french(
    make: Factory, browse: Browser, outside: FlaskClient
) -> None:
    program = register(outside, scopes="read write follow push")
    asked = program.asks(scope="read write follow push")
    marie = browse(make.account("marie", locale="fr"))
    page = marie.get("/oauth/authorize", query_string=asked).text
    assert "agir pour vous" in page
    assert "Autoriser" in page
    ann = browse(make.account("ann"))
    assert "agir pour vous" in ann.get("/oauth/authorize", query_string=asked | {"lang": "fr"}).text


def test_a_cookie_is_nothing_to_the_programs_door(make: Factory, browse: Browser) -> None:
    ann = browse(make.account("ann"))
    assert ann.get("/settings").status_code == 200
    answer = ann.get("/api/v1/accounts/verify_credentials")
    assert answer.status_code == 401
    assert "Set-Cookie" not in answer.headers


def test_a_token_is_nothing_to_the_pages(
    make: Factory, browse: Browser, outside: FlaskClient
) -> None:
    token = register(outside).token(browse(make.account("ann")))
    header = {"Authorization": f"Bearer {token}"}
    assert outside.get("/settings", headers=header).status_code == 303
    assert outside.post("/posts", data={"source": "Hello"}, headers=header).status_code == 303


def test_the_shell_makes_lists_and_revokes_tokens(
    app: Flask, make: Factory, outside: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.account("ann")
    monkeypatch.setattr(token_command, "create_app", lambda: app)
    run = CliRunner().invoke
    made = run(token_command.command, ["create", "--account", "@ann", "--scopes", "read write"])
    assert made.exit_code == 0, made.output
    token = made.output.strip()
    assert who(outside, token).json["acct"] == "ann"
    listed = run(token_command.command, ["list", "--account", "ann"]).output
    assert token not in listed
    number = re.match(r"(\d+)  @ann", listed)
    assert number is not None
    assert run(token_command.command, ["revoke", number[1]]).exit_code == 0
    assert who(outside, token).status_code == 401
    assert run(token_command.command, ["create", "--account", "nobody"]).exit_code == 1
    refused = run(token_command.command, ["create", "--account", "ann", "--scopes", "admin:read"])
    assert "There is no such scope." in refused.output


@pytest.mark.house
@pytest.mark.parametrize(
    ("granted", "wanted", "may"),
    [
        ("read", "read:statuses", True),
        ("read:statuses", "read", False),
        ("read:statuses", "read:accounts", False),
        ("read", "write:statuses", False),
        ("write", "write:media", True),
        ("write", "read:statuses", False),
        ("follow", "write:follows", True),
        ("follow", "read:mutes", True),
        ("follow", "read:statuses", False),
        ("profile", "read:accounts", False),
        ("", "read", False),
    ],
)
def test_a_scope_covers_its_parts_and_nothing_else(granted: str, wanted: str, may: bool) -> None:
    assert scopes.covers(scopes.held(granted), wanted) is may
