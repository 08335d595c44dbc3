"""A small company in which every entity has something to say."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from intranet.accounts.models import Account, Role
from intranet.groups.models import GroupPrivacy
from tests.browse import Browser
from tests.factories import Factory
from tests.mastodon.conftest import Call, Caller
from tests.media.pictures import picture

_KEY = "0123456789abcdef0123456789abcdef"


@dataclass
class World:
    """Ann asks; bob, whom she follows, answers; the others are there to be met."""

    app: Flask
    people: dict[str, Account]
    callers: dict[str | None, Caller]
    names: dict[str, str] = field(default_factory=dict)  # what `{name}` stands for

    def caller(self, who: str | None) -> Caller:
        """Somebody's program, nobody's, or one with a token that was kept under that name."""
        if who not in self.callers:
            self.callers[who] = Caller(self.app.test_client(), self.names[str(who)])
        return self.callers[who]

    def id_of(self, who: str | None) -> str | None:
        return self.names[who] if who in self.people else None


def build(app: Flask, make: Factory, call: Call, browse: Browser) -> World:
    """People, a group, a page, an announcement, and posts of every kind."""
    people = {
        "ann": make.account(
            "ann", title="Welder", site="Nantes", department="Works",
            about_source="Hello @bob", about_html="<p>Hello</p>",
        ),
        "bob": make.account("bob", title="Painter", site="Nantes", avatar_key=_KEY),
        "cat": make.account("cat", Role.HR, locale="fr"),
        **{name: make.account(name) for name in ("dan", "eve", "fay")},
    }  # fmt: skip
    ann, bob = people["ann"], people["bob"]
    newsroom = make.page("newsroom", owner=people["cat"])
    make.group("board", GroupPrivacy.CLOSED, owner=bob, members=[ann])
    for follower, followed in (
        (ann, bob), (bob, people["cat"]), (people["eve"], bob), (people["dan"], people["cat"]),
    ):  # fmt: skip
        make.follow(follower, followed)
    callers: dict[str | None, Caller] = {name: call(one) for name, one in people.items()}
    world = World(app, people, {**callers, None: call(None)})
    world.names |= {name: str(one.id) for name, one in people.items()}
    world.names |= {
        "newsroom": str(newsroom.id),
        "tag": "depot",
        "drawing": "person-3.png",
        "emoji": "🎉",
    }
    _write(world, browse(bob))
    _announce(browse(people["cat"]))
    return world


def _write(world: World, page: FlaskClient) -> None:
    hers, his = world.callers["ann"], world.callers["bob"]
    world.callers["bob"].post(f"/api/v1/accounts/{world.names['ann']}/follow")

    def publish(by: Caller, text: str, **more: Any) -> dict[str, Any]:
        made: dict[str, Any] = by.post("/api/v1/statuses", status=text, **more)
        return made

    post = publish(his, "Good morning @ann, see #Depot\nand https://example.org/b", language="en")
    reply = publish(hers, "Good morning to you", in_reply_to_id=post["id"])
    publish(his, "And to all", in_reply_to_id=reply["id"])
    edited = publish(his, "Soup of the day")
    his.open("PUT", f"/api/v1/statuses/{edited['id']}", data={"status": "Soup and salad #depot"})
    own = publish(hers, "I weld #depot")
    his.post(f"/api/v1/statuses/{own['id']}/favourite")
    boost = his.post(f"/api/v1/statuses/{own['id']}/reblog")
    media = page.post("/media", data={"file": (picture(), "x.jpg"), "alt_text": "A boat"}).json
    sent = page.post("/groups/board/posts", data={"source": "Look", "media_id": media["id"]})
    assert sent.status_code == 303, sent.text
    group = his.get("/api/v1/lists")[0]["id"]
    pictured = his.get(f"/api/v1/timelines/list/{group}")[0]
    world.names |= {
        "post": post["id"],
        "reply": reply["id"],
        "edited": edited["id"],
        "boost": boost["id"],
        "pictured": pictured["id"],
        "ticket": pictured["media_attachments"][0]["url"].rpartition("/")[2],
    }


def _announce(page: FlaskClient) -> None:
    made = page.post("/announcements", data={
        "in": "en", "title": "The canteen moves", "source": "From Monday it is by the gate.",
        "audience": "everyone", "takes_questions": "1", "joiner_days": "0",
    })  # fmt: skip
    assert made.status_code == 303, made.text
    sent = page.post(f"{made.headers['Location']}/publication", data={"when": "now"})
    assert sent.status_code == 303, sent.text
