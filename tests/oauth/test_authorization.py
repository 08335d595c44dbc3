"""From registration to a token, and every way in which it must not work."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text

from intranet.accounts import passwords
from intranet.accounts.models import Role
from intranet.db import db
from intranet.oauth.models import AccessToken, AuthorizationCode, OAuthApp
from tests.browse import Browser
from tests.factories import Factory
from tests.oauth.program import CALLBACK, OOB, Program, register, who

PASSWORD = "une phrase de passe"


@pytest.fixture
def outside(browse: Browser) -> FlaskClient:
    """Nobody: what programs call with."""
    return browse(None)


@pytest.fixture
def ann(make: Factory, browse: Browser) -> FlaskClient:
    return browse(make.account("ann", password_hash=passwords.prepare(PASSWORD)))


@pytest.fixture
def program(outside: FlaskClient) -> Program:
    return register(outside)


def test_a_person_lets_a_program_in_and_it_acts_for_her(
    program: Program, ann: FlaskClient, outside: FlaskClient
) -> None:
    asked = ann.get("/oauth/authorize", query_string=program.asks())
    assert asked.status_code == 200
    assert "A program" in asked.text
    assert "@ann" in asked.text
    assert "form-action 'self' https://app.example;" in asked.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in asked.headers["Content-Security-Policy"]
    assert asked.headers["Cross-Origin-Opener-Policy"] == "unsafe-none"
    given = ann.post("/oauth/authorize", data=program.asks())
    onwards = urlsplit(given.headers["Location"])
    assert f"{onwards.scheme}://{onwards.netloc}{onwards.path}" == CALLBACK
    query = parse_qs(onwards.query)
    assert query["state"] == ["a state & more"]
    traded = program.trade(query["code"][0])
    assert traded.status_code == 200
    assert traded.headers["Cache-Control"] == "no-store"
    assert traded.headers["Access-Control-Allow-Origin"] == "*"
    body = traded.json
    assert body["token_type"] == "Bearer"
    assert body["scope"] == "read write"
    assert isinstance(body["created_at"], int)
    assert set(body) == {"access_token", "token_type", "scope", "created_at"}
    assert who(outside, body["access_token"]).json["acct"] == "ann"


@pytest.mark.parametrize(
    ("uri", "goes_to"),
    [
        ("com.example.app-auth://callback", "com.example.app-auth:"),
        ("http://localhost:1234/cb", "localhost"),
    ],
)
def test_apps_are_answered_at_their_own_schemes(
    ann: FlaskClient, outside: FlaskClient, uri: str, goes_to: str
) -> None:
    program = register(outside, uri)
    page = ann.get("/oauth/authorize/", query_string=program.asks())
    source = uri.partition("//")[0] if uri.startswith("com.") else "http://localhost:1234"
    assert f"form-action 'self' {source};" in page.headers["Content-Security-Policy"]
    assert f"you go on to {goes_to}." in page.text
    assert ann.post("/oauth/authorize", data=program.asks()).headers["Location"].startswith(uri)


def test_a_code_is_shown_where_the_program_has_no_address(
    ann: FlaskClient, outside: FlaskClient
) -> None:
    program = register(outside, OOB)
    page = ann.post("/oauth/authorize", data=program.asks(state=""))
    assert page.status_code == 200
    code = page.text.partition('readonly value="')[2].partition('"')[0]
    token = program.trade(code).json["access_token"]
    assert who(outside, token).status_code == 200
    assert "code" not in ann.post("/oauth/authorize/deny", data=program.asks()).headers


def test_denying_tells_the_program_so(program: Program, ann: FlaskClient) -> None:
    answer = ann.post("/oauth/authorize/deny", data=program.asks())
    query = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert query["error"] == ["access_denied"]
    assert query["state"] == ["a state & more"]


def test_nobody_is_asked_without_a_session(program: Program, outside: FlaskClient) -> None:
    answer = outside.get("/oauth/authorize", query_string=program.asks())
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/login?next=/oauth/authorize")
    assert answer.headers["Cross-Origin-Opener-Policy"] == "unsafe-none"
    login = outside.get(answer.headers["Location"])
    assert login.headers["Cross-Origin-Opener-Policy"] == "unsafe-none"
    assert outside.get("/login").headers["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize(
    "changes",
    [
        {"redirect_uri": CALLBACK + "/"},
        {"redirect_uri": CALLBACK + "?x=1"},
        {"redirect_uri": "https://evil.example/back"},
        {"redirect_uri": ""},
        {"client_id": "unknown"},
        {"client_id": "\0"},
        {"response_type": "token"},
        {"response_type": 'code"\\é'},
    ],
)
def test_a_question_of_doubtful_origin_is_answered_to_the_person_only(
    program: Program, ann: FlaskClient, changes: dict[str, str]
) -> None:
    for answer in (
        ann.get("/oauth/authorize", query_string=program.asks(**changes)),
        ann.post("/oauth/authorize", data=program.asks(**changes)),
        ann.post("/oauth/authorize/deny", data=program.asks(**changes)),
    ):
        assert answer.status_code == 422
        assert "Location" not in answer.headers


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"scope": "read admin:read"}, "invalid_scope"),
        ({"scope": "push"}, "invalid_scope"),  # never registered for it
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": ""}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge": ""}, "invalid_request"),
    ],
)
def test_a_wrong_wish_goes_back_to_the_program(
    program: Program, ann: FlaskClient, changes: dict[str, str], error: str
) -> None:
    for answer in (
        ann.get("/oauth/authorize", query_string=program.asks(**changes)),
        ann.post("/oauth/authorize", data=program.asks(**changes)),
    ):
        query = parse_qs(urlsplit(answer.headers["Location"]).query)
        assert query["error"] == [error]
        assert "code" not in query


def test_pkce_is_compulsory_for_who_keeps_no_secret_and_optional_for_who_does(
    program: Program, ann: FlaskClient, outside: FlaskClient
) -> None:
    without = {"code_challenge": "", "code_challenge_method": ""}
    code = program.code(ann, **without)
    assert program.trade(code, code_verifier="").status_code == 200
    public = register(outside, token_endpoint_auth_method="none")
    assert public.entity["client_secret"] is None
    refused = ann.post("/oauth/authorize", data=public.asks(**without))
    assert "error=invalid_request" in refused.headers["Location"]
    code = public.code(ann)
    assert public.trade(code, code_verifier="").status_code == 400
    assert public.trade(code, code_verifier="w" * 50).status_code == 400
    assert public.trade(code).status_code == 200
    # A public client cannot speak for itself.
    own = {"grant_type": "client_credentials", "client_id": public.entity["client_id"]}
    assert outside.post("/oauth/token", data=own).status_code == 401


def test_a_code_is_good_once_for_its_own_client_and_address(
    program: Program, ann: FlaskClient, outside: FlaskClient
) -> None:
    other = register(outside)
    code = program.code(ann)
    assert other.trade(code).json["error"] == "invalid_grant"
    assert program.trade(code, redirect_uri="https://app.example").json["error"] == "invalid_grant"
    assert program.trade(code, client_secret="wrong").status_code == 401
    token = program.trade(code).json["access_token"]
    assert who(outside, token).status_code == 200
    assert program.trade(code).json["error"] == "invalid_grant"
    assert who(outside, token).status_code == 401, "a replay takes back what the code gave"


def test_a_code_dies_after_ten_minutes(app: Flask, program: Program, ann: FlaskClient) -> None:
    code = program.code(ann)
    with app.app_context():
        db.session.execute(
            text("UPDATE oauth_code SET expires_at = created_at"),
        )
        db.session.commit()
    assert program.trade(code).json["error"] == "invalid_grant"


def test_secrets_may_come_as_basic_and_parameters_as_json(
    program: Program, outside: FlaskClient, ann: FlaskClient
) -> None:
    basic = (program.entity["client_id"], program.entity["client_secret"])
    own = outside.post(
        "/oauth/token", data={"grant_type": "client_credentials", "scope": "read"}, auth=basic
    )
    assert own.status_code == 200
    header = {"Authorization": f"Bearer {own.json['access_token']}"}
    found = outside.get("/api/v1/apps/verify_credentials", headers=header)
    assert found.json["name"] == "A program"
    assert who(outside, own.json["access_token"]).status_code == 422
    sent = {
        "grant_type": "authorization_code",
        "code": program.code(ann),
        "redirect_uri": CALLBACK,
        "code_verifier": "v" * 50,
        **program.credentials,
    }
    assert outside.post("/oauth/token", json=sent).status_code == 200
    for nonsense in ("Basic", "Basic ====", "Basic /////w==", "Basic " + "é"):
        answer = outside.post(
            "/oauth/token",
            data={"grant_type": "client_credentials"},
            headers={"Authorization": nonsense},
        )
        assert answer.status_code == 401


@pytest.mark.parametrize("grant", ["password", "implicit", "", 'x"\\', "urn:ietf:params:oauth:x"])
def test_no_other_way_leads_to_a_token(program: Program, grant: str) -> None:
    sent = {"grant_type": grant, "username": "ann", "password": PASSWORD, **program.credentials}
    answer = program.client.post("/oauth/token", data=sent)
    assert answer.status_code == 400
    assert answer.json["error"] == "unsupported_grant_type"


def test_refreshing_rotates_and_a_replay_ends_the_family(
    ann: FlaskClient, outside: FlaskClient
) -> None:
    program = register(outside, grant_types=["authorization_code", "refresh_token"])
    first = program.trade(program.code(ann)).json
    assert first["expires_in"] == 7200

    def refresh(word: str, **changes: str) -> dict[str, object]:
        sent = {"grant_type": "refresh_token", "refresh_token": word, **program.credentials}
        return dict(outside.post("/oauth/token", data=sent | changes).json)

    assert refresh(first["refresh_token"], scope="read push")["error"] == "invalid_scope"
    second = refresh(first["refresh_token"])
    assert who(outside, first["access_token"]).status_code == 401
    assert who(outside, str(second["access_token"])).status_code == 200
    stranger = register(outside, grant_types=["refresh_token"])
    sent = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    assert outside.post("/oauth/token", data=sent | stranger.credentials).status_code == 400
    assert who(outside, str(second["access_token"])).status_code == 200, "not a stranger's to end"
    assert refresh(first["refresh_token"])["error"] == "invalid_grant"
    assert who(outside, str(second["access_token"])).status_code == 401
    assert refresh(str(second["refresh_token"]))["error"] == "invalid_grant"


def test_a_token_is_given_back(program: Program, ann: FlaskClient, outside: FlaskClient) -> None:
    token = program.token(ann)
    other = register(outside)
    for one, still in ((other, 200), (program, 401)):
        answer = outside.post("/oauth/revoke", data={"token": token, **one.credentials})
        assert (answer.status_code, answer.json) == (200, {})
        assert who(outside, token).status_code == still
    wrong = outside.post("/oauth/revoke", data={"token": token, "client_id": "x"})
    assert wrong.status_code in (400, 401)


def test_nothing_that_opens_a_door_is_stored_in_clear(
    app: Flask, program: Program, ann: FlaskClient
) -> None:
    code = program.code(ann)
    token = program.trade(code).json["access_token"]
    with app.app_context():
        rows = [
            str(tuple(row))
            for table in (OAuthApp, AuthorizationCode, AccessToken)
            for row in db.session.execute(select(table.__table__))
        ]
    secrets = (code, token, program.entity["client_secret"])
    assert rows
    assert [word for word in secrets for row in rows if word in row] == []


def test_asking_for_the_password_means_it(program: Program, ann: FlaskClient) -> None:
    asked = program.asks(force_login="true")
    assert 'name="password"' in ann.get("/oauth/authorize", query_string=asked).text
    wrong = ann.post("/oauth/authorize", data=asked | {"password": "wrong"})
    assert wrong.status_code == 422
    assert "That is not your password." in wrong.text
    right = ann.post("/oauth/authorize", data=asked | {"password": PASSWORD})
    assert "code=" in right.headers["Location"]


def test_somebody_else_may_answer_the_question(program: Program, ann: FlaskClient) -> None:
    answer = ann.post("/oauth/authorize/another", data=program.asks())
    assert answer.headers["Location"].startswith("/login?next=%2Foauth%2Fauthorize%3F")
    assert ann.get("/settings").status_code == 303


@pytest.mark.settings(oauth_apps="approved")
def test_an_application_waits_for_approval(
    program: Program, ann: FlaskClient, make: Factory, browse: Browser, outside: FlaskClient
) -> None:
    assert ann.get("/oauth/authorize", query_string=program.asks()).status_code == 403
    assert ann.post("/oauth/authorize", data=program.asks()).status_code == 403
    path = f"/admin/applications/{program.entity['id']}"
    assert ann.post(f"{path}/approve").status_code == 403
    boss = browse(make.account("boss", Role.ADMINISTRATOR))
    assert "Waits for approval" in boss.get("/admin/applications").text
    assert boss.post(f"{path}/approve").status_code == 303
    token = program.token(ann)
    assert who(outside, token).status_code == 200
    boss.post(f"{path}/disable")
    assert who(outside, token).status_code == 401
    assert ann.get("/oauth/authorize", query_string=program.asks()).status_code == 422
    boss.post(f"{path}/enable")
    assert who(outside, token).status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        {"client_name": ""},
        {"client_name": "x" * 200},
        {"redirect_uris": ""},
        {"redirect_uris": "javascript:alert(1)"},
        {"redirect_uris": "data:text/html,x"},
        {"redirect_uris": "/relative"},
        {"redirect_uris": "https://a.example/#x"},
        {"redirect_uris": "https://user@a.example/"},
        {"redirect_uris": [f"https://a.example/{n}" for n in range(30)]},
        {"scopes": "read admin:write"},
        {"scopes": "everything"},
        {"website": "javascript:alert(1)"},
        {"redirect_uris": {"a": 1}},
    ],
)
def test_a_wrong_registration_is_refused(outside: FlaskClient, change: dict[str, object]) -> None:
    sent = {"client_name": "A", "redirect_uris": CALLBACK, "scopes": "read", **change}
    answer = outside.post("/api/v1/apps", json=sent)
    assert answer.status_code == 422
    assert answer.json["error"].startswith("Validation failed: ")


def test_applications_nobody_used_are_forgotten(app: Flask, outside: FlaskClient) -> None:
    register(outside)
    with app.app_context():
        db.session.execute(text("UPDATE oauth_app SET created_at = '2020-01-01 00:00:00'"))
        db.session.commit()
    register(outside)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(OAuthApp)) == 1
