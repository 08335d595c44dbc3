"""Programs post into a group by a secret address."""

from __future__ import annotations

import re

import orjson
import pytest
from flask import Flask
from sqlalchemy import select

from intranet.accounts.models import Account, Role
from intranet.db import db
from intranet.groups.models import Group, GroupPrivacy
from intranet.posts.models import Post
from tests.browse import Browser
from tests.factories import Factory

_ADDRESS = re.compile(r'value="[^"]+(/hooks/[\w-]+)"')


@pytest.fixture
def ann(make: Factory) -> Account:
    return make.account("ann")


@pytest.fixture
def board(make: Factory, ann: Account) -> Group:
    return make.group("board", GroupPrivacy.SECRET, owner=ann)


@pytest.fixture
def address(browse: Browser, ann: Account, board: Group) -> str:
    made = browse(ann).post("/groups/board/integrations/incoming", data={"bot": "Build"})
    assert made.status_code == 201
    return _ADDRESS.search(made.text)[1]


def posts(app: Flask) -> list[Post]:
    with app.app_context():
        return list(db.session.scalars(select(Post).order_by(Post.id)))


def test_what_is_sent_is_posted_by_the_bot_of_the_group(
    app: Flask, browse: Browser, ann: Account, board: Group, address: str
) -> None:
    program = browse(None)
    answer = program.post(address, json={"text": "It is *green*"})
    assert (answer.status_code, answer.text) == (200, "ok")
    [post] = posts(app)
    assert (post.group_id, post.source) == (board.id, "It is **green**")
    with app.app_context():
        bot = db.session.get_one(Account, post.author_id)
    assert (bot.handle, bot.is_bot, bot.email, bot.password_hash) == ("build-bot", True, None, None)
    page = browse(ann).get("/groups/board").text
    assert "<strong>green</strong>" in page
    assert '<span class="badge">Bot</span>' in page
    assert "Build" in page


def test_the_form_of_old_programs_is_taken_too(app: Flask, browse: Browser, address: str) -> None:
    answer = browse(None).post(address, data={"payload": orjson.dumps({"text": "Hi"}).decode()})
    assert answer.status_code == 200
    assert [post.source for post in posts(app)] == ["Hi"]


def test_a_thread_is_answered_and_the_id_is_told(app: Flask, browse: Browser, address: str) -> None:
    json = {"Accept": "application/json"}
    first = browse(None).post(address, json={"text": "one"}, headers=json).json
    second = browse(None).post(
        address, json={"text": "two", "thread_ts": first["post_id"]}, headers=json
    )
    assert second.status_code == 200
    assert [post.root_id for post in posts(app)] == [None, int(first["post_id"])]


def test_a_thread_of_another_group_is_not_found(
    app: Flask, make: Factory, browse: Browser, ann: Account, address: str
) -> None:
    elsewhere = make.post(ann, "elsewhere", group=make.group("open", owner=ann))
    everybody = make.post(ann, "everybody")
    for one in (elsewhere, everybody):
        answer = browse(None).post(address, json={"text": "x", "thread_ts": str(one.id)})
        assert (answer.status_code, answer.text) == (404, "thread_not_found")
    assert len(posts(app)) == 2


@pytest.mark.parametrize(
    ("body", "said", "status"),
    [
        (b"not json", "invalid_payload", 400),
        (b"[]", "invalid_payload", 400),
        (b"\xff\xfe", "invalid_payload", 400),
        (b"{}", "no_text", 400),
        (b'{"text": ""}', "no_text", 400),
        (orjson.dumps({"text": "x" * 5001}), "msg_too_long", 400),
        (orjson.dumps({"text": "x" * 300_000}), "invalid_payload", 400),
        (b'{"text": "x", "thread_ts": "999"}', "thread_not_found", 404),
        (b'{"text": "a\\u0000b"}', "ok", 200),
    ],
)
def test_refusals_have_the_words_that_programs_know(
    browse: Browser, address: str, body: bytes, said: str, status: int
) -> None:
    answer = browse(None).post(address, data=body, content_type="application/json")
    assert (answer.text, answer.status_code) == (said, status)
    assert answer.mimetype == "text/plain"


def test_an_unknown_address_and_a_revoked_one_are_the_same(
    app: Flask, browse: Browser, ann: Account, address: str
) -> None:
    assert browse(None).post(address, json={"text": "works"}).status_code == 200
    page = browse(ann).get("/groups/board/integrations").text
    revoke = re.search(r'action="(/groups/board/integrations/incoming/\d+/revoke)"', page)[1]
    assert browse(ann).post(revoke).status_code == 303
    gone = browse(None).post(address, json={"text": "x"})
    missing = browse(None).post("/hooks/nothing", json={"text": "x"})
    assert (gone.status_code, gone.text) == (missing.status_code, missing.text)
    assert gone.text == "no_service"
    assert len(posts(app)) == 1
    with app.app_context():
        assert (
            not db.session.scalars(select(Account).where(Account.handle == "build-bot"))
            .one()
            .is_active
        )


def test_the_same_key_posts_once(app: Flask, browse: Browser, address: str) -> None:
    for _ in range(2):
        browse(None).post(address, json={"text": "x"}, headers={"Idempotency-Key": "k"})
    assert len(posts(app)) == 1


def test_a_bot_that_was_taken_out_of_the_group_posts_no_more(
    browse: Browser, ann: Account, address: str
) -> None:
    assert browse(ann).post("/groups/board/members/build-bot/remove").status_code == 303
    assert browse(None).post(address, json={"text": "x"}).text == "no_service"


def test_only_owners_see_and_make_addresses(
    make: Factory, browse: Browser, board: Group, address: str
) -> None:
    outsider = make.account("out")
    assert browse(outsider).get("/groups/board").status_code == 404, "not an outsider"
    assert browse(outsider).get("/groups/board/integrations").status_code == 404
    made = browse(outsider).post("/groups/board/integrations/incoming", data={"bot": "x"})
    assert made.status_code == 404
    member = make.account("mem")
    make.join(board, member)
    assert browse(member).get("/groups/board").status_code == 200
    assert browse(member).get("/groups/board/integrations").status_code == 403
    assert browse(member).get("/bots/build-bot").status_code == 404


@pytest.mark.settings(group_bots=False)
def test_where_the_operator_says_so_only_administrators_make_bots(
    make: Factory, browse: Browser, ann: Account, board: Group
) -> None:
    refused = browse(ann).post("/groups/board/integrations/incoming", data={"bot": "Build"})
    assert refused.status_code == 403
    root = make.account("root", Role.ADMINISTRATOR)
    make.join(board, root, role="owner")
    made = browse(root).post("/groups/board/integrations/incoming", data={"bot": "Build"})
    assert made.status_code == 201


@pytest.mark.settings(rate_limits=True)
def test_too_often_is_said_with_when_to_come_back(browse: Browser, address: str) -> None:
    said = [browse(None).post(address, json={"text": str(n)}) for n in range(61)]
    assert {one.status_code for one in said[:60]} == {200}
    assert (said[60].status_code, said[60].text) == (429, "rate_limited")
    assert 1 <= int(said[60].headers["Retry-After"]) <= 60


def test_no_cookie_comes_back_and_none_is_read(browse: Browser, ann: Account, address: str) -> None:
    answer = browse(ann).post(address, json={"text": "x"})
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
