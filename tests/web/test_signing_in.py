"""Sign-in, sign-out and the gate in front of every page."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from flask import Flask
from sqlalchemy import func, select

from intranet.accounts import passwords
from intranet.accounts.models import Account, AccountSession
from intranet.db import db
from intranet.web.gate import safe_next
from tests.browse import Browser
from tests.factories import Factory

PASSWORD = "une phrase de passe"
HASHED = passwords.prepare(PASSWORD)


@pytest.fixture
def ann(make: Factory) -> Account:
    return make.account("ann", password_hash=HASHED)


def form(handle: str = "ann", password: str = PASSWORD, **more: str) -> dict[str, str]:
    return {"handle": handle, "password": password, **more}


@pytest.mark.parametrize("login", ["ann", "ANN", " @ann ", "ann@example.test", "Ann@Example.Test"])
def test_signs_in_by_handle_or_email(browse: Browser, ann: Account, login: str) -> None:
    client = browse(None)
    response = client.post("/login", data=form(login))
    assert (response.status_code, response.location) == (303, "/")
    assert client.get("/login").status_code == 303


def test_unknown_and_wrong_and_shut_look_the_same(
    browse: Browser, make: Factory, ann: Account
) -> None:
    make.account("shut", password_hash=HASHED, deactivated_at=dt.datetime.now(dt.UTC))
    make.account("none")
    answers = {
        (response.status_code, re.sub(r' (value|content|nonce)="[^"]+"', "", response.text))
        for handle, password in (
            ("nobody", PASSWORD),
            ("ann", "something else"),
            ("ann", ""),
            ("ann", "x" * 5000),
            ("shut", PASSWORD),
            ("none", PASSWORD),
        )
        for response in [browse(None).post("/login", data=form(handle, password))]
    }
    assert len(answers) == 1
    assert answers.pop()[0] == 422


def test_the_form_keeps_the_handle_and_never_the_password(browse: Browser, ann: Account) -> None:
    text = browse(None).post("/login", data=form('a"<b>', "secret-thing")).text
    assert 'value="a&#34;&lt;b&gt;"' in text
    assert "secret-thing" not in text


def test_strange_bytes_are_only_wrong(browse: Browser, ann: Account) -> None:
    for handle, password in (("\ud800", "\ud800"), ("\x00", "\x00"), ("a" * 100_000, "x")):
        data = {
            "handle": handle.encode("utf-8", "surrogatepass"),
            "password": password.encode("utf-8", "surrogatepass"),
        }
        assert browse(None).post("/login", data=data).status_code == 422


def test_a_session_begins_at_every_sign_in_and_ends_at_sign_out(
    browse: Browser, app: Flask, ann: Account
) -> None:
    client = browse(None)
    client.post("/login", data=form())
    with client.session_transaction() as cookie:
        first = cookie["_user_id"]
    client.post("/login", data=form())
    with client.session_transaction() as cookie:
        second = cookie["_user_id"]
    assert first != second
    with app.app_context():
        assert db.session.scalar(select(func.count(AccountSession.id))) == 1
    assert client.post("/logout").location == "/login"
    with client.session_transaction() as cookie:
        assert "_user_id" not in cookie
        cookie["_user_id"] = second
    assert client.get("/login").status_code == 200
    with app.app_context():
        assert db.session.scalar(select(func.count(AccountSession.id))) == 0


def test_an_aged_hash_is_renewed(browse: Browser, make: Factory, app: Flask) -> None:
    old = passwords.PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    make.account("bob", password_hash=old)
    assert browse(None).post("/login", data=form("bob")).status_code == 303
    with app.app_context():
        fresh = db.session.scalar(select(Account.password_hash))
    assert fresh != old
    assert browse(None).post("/login", data=form("bob")).status_code == 303


@pytest.mark.parametrize("path", ["/", "/nothing-here", "/people?q=ann", "/admin/people"])
def test_nobody_gets_in_without_a_session(browse: Browser, path: str) -> None:
    response = browse(None).get(path)
    assert response.status_code == 303
    assert response.location.startswith("/login")


def test_after_signing_in_one_is_where_one_wanted(browse: Browser, ann: Account) -> None:
    client = browse(None)
    assert client.get("/people?q=%26x").location == "/login?next=/people?q%3D%2526x"
    assert "/people?q=" in client.get("/login?next=/people?q%3D1").text
    assert client.post("/login", data=form(next="/people?q=1")).location == "/people?q=1"


def test_scripts_get_401_instead_of_a_page(browse: Browser) -> None:
    client = browse(None)
    assert client.get("/", headers={"HX-Request": "true"}).status_code == 401
    assert client.get("/", headers={"Accept": "application/json"}).status_code == 401


@pytest.mark.parametrize(
    "raw",
    ["//evil.example", "https://evil.example", "/\\evil.example", "\\/evil", "javascript:x",
     "/\t/evil.example", "/a\r\nSet-Cookie: x", "", None, "evil", "/" + "x" * 3000],
)  # fmt: skip
def test_one_is_never_sent_elsewhere(raw: str | None) -> None:
    assert safe_next(raw) == "/"


def test_a_shut_account_is_out_at_its_next_request(
    browse: Browser, make: Factory, app: Flask
) -> None:
    client = browse(make.account("bob"))
    assert client.get("/login").status_code == 303
    with app.app_context():
        db.session.query(Account).update({"deactivated_at": dt.datetime.now(dt.UTC)})
        db.session.commit()
    assert client.get("/login").status_code == 200
