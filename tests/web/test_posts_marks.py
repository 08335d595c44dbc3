from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import func, select

from intranet.accounts.models import Role
from intranet.db import db
from intranet.groups.models import GroupPrivacy, GroupRole
from intranet.kernel.clock import utc_now
from intranet.notifications.models import Notification, NotificationKind
from intranet.posts.models import Bookmark, PinnedPost, Post, Reaction
from tests.browse import Browser
from tests.factories import Factory

PARTIAL = {"HX-Request": "true"}


def count(app: Flask, model: type) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def kinds(app: Flask) -> list[NotificationKind]:
    with app.app_context():
        return list(db.session.scalars(select(Notification.kind).order_by(Notification.id)))


def test_a_reaction_is_given_once_told_once_and_taken_back(
    browse: Browser, make: Factory, app: Flask
) -> None:
    ann, bob = make.accounts("ann", "bob")
    post = make.post(ann)
    client = browse(bob)
    url = f"/posts/{post.id}/reactions"
    for _ in range(2):
        assert client.post(url, data={"emoji": "👍"}).status_code == 303
    client.post(url, data={"emoji": "❤"})
    card = client.post(url, data={"emoji": "❤️"}, headers=PARTIAL).text
    assert card.count('aria-pressed="true"') == 4  # two in the row, two in the picker
    assert count(app, Reaction) == 2
    assert kinds(app) == [NotificationKind.REACTION]
    assert "Bob" in browse(ann).get(url).text
    for emoji in ("👍", "👍", "❤️"):
        assert client.post(f"{url}/remove", data={"emoji": emoji}).status_code == 303
    assert count(app, Reaction) == 0
    assert kinds(app) == []


@pytest.mark.parametrize("emoji", ["👨‍👩‍👧", "🇫🇷", "1️⃣", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "👍🏽", "⭐", "☀"])
def test_any_single_emoji_can_be_given(
    browse: Browser, make: Factory, app: Flask, emoji: str
) -> None:
    ann = make.account()
    post = make.post(ann)
    sent = browse(ann).post(f"/posts/{post.id}/reactions", data={"emoji": emoji})
    assert sent.status_code == 303
    assert count(app, Reaction) == 1


@pytest.mark.parametrize(
    "emoji", ["", "a", "👍👍", "🏽", "🇫", "<b>", "👨‍👩‍👧‍👦👨‍👩‍👧‍👦", "x" * 40, "\ud800"]
)
def test_nothing_else_can_be_given(browse: Browser, make: Factory, app: Flask, emoji: str) -> None:
    ann = make.account()
    post = make.post(ann)
    body = b"emoji=%ED%A0%80" if emoji == "\ud800" else None
    client = browse(ann)
    url = f"/posts/{post.id}/reactions"
    sent = (
        client.post(url, data=body, content_type="application/x-www-form-urlencoded")
        if body
        else client.post(url, data={"emoji": emoji})
    )
    assert sent.status_code == 422
    assert count(app, Reaction) == 0


def test_one_person_gives_at_most_eight_kinds(browse: Browser, make: Factory, app: Flask) -> None:
    ann = make.account()
    post = make.post(ann)
    client = browse(ann)
    statuses = [
        client.post(f"/posts/{post.id}/reactions", data={"emoji": emoji}).status_code
        for emoji in "😀😁😂😃😄😅😆😇😈"
    ]
    assert statuses == [303] * 8 + [422]


def test_reactions_boosts_and_bookmarks_sent_at_once_are_there_once(
    browse: Browser, make: Factory, app: Flask
) -> None:
    ann, bob = make.accounts("ann", "bob")
    post = make.post(ann)
    clients = [browse(bob) for _ in range(4)]
    for path in ("reactions", "boost", "bookmark"):
        with ThreadPoolExecutor(4) as pool:
            sent = pool.map(
                lambda client, path=path: (
                    client.post(f"/posts/{post.id}/{path}", data={"emoji": "⭐"}).status_code
                ),
                clients,
            )
            assert set(sent) == {303}
    assert (count(app, Reaction), count(app, Bookmark), count(app, Post)) == (1, 1, 2)
    assert kinds(app) == [NotificationKind.REACTION, NotificationKind.BOOST]
    with app.app_context():
        assert db.session.get_one(Post, post.id).boosts_count == 1


def test_a_boost_is_drawn_as_its_original_and_taken_back(
    browse: Browser, make: Factory, app: Flask
) -> None:
    ann, bob = make.accounts("ann", "bob")
    post = make.post(ann, "Look")
    client = browse(bob)
    client.post(f"/posts/{post.id}/boost")
    with app.app_context():
        boost = db.session.scalars(select(Post).where(Post.boost_of_id == post.id)).one()
    card = browse(ann).get(f"/posts/{boost.id}/card").text
    assert "Boosted by Bob" in card
    assert "Look" in card
    assert f'data-entry="{boost.id}"' in card
    assert browse(ann).post(f"/posts/{boost.id}/delete").status_code == 403
    for _ in range(2):
        assert client.post(f"/posts/{post.id}/boost/remove").status_code == 303
    assert (count(app, Post), kinds(app)) == (1, [])
    with app.app_context():
        assert db.session.get_one(Post, post.id).boosts_count == 0


def test_a_boost_never_widens_the_audience(browse: Browser, make: Factory, app: Flask) -> None:
    ann, bob, cam = make.accounts("ann", "bob", "cam")
    make.follow(bob, ann)
    make.follow(cam, bob)
    group = make.group("open", owner=ann)
    private = make.post(ann, "Followers", visibility="followers")
    inside = make.post(ann, "Inside", group=group)
    client = browse(bob)
    assert client.post(f"/posts/{private.id}/boost").status_code == 403
    assert client.post(f"/posts/{inside.id}/boost").status_code == 403
    assert browse(ann).post(f"/posts/{private.id}/boost").status_code == 303
    make.join(group, bob)
    assert client.post(f"/posts/{inside.id}/boost").status_code == 303
    with app.app_context():
        boosts = db.session.scalars(select(Post).where(Post.boost_of_id.is_not(None)))
        assert {(one.visibility.value, one.group_id) for one in boosts} == {
            ("followers", None),
            ("group", group.id),
        }


def test_only_who_runs_the_group_pins_and_five_is_the_end(
    browse: Browser, make: Factory, app: Flask
) -> None:
    ann, bob, cam = make.accounts("ann", "bob", "cam")
    group = make.group("board", owner=ann, members=[bob])
    make.join(group, cam, GroupRole.MODERATOR)
    posts = [make.post(bob, f"Post {number}", group=group) for number in range(6)]
    assert browse(bob).post(f"/posts/{posts[0].id}/pin").status_code == 403
    client = browse(cam)
    statuses = [client.post(f"/posts/{post.id}/pin").status_code for post in posts]
    assert statuses == [303] * 5 + [409]
    assert client.post(f"/posts/{posts[0].id}/pin").status_code == 303
    assert "Pinned by Cam" in browse(bob).get(f"/posts/{posts[0].id}").text
    answer = make.post(bob, "Answer", reply_to=posts[5])
    assert client.post(f"/posts/{answer.id}/pin").status_code == 403
    assert browse(bob).post(f"/posts/{posts[0].id}/pin/remove").status_code == 403
    assert client.post(f"/posts/{posts[0].id}/pin/remove").status_code == 303
    assert client.post(f"/posts/{posts[5].id}/pin").status_code == 303
    assert count(app, PinnedPost) == 5


READS = (
    "",
    "/card",
    "/replies",
    "/replies/new",
    "/edit",
    "/delete",
    "/history",
    "/reactions",
    "/boosts",
    "/hearing",
    "/folder",
)
WRITES = (
    "/replies",
    "/edit",
    "/delete",
    "/reactions",
    "/reactions/remove",
    "/boost",
    "/boost/remove",
    "/bookmark",
    "/bookmark/remove",
    "/pin",
    "/pin/remove",
    "/pin/away",
    "/pin/away/remove",
    "/mute",
    "/mute/remove",
    "/follow",
    "/follow/remove",
    "/folder",
)


@pytest.mark.parametrize("outsider", ["member", "administrator", "guest"])
def test_a_post_of_a_secret_group_does_not_exist_for_outsiders(
    browse: Browser, make: Factory, app: Flask, outsider: str
) -> None:
    ann, fan = make.accounts("ann", "fan")
    role = Role(outsider)
    eve = make.account("eve", role)
    secret = make.group("secret", GroupPrivacy.SECRET, owner=ann, members=[fan])
    make.group("other", owner=ann, members=[eve])  # so that a guest knows its colleagues
    post = make.post(ann, "Only for us", group=secret)
    assert browse(fan).get(f"/posts/{post.id}").status_code == 200
    client = browse(eve)
    fields = {"source": "x", "emoji": "👍"}
    for path in READS:
        seen = client.get(f"/posts/{post.id}{path}", headers=PARTIAL)
        missing = client.get(f"/posts/12345{path}", headers=PARTIAL)
        assert (seen.status_code, seen.text) == (404, missing.text), path
    for path in WRITES:
        seen = client.post(f"/posts/{post.id}{path}", data=fields, headers=PARTIAL)
        missing = client.post(f"/posts/12345{path}", data=fields, headers=PARTIAL)
        assert (seen.status_code, seen.text) == (404, missing.text), path
    found = client.get(f"/mentions?q=fan&audience=post:{post.id}", headers=PARTIAL)
    assert found.status_code == 404
    assert (count(app, Reaction), count(app, Post), kinds(app)) == (0, 1, [])


def test_a_guest_sees_nothing_outside_its_groups(browse: Browser, make: Factory) -> None:
    ann = make.account("ann")
    guest = make.account("gus", Role.GUEST)
    make.follow(guest, ann)
    site = make.group("site", GroupPrivacy.CLOSED, owner=ann, members=[guest])
    inside = make.post(ann, "For the site", group=site)
    hidden = [
        make.post(ann, "For all"),
        make.post(ann, "For followers", visibility="followers"),
        make.post(ann, "For readers", group=make.group("open", owner=ann)),
    ]
    client = browse(guest)
    assert client.get(f"/posts/{inside.id}").status_code == 200
    assert client.post(f"/posts/{inside.id}/reactions", data={"emoji": "👍"}).status_code == 303
    for post in hidden:
        assert client.get(f"/posts/{post.id}").status_code == 404


def test_mentions_never_propose_people_who_cannot_see_the_post(
    browse: Browser, make: Factory
) -> None:
    ann, inside = make.accounts("ann", "zoe-in")
    make.account("zoe-out")
    guest = make.account("zoe-guest", Role.GUEST)
    make.account("zoe-gone", deactivated_at=utc_now())
    secret = make.group("secret", GroupPrivacy.SECRET, owner=ann, members=[inside, guest])
    post = make.post(ann, "Hi", group=secret)
    client = browse(ann)

    def proposed(audience: str) -> set[str]:
        found = client.get("/mentions", query_string={"q": "zoe", "audience": audience}).json
        return {person["handle"] for person in found}

    assert proposed("organisation") == {"zoe-in", "zoe-out"}
    assert proposed("group:secret") == {"zoe-in", "zoe-guest"}
    assert proposed(f"post:{post.id}") == {"zoe-in", "zoe-guest"}
    assert proposed("followers") == set()
    as_guest = browse(guest).get("/mentions?q=zoe&audience=organisation").json
    assert as_guest == []
