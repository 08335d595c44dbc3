"""Hashtags that come home, and those on a profile."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.accounts.models import Account, Role
from intranet.db import db
from intranet.groups.models import GroupPrivacy
from intranet.kernel.pagination import Cursor
from intranet.posts.models import Hashtag
from intranet.tags.actions import MAX_FEATURED
from intranet.timelines import queries as timelines
from intranet.timelines.queries import Kind, Timeline
from intranet.unit_of_work import unit_of_work
from tests.browse import Browser
from tests.factories import Factory


def home(app: Flask, viewer: Account, **cursor: int) -> list[int]:
    with app.app_context():
        me = db.session.get_one(Account, viewer.id)
        return list(timelines.entry_ids(me, Timeline(Kind.HOME), Cursor(**cursor)).items)


def publish(browse: Browser, who: Account, source: str, path: str = "/posts", **more: str) -> int:
    """The id of the post, from the page it leads to."""
    sent = browse(who).post(path, data={"source": source, **more}, headers={"HX-Request": "true"})
    assert sent.status_code in (200, 201), sent.text
    return int(sent.text.split('id="post-')[1].split('"')[0])


def test_what_is_for_everybody_comes_home_by_its_hashtag(
    app: Flask, make: Factory, browse: Browser
) -> None:
    ann, bob = make.accounts("ann", "bob")
    make.group("open", owner=bob)
    old = publish(browse, bob, "First #Crane")
    publish(browse, bob, "Something else #other")
    publish(browse, bob, "For followers #crane", audience="followers")
    publish(browse, bob, "In a group #crane", "/groups/open/posts")
    publish(browse, bob, "A reply #crane", f"/posts/{old}/replies")
    assert home(app, ann) == []
    page = browse(ann).get("/tags/crane").text
    assert 'aria-pressed="false"' in page
    for _twice in range(2):
        assert browse(ann).post("/tags/CRANE/follow").status_code == 303
    new = publish(browse, bob, "Second #crane and #CRANE")
    own = publish(browse, ann, "Mine #crane")
    assert home(app, ann) == [own, new, old]
    assert home(app, ann, limit=1) == [own]
    assert home(app, ann, before=own, limit=1) == [new]
    assert "Second" in browse(ann).get("/").text
    assert "Second" not in browse(bob).get("/settings/hashtags").text
    assert home(app, bob) != home(app, ann)
    browse(ann).post("/@bob/block")
    assert home(app, ann) == [own]
    browse(ann).post("/@bob/unblock")
    browse(ann).post("/tags/crane/unfollow")
    assert home(app, ann) == [own]


@pytest.mark.settings(home_kept=20)
def test_a_followed_hashtag_reaches_below_what_is_kept(
    app: Flask, make: Factory, browse: Browser
) -> None:
    ann, bob = make.accounts("ann", "bob")
    tagged = publish(browse, bob, "Old #crane")
    mine = [make.post(ann).id for _ in range(3)]
    browse(ann).post("/tags/crane/follow")
    with app.app_context(), unit_of_work():
        db.session.get_one(Account, ann.id).home_from = mine[0]
    assert home(app, ann, before=mine[0]) == [tagged]


def test_a_guest_reads_nothing_more_by_a_hashtag(
    app: Flask, make: Factory, browse: Browser
) -> None:
    bob, guest = make.account("bob"), make.account("gus", Role.GUEST)
    make.group("shared", GroupPrivacy.CLOSED, owner=bob, members=[guest])
    inside = publish(browse, bob, "In here #crane", "/groups/shared/posts")
    publish(browse, bob, "Out there #crane")
    browse(guest).post("/tags/crane/follow")
    browse(bob).post("/tags/crane/follow")
    assert "Out there" in browse(bob).get("/").text
    assert "Out there" not in browse(guest).get("/").text
    assert inside
    assert "Out there" not in browse(guest).get("/tags/crane").text


def test_following_hashtags_costs_the_home_no_statement(
    make: Factory, browse: Browser, statements: list[str]
) -> None:
    ann, bob = make.accounts("ann", "bob")
    reader = browse(ann)
    publish(browse, bob, "#crane0")
    reader.post("/tags/crane0/follow")
    reader.get("/")
    statements.clear()
    reader.get("/")
    few = len(statements)
    for number in range(1, 6):
        publish(browse, bob, f"One more #crane{number}")
        reader.post(f"/tags/crane{number}/follow")
    statements.clear()
    assert reader.get("/").text.count("<article") == 6
    assert len(statements) == few


def test_what_is_no_hashtag_is_not_followed(make: Factory, browse: Browser) -> None:
    ann = make.account("ann")
    for name in ("two words", "…", "x" * 101):
        assert browse(ann).post(f"/tags/{name}/follow").status_code == 404
    assert browse(ann).post("/settings/hashtags/featured", data={"name": "a b"}).status_code == 422


def test_a_hashtag_is_taken_whole_and_composed(app: Flask, make: Factory, browse: Browser) -> None:
    ann = make.account("ann")
    long = "e\u0301" * 101
    assert browse(ann).post(f"/tags/{long}/follow").status_code == 404
    assert browse(ann).post("/settings/hashtags/featured", data={"name": long}).status_code == 422
    taken = "E\u0301" * 60
    assert browse(ann).post(f"/tags/{taken}/follow").status_code == 303
    with app.app_context():
        rows = db.session.execute(select(Hashtag.name, Hashtag.display)).all()
    assert [tuple(row) for row in rows] == [("\u00e9" * 60, "\u00c9" * 60)]


def test_hashtags_stand_on_a_profile(make: Factory, browse: Browser) -> None:
    ann, bob = make.accounts("ann", "bob")
    make.group("secret", GroupPrivacy.SECRET, owner=ann)
    publish(browse, ann, "One #Welding")
    publish(browse, ann, "Two #welding", "/groups/secret/posts")
    settings = browse(ann).get("/settings/hashtags").text
    assert 'value="welding"' in settings
    for _twice in range(2):
        browse(ann).post("/settings/hashtags/featured", data={"name": "#welding"})
    assert '#Welding <span class="num">2</span>' in browse(ann).get("/@ann").text
    assert '#Welding <span class="num">1</span>' in browse(bob).get("/@ann").text
    for number in range(MAX_FEATURED - 1):
        sent = browse(ann).post("/settings/hashtags/featured", data={"name": f"tag{number}"})
        assert sent.status_code == 303
    full = browse(ann).post("/settings/hashtags/featured", data={"name": "oneMore"})
    assert full.status_code == 422
    page = browse(ann).get("/settings/hashtags").text
    featured = page.split("/settings/hashtags/featured/")[1].split("/")[0]
    assert browse(bob).post(f"/settings/hashtags/featured/{featured}/remove").status_code == 404
    assert browse(ann).post(f"/settings/hashtags/featured/{featured}/remove").status_code == 303
