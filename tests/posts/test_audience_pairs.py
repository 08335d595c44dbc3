"""Every audience quoted to every audience, by two people, through both doors: what is taken is
read by nobody who cannot read what it quotes. And a boost is never wider than what it passes on,
whatever a program asks for."""

from __future__ import annotations

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
GROUPS = {
    "open": GroupPrivacy.OPEN,
    "closed": GroupPrivacy.CLOSED,
    "secret": GroupPrivacy.SECRET,
    "shared": GroupPrivacy.CLOSED,  # with a guest
}
TARGETS = ("organisation", "followers", *(f"group:{slug}" for slug in GROUPS))
QUOTERS = ("author", "mate")


class World:
    """The author and a mate are in all groups; `fan` follows both, `friend` only the mate; `inner`
    is in the secret group, the guest in the shared one, the stranger nowhere."""

    def __init__(self, app: Flask, make: Factory) -> None:
        self.app = app
        names = ("author", "mate", "fan", "friend", "inner", "stranger")
        self.people = {name: make.account(name) for name in names}
        self.people["guest"] = make.account("guest", Role.GUEST)
        self.people["chief"] = make.account("chief", Role.ADMINISTRATOR)
        one = self.people
        for follower, followee in (("fan", "author"), ("fan", "mate"), ("friend", "mate"),
                                   ("mate", "author"), ("guest", "mate")):  # fmt: skip
            make.follow(one[follower], one[followee])
        groups = {}
        for slug, privacy in GROUPS.items():
            more = {"secret": [one["inner"]], "shared": [one["guest"]]}.get(slug, [])
            groups[slug] = make.group(
                slug, privacy, owner=one["author"], members=[one["mate"], *more]
            )
        author = one["author"]
        self.originals: dict[str, Post] = {
            "organisation": make.post(author, WORDS),
            "followers": make.post(author, WORDS, visibility=Visibility.FOLLOWERS),
            "direct": make.direct(author, [one["mate"]], WORDS),
            **{slug: make.post(author, WORDS, group=group) for slug, group in groups.items()},
        }
        self.originals["reply"] = make.post(one["mate"], WORDS, reply_to=self.originals["secret"])

    def readers(self, post_id: int) -> set[str]:
        with self.app.app_context():
            return {
                name
                for name, account in self.people.items()
                if db.session.scalar(
                    select(Post.id).where(
                        Post.id == post_id,
                        policies.visible_to(db.session.get_one(Account, account.id)),
                    )
                )
            }

    def newest(self) -> int:
        with self.app.app_context():
            return db.session.scalar(select(Post.id).order_by(Post.id.desc()).limit(1)) or 0


@pytest.fixture
def world(app: Flask, make: Factory) -> World:
    return World(app, make)


def test_the_audiences_differ(world: World) -> None:
    """Else the rest would prove nothing: each has somebody whom it leaves out."""
    read = {name: world.readers(post.id) for name, post in world.originals.items()}
    staff = set(world.people) - {"guest"}
    assert read["organisation"] == read["open"] == staff
    assert read["followers"] == {"author", "mate", "fan"}
    assert read["closed"] == read["direct"] == {"author", "mate"}
    assert read["shared"] == {"author", "mate", "guest"}
    assert read["secret"] == read["reply"] == {"author", "mate", "inner"}


@pytest.mark.timeout(300)
def test_a_quote_stays_inside_what_it_quotes(world: World, browse: Browser) -> None:
    taken: dict[str, set[str]] = {}
    for name, original in world.originals.items():
        allowed = world.readers(original.id)
        for quoter in QUOTERS:
            client = browse(world.people[quoter])
            for target in TARGETS:
                before = world.newest()
                sent = client.post(
                    "/posts",
                    data={"source": "See", "quote_of_id": str(original.id), "audience": target},
                )
                made = world.newest()
                if sent.status_code != 303:
                    assert sent.status_code in (403, 422), (name, quoter, target)
                    assert made == before, (name, quoter, target)
                    continue
                assert world.readers(made) <= allowed, (name, quoter, target)
                taken.setdefault(name, set()).add(target)
            for other in ("mate", "author", "stranger", "guest"):
                if other == quoter:
                    continue
                before = world.newest()
                data = {"source": "See", "quote_of_id": str(original.id)}
                sent = client.post(f"/conversations?to={other}", data=data)
                if sent.status_code == 303:
                    assert world.readers(world.newest()) <= allowed, (name, quoter, other)
                    taken.setdefault(name, set()).add(f"direct to {other}")
                else:
                    assert world.newest() == before, (name, quoter, other)
    # Not by refusing everything.
    staff = {"organisation", "followers", "group:open", "group:closed", "group:secret"}
    assert staff <= taken["organisation"]
    assert staff <= taken["open"]
    assert "group:shared" not in taken["organisation"] | taken["open"]
    assert {one for one in taken["followers"] if "direct" not in one} == {"followers"}
    for slug in ("closed", "secret", "shared"):
        assert {one for one in taken[slug] if "direct" not in one} == {f"group:{slug}"}
    assert {one for one in taken["reply"] if "direct" not in one} == {"group:secret"}
    assert "direct" not in taken
    assert "direct to stranger" in taken["organisation"]
    assert not any(
        "direct to stranger" in taken[name] for name in ("closed", "secret", "followers")
    )


@pytest.mark.timeout(300)
def test_programs_quote_and_boost_no_wider(world: World, call: Call) -> None:
    quotes = boosts = 0
    for name, original in world.originals.items():
        allowed = world.readers(original.id)
        for quoter in QUOTERS:
            program = call(world.people[quoter])
            for visibility in ("public", "unlisted", "private", "direct"):
                before = world.newest()
                sent = program.open(
                    "POST",
                    "/api/v1/statuses",
                    data={
                        "status": "See @stranger",
                        "visibility": visibility,
                        "quoted_status_id": str(original.id),
                    },
                )
                made = world.newest()
                if made == before:
                    assert sent.status_code in (403, 404, 422), (name, quoter, visibility)
                else:
                    quotes += 1
                    assert world.readers(made) <= allowed, (name, quoter, visibility)
                path = f"/api/v1/statuses/{original.id}"
                before = world.newest()
                sent = program.open("POST", f"{path}/reblog", data={"visibility": visibility})
                made = world.newest()
                if made == before:
                    assert sent.status_code in (403, 404, 422), (name, quoter, visibility)
                else:
                    boosts += 1
                    assert world.readers(made) <= allowed, (name, quoter, visibility)
                    assert program.open("POST", f"{path}/unreblog").status_code == 200
    assert quotes >= 8
    assert boosts >= 16
