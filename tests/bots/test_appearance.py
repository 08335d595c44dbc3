"""How a bot appears is for those who run it."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.accounts.models import Account
from intranet.db import db
from intranet.oauth.models import OAuthApp
from intranet.search.models import AccountGram
from intranet.search.names import grams_of
from tests.browse import Browser
from tests.factories import Factory
from tests.media.pictures import picture

_AVATAR = re.compile(r"/avatars/[\w-]+/large")


@pytest.fixture
def ann(make: Factory) -> Account:
    return make.account("ann")


@pytest.fixture
def bot(make: Factory, browse: Browser, ann: Account) -> str:
    make.group("board", owner=ann, members=[make.account("bob")])
    made = browse(ann).post("/groups/board/integrations/incoming", data={"bot": "Robin"})
    assert made.status_code == 201
    return "/bots/robin-bot"


def test_a_bot_gets_another_name_and_a_picture(
    app: Flask, browse: Browser, make: Factory, ann: Account, bot: str
) -> None:
    hers = browse(ann)
    form = {"name": "Robin Hood", "purpose": "Gives to the poor"}
    assert hers.post(bot, data=form).status_code == 303
    shown = hers.get(bot).text
    assert "Robin Hood" in shown
    assert "Gives to the poor" in shown
    assert "Robin Hood" in hers.get("/groups/board/members").text
    sent = hers.post(f"{bot}/picture", data={"picture": (picture(), "robin.png")})
    assert sent.status_code == 303
    [first] = set(_AVATAR.findall(hers.get(bot).text))
    assert hers.get(first).mimetype == "image/webp"
    hers.post(f"{bot}/picture", data={"picture": (picture(), "robin.png")})
    assert hers.get(first).status_code == 404
    assert hers.post(f"{bot}/picture/remove").status_code == 303
    assert _AVATAR.findall(hers.get(bot).text) == []
    refused = hers.post(bot, data={"name": " ", "purpose": "x" * 201})
    assert refused.status_code == 422
    hers.post(f"{bot}/picture", data={"picture": (b"no picture", "robin.png")})
    assert _AVATAR.findall(hers.get(bot).text) == []


def test_others_change_nothing(
    app: Flask, browse: Browser, make: Factory, ann: Account, bot: str
) -> None:
    bob = browse(make.account("cat"))
    for path, data in (
        ("", {"name": "Spy"}),
        ("/picture", {"picture": (picture(), "spy.png")}),
        ("/picture/remove", {}),
    ):
        assert bob.post(bot + path, data=data).status_code == 404
    with app.app_context():
        account = db.session.query(Account).filter_by(handle="robin-bot").one()
        assert (account.display_name, account.avatar_key) == ("Robin", None)
    assert browse(ann).post(f"{bot}/shut").status_code == 303
    assert browse(ann).post(bot, data={"name": "Too late"}).status_code == 409


def test_a_shut_bot_takes_its_address_off_the_list_and_its_token_is_a_bot_s(
    app: Flask, browse: Browser, ann: Account, bot: str
) -> None:
    hers = browse(ann)
    assert hers.post(f"{bot}/tokens", data={"scopes": "read"}).status_code == 201
    with app.app_context():
        names = set(db.session.scalars(select(OAuthApp.name)))
    assert names == {"Bots"}
    assert "@robin-bot" in hers.get("/groups/board/integrations").text
    hers.post(f"{bot}/shut")
    assert "@robin-bot" not in hers.get("/groups/board/integrations").text


def test_another_name_is_indexed(app: Flask, browse: Browser, ann: Account, bot: str) -> None:
    renamed = browse(ann).post(bot, data={"name": "Theodora Quill", "purpose": ""})
    assert renamed.status_code == 303
    with app.app_context():
        of_it = select(AccountGram.gram).join(Account, Account.id == AccountGram.account_id)
        kept = set(db.session.scalars(of_it.where(Account.handle == "robin-bot")))
    assert kept == grams_of("Theodora Quill", "robin-bot")
