"""Nobody reads more through a boost than without it: every audience, every kind of reader, every
surface."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.accounts.models import Account, Role
from intranet.db import db
from intranet.groups.models import GroupPrivacy
from intranet.posts import policies
from intranet.posts.models import Post, Visibility
from tests.browse import Browser
from tests.factories import Factory
from tests.mastodon.conftest import Call, call

__all__ = ["call"]
WORDS = "Octopus ink"
Company = dict[str, Account]
Kind = Callable[[Factory, Company], Post]


@pytest.fixture
def people(make: Factory) -> Company:
    """`author` writes, `booster` passes on; `fan` follows both, `friend` only the booster, `mate`
    is in their groups, `guest` in one of them, and `stranger` nowhere."""
    names = ("author", "booster", "fan", "friend", "mate", "stranger")
    found: dict[str, Account] = {name: make.account(name) for name in names}
    found["guest"] = make.account("guest", Role.GUEST)
    found["administrator"] = make.account("administrator", Role.ADMINISTRATOR)
    for follower, followee in (
        ("fan", "author"), ("fan", "booster"), ("friend", "booster"), ("booster", "author"),
        ("mate", "booster"), ("guest", "booster"), ("administrator", "booster"),
    ):  # fmt: skip
        make.follow(found[follower], found[followee])
    return found


def _group(privacy: GroupPrivacy) -> Kind:
    def make_post(make: Factory, people: Company) -> Post:
        group = make.group(
            "deal", privacy, owner=people["author"],
            members=[people[name] for name in ("booster", "mate", "guest")],
        )  # fmt: skip
        return make.post(people["author"], WORDS, group=group)

    return make_post


def _reply_in_group(make: Factory, people: Company) -> Post:
    root = _group(GroupPrivacy.SECRET)(make, people)
    return make.post(people["mate"], WORDS, reply_to=root)


KINDS: dict[str, Kind] = {
    "organisation": lambda make, people: make.post(people["author"], WORDS),
    "open": _group(GroupPrivacy.OPEN),
    "closed": _group(GroupPrivacy.CLOSED),
    "secret": _group(GroupPrivacy.SECRET),
    "reply": _reply_in_group,
}


def readers(app: Flask, people: Company, post_id: int) -> set[str]:
    with app.app_context():
        return {
            name
            for name, account in people.items()
            if db.session.scalar(
                select(Post.id).where(
                    Post.id == post_id,
                    policies.visible_to(db.session.get_one(Account, account.id)),
                )
            )
        }


def boost_of(app: Flask, post: Post) -> int:
    with app.app_context():
        return db.session.scalars(select(Post.id).where(Post.boost_of_id == post.id)).one()


@pytest.mark.parametrize("kind", KINDS)
def test_a_boost_is_for_those_who_read_the_original_and_nobody_else(
    browse: Browser, make: Factory, app: Flask, call: Call, people: Company, kind: str
) -> None:
    post = KINDS[kind](make, people)
    before = readers(app, people, post.id)
    assert "booster" in before
    if kind != "organisation":
        assert "stranger" not in before or kind == "open"  # outsiders, proved
        assert ("administrator" in before) == (kind == "open")
    assert browse(people["booster"]).post(f"/posts/{post.id}/boost").status_code == 303
    boost = boost_of(app, post)
    assert readers(app, people, post.id) == before
    assert readers(app, people, boost) <= before
    for name, account in people.items():
        if name in before:
            continue
        client, program = browse(account), call(account)
        for path in (f"/posts/{boost}", f"/posts/{boost}/card", f"/posts/{boost}/history",
                     f"/posts/{boost}/reactions", f"/posts/{boost}/boosts",
                     f"/posts/{boost}/folder"):  # fmt: skip
            assert client.get(path, headers={"HX-Request": "true"}).status_code == 404, (name, path)
        for path in ("boost", "follow", "bookmark", "folder", "reactions"):
            sent = client.post(f"/posts/{boost}/{path}", data={"emoji": "⭐"})
            assert sent.status_code == 404, (name, path)
        for path in ("/", "/@booster", "/timelines/groups", "/notifications"):
            page = client.get(path)
            assert WORDS not in page.text, (name, path)
            assert str(boost) not in page.text, (name, path)
        assert program.open("GET", f"/api/v1/statuses/{boost}").status_code == 404
        for path in ("/api/v1/timelines/home", "/api/v1/timelines/public",
                     f"/api/v1/accounts/{people['booster'].id}/statuses"):  # fmt: skip
            answer = program.open("GET", path)
            assert WORDS not in answer.text, (name, path)
            assert str(post.id) not in answer.text, (name, path)


@pytest.mark.parametrize("kind", ["closed", "secret", "reply"])
def test_a_boost_goes_where_the_original_goes(
    browse: Browser, make: Factory, app: Flask, people: Company, kind: str
) -> None:
    post = KINDS[kind](make, people)
    browse(people["booster"]).post(f"/posts/{post.id}/boost")
    boost = boost_of(app, post)
    assert browse(people["mate"]).get(f"/posts/{boost}/card").status_code == 200
    assert browse(people["mate"]).post("/groups/deal/leave").status_code == 303
    assert browse(people["mate"]).get(f"/posts/{boost}/card").status_code == 404
    with app.app_context():  # who passed it on has left: it is still the group's
        row = db.session.get_one(Post, boost)
        assert (row.visibility, row.group_id) == (Visibility.GROUP, post.group_id)
    browse(people["booster"]).post("/groups/deal/leave")
    assert browse(people["booster"]).get(f"/posts/{boost}/card").status_code == 404


def test_who_may_not_pass_it_on_is_told_so_and_nothing_is_made(
    browse: Browser, make: Factory, app: Flask, call: Call, people: Company
) -> None:
    group = make.group("canteen", owner=people["author"])
    asked: list[tuple[Post, str]] = [
        (make.post(people["author"], WORDS, visibility=Visibility.FOLLOWERS), "fan"),
        (make.post(people["author"], WORDS, group=group), "stranger"),  # reads, is no member
        (make.direct(people["author"], [people["mate"]], WORDS), "mate"),
    ]
    own_reply = make.post(people["author"], WORDS, reply_to=asked[0][0])
    asked.append((own_reply, "author"))
    for post, name in asked:
        client = browse(people[name])
        assert client.get(f"/posts/{post.id}/card").status_code == 200, "they read it"
        assert client.post(f"/posts/{post.id}/boost").status_code == 403
        refused = call(people[name]).open("POST", f"/api/v1/statuses/{post.id}/reblog")
        assert refused.status_code in (403, 422), refused.text
    with app.app_context():
        assert db.session.scalars(select(Post.id).where(Post.boost_of_id.is_not(None))).all() == []


def test_the_followers_of_an_author_are_the_readers_of_their_own_boost(
    browse: Browser, make: Factory, app: Flask, people: Company
) -> None:
    post = make.post(people["author"], WORDS, visibility=Visibility.FOLLOWERS)
    before = readers(app, people, post.id)
    assert before == {"author", "booster", "fan"}
    assert browse(people["author"]).post(f"/posts/{post.id}/boost").status_code == 303
    assert readers(app, people, boost_of(app, post)) == before


def test_a_boost_of_what_was_closed_afterwards_closes_with_it(
    browse: Browser, make: Factory, app: Flask, people: Company
) -> None:
    post = KINDS["open"](make, people)
    browse(people["booster"]).post(f"/posts/{post.id}/boost")
    boost = boost_of(app, post)
    assert browse(people["stranger"]).get(f"/posts/{boost}/card").status_code == 200
    sent: dict[str, Any] = {"name": "Deal", "privacy": "secret", "purpose": "", "about": ""}
    assert browse(people["author"]).post("/groups/deal/settings", data=sent).status_code == 303
    assert browse(people["stranger"]).get(f"/posts/{boost}/card").status_code == 404
    assert "stranger" not in readers(app, people, boost)
