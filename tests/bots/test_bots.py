"""Bots: made by administrators, acting by tokens, never people."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.accounts.models import Account, Role
from intranet.audiences.rules import AudienceRule, matching
from intranet.db import db
from intranet.groups.models import GroupPrivacy
from tests.browse import Browser
from tests.factories import Factory

_TOKEN = re.compile(r'id="f-token" readonly value="([^"]+)"')


@pytest.fixture
def root(make: Factory) -> Account:
    return make.account("root", Role.ADMINISTRATOR)


@pytest.fixture
def bot(app: Flask, browse: Browser, make: Factory, root: Account) -> Account:
    make.account("ann")
    form = {"bot": "Tide Times", "handle": "tides", "owner": "@ann", "purpose": "Says the tide"}
    made = browse(root).post("/admin/integrations/bots", data=form)
    assert made.headers["Location"] == "/bots/tides"
    with app.app_context():
        return db.session.scalars(select(Account).where(Account.handle == "tides")).one()


def token_of(browse: Browser, who: Account, scopes: str = "read write") -> str:
    made = browse(who).post("/bots/tides/tokens", data={"scopes": scopes})
    assert made.status_code == 201
    assert made.headers["Cache-Control"] == "no-store"
    return _TOKEN.search(made.text)[1]


def ask(browse: Browser, token: str, method: str, path: str, **form: str):
    headers = {"Authorization": f"Bearer {token}"}
    return browse(None).open(path, method=method, headers=headers, data=form)


def test_a_bot_acts_by_its_token_and_is_marked_as_one(
    browse: Browser, root: Account, bot: Account
) -> None:
    token = token_of(browse, root)
    me = ask(browse, token, "GET", "/api/v1/accounts/verify_credentials").json
    assert (me["acct"], me["bot"]) == ("tides", True)
    made = ask(browse, token, "POST", "/api/v1/statuses", status="High tide at noon").json
    assert made["account"]["bot"] is True
    for page in ("/timelines/organisation", "/@tides"):
        shown = browse(root).get(page).text
        assert "High tide at noon" in shown
        assert '<span class="badge">Bot</span>' in shown


def test_the_token_is_shown_once_and_can_be_taken_back(
    browse: Browser, root: Account, bot: Account
) -> None:
    token = token_of(browse, root)
    page = browse(root).get("/bots/tides").text
    assert token not in page
    revoke = re.search(r'action="(/bots/tides/tokens/\d+/revoke)"', page)[1]
    assert browse(root).post(revoke).status_code == 303
    assert ask(browse, token, "GET", "/api/v1/accounts/verify_credentials").status_code == 401


def test_a_token_of_another_account_cannot_be_taken_back_through_a_bot(
    app: Flask, browse: Browser, make: Factory, root: Account, bot: Account
) -> None:
    other = browse(root).post("/admin/integrations/bots", data={"bot": "Other"})
    assert other.headers["Location"] == "/bots/other-bot"
    browse(root).post("/bots/other-bot/tokens", data={"scopes": "read"})
    page = browse(root).get("/bots/other-bot").text
    number = re.search(r"/tokens/(\d+)/revoke", page)[1]
    assert browse(root).post(f"/bots/tides/tokens/{number}/revoke").status_code == 404


def test_a_shut_bot_acts_no_more(browse: Browser, root: Account, bot: Account) -> None:
    token = token_of(browse, root)
    assert browse(root).post("/bots/tides/shut").status_code == 303
    assert ask(browse, token, "GET", "/api/v1/accounts/verify_credentials").status_code == 401
    assert browse(root).post("/bots/tides/tokens", data={"scopes": "read"}).status_code == 409


def test_a_bot_never_signs_in_and_never_administers(
    app: Flask, browse: Browser, make: Factory, root: Account, bot: Account
) -> None:
    for password in ("", "x", "None"):
        signed = browse(None).post("/login", data={"handle": "tides", "password": password})
        assert signed.status_code == 422
    roles = browse(root).post("/admin/people/tides/role", data={"role": "administrator"})
    assert roles.status_code == 404
    group = make.group("board", owner=root)
    make.join(group, bot)
    for role in ("owner", "moderator"):
        given = browse(root).post("/groups/board/members/tides/role", data={"role": role})
        assert given.status_code == 422


def test_a_bot_is_nobody_to_whom_something_is_announced(
    app: Flask, make: Factory, browse: Browser, root: Account, bot: Account
) -> None:
    with app.app_context():
        found = set(db.session.scalars(select(Account.handle).where(matching(AudienceRule()))))
    assert found == {"root", "ann"}
    assert "Tide Times" not in browse(root).get("/people").text


def test_who_answers_for_it_runs_it_and_nobody_else_learns_of_that(
    make: Factory, browse: Browser, root: Account, bot: Account
) -> None:
    eve = make.account("eve")
    assert browse(eve).get("/@tides").status_code == 200
    missing = browse(eve).get("/bots/nobody")
    assert browse(eve).get("/bots/tides").status_code == missing.status_code == 404
    for act in ("tokens", "shut"):
        assert browse(eve).post(f"/bots/tides/{act}", data={"scopes": "read"}).status_code == 404
    assert browse(eve).get("/admin/integrations").status_code == 403
    assert browse(eve).post("/admin/integrations/bots", data={"bot": "X"}).status_code == 403


def test_a_group_s_bot_sees_its_group_only(
    app: Flask, make: Factory, browse: Browser, root: Account
) -> None:
    board = make.group("board", GroupPrivacy.SECRET, owner=root)
    make.post(root, "inside", group=board)
    make.post(root, "for all staff")
    browse(root).post("/groups/board/integrations/incoming", data={"bot": "Tides"})
    made = browse(root).post("/bots/tides-bot/tokens", data={"scopes": "read write"})
    token = _TOKEN.search(made.text)[1]
    said = ask(browse, token, "GET", "/api/v1/timelines/home").text
    assert "for all staff" not in said
    assert "for all staff" not in ask(browse, token, "GET", "/api/v1/timelines/public").text
    outside = ask(browse, token, "POST", "/api/v1/statuses", status="hello all")
    assert outside.status_code == 403
    with app.app_context():
        group = db.session.merge(board)
        db.session.refresh(group)
        assert (group.members_count, group.guests_count) == (2, 0)


def test_a_secret_group_s_bot_is_nothing_to_administrators_outside(
    make: Factory, browse: Browser, root: Account
) -> None:
    ann = make.account("ann")
    make.group("board", GroupPrivacy.SECRET, owner=ann)
    make.group("canteen", owner=ann)
    for slug, name in (("board", "Tides"), ("canteen", "Menu")):
        browse(ann).post(f"/groups/{slug}/integrations/incoming", data={"bot": name})
    assert browse(ann).get("/bots/tides-bot").status_code == 200
    assert browse(root).get("/groups/board").status_code == 404
    assert browse(root).get("/bots/menu-bot").status_code == 200
    assert browse(root).get("/bots/tides-bot").status_code == 404
    for act in ("tokens", "shut"):
        refused = browse(root).post(f"/bots/tides-bot/{act}", data={"scopes": "read"})
        assert refused.status_code == 404
    shown = browse(root).get("/admin/integrations").text
    assert "menu-bot" in shown
    assert "tides-bot" not in shown


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"bot": ""}, "f-bot"),
        ({"bot": "X1", "handle": "ann"}, "Somebody has that handle already."),
        ({"bot": "X1", "handle": "é"}, "Use 2 to 64 of"),
        ({"bot": "X1", "owner": "nobody"}, "There is no such colleague."),
        ({"bot": "X1", "purpose": "x" * 201}, "That is too long."),
    ],
)
def test_what_cannot_be_taken_is_said_beside_its_field(
    make: Factory, browse: Browser, root: Account, form: dict[str, str], sentence: str
) -> None:
    make.account("ann")
    made = browse(root).post("/admin/integrations/bots", data=form)
    assert made.status_code == 422
    assert sentence in made.text
    assert 'aria-invalid="true"' in made.text
