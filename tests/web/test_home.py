"""Home and its sisters, through the door."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from intranet.accounts.models import Account, Role
from intranet.db import db
from intranet.groups.models import GroupPrivacy
from intranet.kernel.ids import new_id
from intranet.posts.models import Bookmark, Hashtag, Post, PostHashtag, Visibility
from intranet.relationships.models import Follow
from intranet.unit_of_work import unit_of_work
from tests.browse import Browser
from tests.factories import Factory
from tests.timelines.world import World


def entries(html: str) -> list[int]:
    return [int(found) for found in re.findall(r'<article[^>]* data-entry="(\d+)"', html)]


def read(client: FlaskClient, address: str, **headers: str) -> str:
    response = client.get(address, headers=headers)
    assert response.status_code == 200, (address, response.status_code)
    return response.get_data(as_text=True)


@pytest.fixture
def world(app: Flask) -> World:
    return World(app)


def test_every_timeline_shows_what_is_its_own(make: Factory, browse: Browser, world: World) -> None:
    ann, ben, cem = make.accounts("ann", "ben", "cem")
    board = make.group("board", GroupPrivacy.CLOSED).id
    for member in (ann.id, ben.id):
        world.join(member, board)
    world.follow(ann.id, ben.id)
    to_all = world.publish(ben.id)
    to_followers = world.publish(ben.id, visibility=Visibility.FOLLOWERS)
    in_group = world.publish(ben.id, board)
    from_stranger = world.publish(cem.id)
    client = browse(ann)
    assert entries(read(client, "/")) == [in_group, to_followers, to_all]
    assert entries(read(client, "/timelines/groups")) == [in_group]
    assert entries(read(client, "/timelines/organisation")) == [from_stranger, to_all]
    stranger = browse(cem)
    assert entries(read(stranger, "/")) == [from_stranger]
    assert entries(read(stranger, "/timelines/groups")) == []


def test_older_pages_follow_by_plain_links_to_the_end(
    make: Factory, browse: Browser, world: World
) -> None:
    ann = make.account("ann")
    posts = [world.publish(ann.id) for _ in range(45)]
    client, address, found = browse(ann), "/", []
    for _ in range(3):
        html = read(client, address)
        found += entries(html)
        link = re.search(r'<a class="btn" rel="next" href="([^"]+)"', html)
        address = link[1] if link else ""
    assert found == posts[::-1]
    assert not address
    fragment = read(client, f"/?before={posts[25]}", **{"HX-Request": "true"})
    assert entries(fragment) == posts[5:25][::-1]
    assert "<html" not in fragment


def test_an_older_page_is_not_live_and_leads_back(
    make: Factory, browse: Browser, world: World
) -> None:
    ann = make.account("ann")
    posts = [world.publish(ann.id) for _ in range(3)]
    top, older = (read(browse(ann), address) for address in ("/", f"/?before={posts[1]}"))
    assert 'data-newer="/timelines/home/newer"' in top
    assert f'data-newest="{posts[2]}"' in top
    assert "data-newer" not in older
    assert 'href="/"' in older.split('class="posts"')[0].split('class="tabs"')[1]


def test_a_bad_cursor_is_refused(make: Factory, browse: Browser) -> None:
    assert browse(make.account("ann")).get("/?before=tomorrow").status_code == 422


def test_saved_holds_bookmarks_the_last_saved_first(
    app: Flask, make: Factory, browse: Browser, world: World
) -> None:
    ann, ben = make.accounts("ann", "ben")
    board = make.group("board", GroupPrivacy.SECRET).id
    world.join(ben.id, board)
    world.join(ann.id, board)
    first, second, hidden = (
        world.publish(ben.id),
        world.publish(ben.id),
        world.publish(ben.id, board),
    )
    for post in (second, hidden, first):
        with app.app_context(), unit_of_work():
            db.session.add(Bookmark(account_id=ann.id, post_id=post))
    assert entries(read(browse(ann), "/saved")) == [first, hidden, second]
    world.leave(ann.id, board)
    assert entries(read(browse(ann), "/saved")) == [first, second]
    assert entries(read(browse(ben), "/saved")) == []


def test_a_hashtag_page_holds_what_the_viewer_may_read(
    app: Flask, make: Factory, browse: Browser, world: World
) -> None:
    ann, ben = make.accounts("ann", "ben")
    board = make.group("board", GroupPrivacy.SECRET).id
    world.join(ben.id, board)
    shown, hidden = world.publish(ben.id), world.publish(ben.id, board)
    with app.app_context(), unit_of_work():
        tag = Hashtag(name="été", display="Été")
        db.session.add(tag)
        db.session.flush()
        for post in (shown, hidden):
            db.session.add(PostHashtag(hashtag_id=tag.id, post_id=post))
    assert entries(read(browse(ann), "/tags/été")) == [shown]
    assert entries(read(browse(ben), "/tags/été")) == [hidden, shown]
    assert entries(read(browse(ann), "/tags/never-used")) == []
    assert browse(ann).get("/tags/Été").location.endswith("/tags/%C3%A9t%C3%A9")


def test_a_guest_sees_its_groups_only(make: Factory, browse: Browser, world: World) -> None:
    ann, guest = make.account("ann"), make.account("gus", Role.GUEST)
    board = make.group("board").id
    world.join(ann.id, board)
    world.publish(ann.id)
    inside = world.publish(ann.id, board)
    assert entries(read(browse(guest), "/")) == []
    world.join(guest.id, board)
    client = browse(guest)
    assert entries(read(client, "/")) == [inside]
    assert entries(read(client, "/timelines/organisation")) == []
    assert ">Whole organisation</a>" not in read(client, "/")
    assert ">Whole organisation</a>" in read(browse(ann), "/")


def test_the_pill_counts_posts_of_others_and_names_them(
    make: Factory, browse: Browser, world: World
) -> None:
    ann, ben, cem = make.accounts("ann", "ben", "cem")
    for followee in (ben, cem):
        world.follow(ann.id, followee.id)
    old = world.publish(ben.id)
    client = browse(ann)
    address = f"/timelines/home/newer?after={old}&known={old}"
    assert read(client, address).strip() == ""
    world.publish(ann.id)
    assert read(client, address).strip() == ""
    new = [world.publish(ben.id), world.publish(cem.id), world.publish(ben.id)]
    pill = read(client, address)
    assert "3 new posts by Ben and Cem" in pill
    assert 'class="live"' in pill
    cards = read(client, f"/timelines/home/since?after={old}&known={old}")
    assert [entry for entry in entries(cards) if entry in new] == new[::-1]
    assert entries(read(client, f"/timelines/home/since?after={new[2]}&known={new[2]}")) == []


def test_a_post_committed_late_with_an_older_id_is_found(
    app: Flask, make: Factory, browse: Browser, world: World
) -> None:
    ann, ben = make.accounts("ann", "ben")
    world.follow(ann.id, ben.id)
    base = world.publish(ben.id)
    late_id = new_id()
    seen = world.publish(ben.id)
    with app.app_context(), unit_of_work():
        db.session.add(Post(id=late_id, author_id=ben.id, visibility=Visibility.ORGANISATION))
        db.session.flush()
        db.session.execute(
            db.text("INSERT INTO home_entry (account_id, post_id, author_id) VALUES (:a, :p, :b)"),
            {"a": ann.id, "p": late_id, "b": ben.id},
        )
    known = f"known={seen},{base}"
    cards = read(browse(ann), f"/timelines/home/since?after={seen}&{known}")
    assert entries(cards) == [late_id]


def test_too_much_news_asks_for_a_new_page(make: Factory, browse: Browser, world: World) -> None:
    ann, ben = make.accounts("ann", "ben")
    world.follow(ann.id, ben.id)
    first = world.publish(ben.id)
    for _ in range(61):
        world.publish(ben.id)
    client = browse(ann)
    answer = client.get(f"/timelines/home/since?after={first}&known={first}")
    assert answer.status_code == 409
    assert "61 new posts" in read(client, f"/timelines/home/newer?after={first}&known={first}")


@pytest.mark.parametrize("name", ["home-1", "group", "group-x", "nothing", "tag-", "group-²"])
def test_a_timeline_of_no_kind_is_not_found(make: Factory, browse: Browser, name: str) -> None:
    client = browse(make.account(f"ann{abs(hash(name))}"))
    assert client.get(f"/timelines/{name}/newer?after=1").status_code == 404


def test_a_secret_groups_timeline_tells_an_outsider_nothing(
    make: Factory, browse: Browser, world: World
) -> None:
    ann, ben = make.accounts("ann", "ben")
    board = make.group("board", GroupPrivacy.SECRET).id
    world.join(ben.id, board)
    post = world.publish(ben.id, board)
    inside = read(browse(ben), f"/timelines/group-{board}/since?after={post - 1}")
    assert entries(inside) == [post]
    for door in ("newer", "since"):
        unknown, secret = (
            read(browse(ann), f"/timelines/group-{number}/{door}?after=1")
            for number in (4711, board)
        )
        assert unknown == secret


def _statements_of(
    client: FlaskClient, statements: list[str], address: str
) -> tuple[int, list[str]]:
    read(client, address)  # what is read once a process is read
    statements.clear()
    read(client, address)
    return len(statements), list(statements)


def test_one_post_and_twenty_cost_the_same_statements(
    make: Factory, browse: Browser, world: World, statements: list[str]
) -> None:
    ann, ben = make.accounts("ann", "ben")
    board = make.group("board").id
    for person in (ann.id, ben.id):
        world.join(person, board)
    world.follow(ann.id, ben.id)
    post = world.publish(ben.id, board)
    world.publish(ben.id, board, reply_to=post)
    client = browse(ann)
    counted: dict[str, tuple[int, list[str]]] = {}
    places = ("/", "/timelines/groups", "/timelines/organisation")
    world.publish(ben.id)
    for place in places:
        counted[place] = _statements_of(client, statements, place)
    for number in range(30):
        post = world.publish(ben.id, board if number % 2 else None)
        if number % 2:
            world.publish(ann.id, board, reply_to=post)
    for place in places:
        again = _statements_of(client, statements, place)
        assert again[0] == counted[place][0], (place, again[1])


def test_ten_follows_and_two_thousand_cost_the_same_statements(
    app: Flask, make: Factory, browse: Browser, world: World, statements: list[str]
) -> None:
    ann = make.account("ann", following_count=100)
    with app.app_context(), unit_of_work():
        people = [
            Account(handle=f"p{number}", email=f"p{number}@example.test", display_name="P")
            for number in range(2000)
        ]
        db.session.add_all(people)
        db.session.flush()
        ids = [person.id for person in people]
        db.session.add_all(Follow(follower_id=ann.id, followee_id=id_) for id_ in ids[:10])
    for id_ in ids[:25]:
        world.publish(id_)
    client = browse(ann)
    few = _statements_of(client, statements, "/")
    with app.app_context(), unit_of_work():
        db.session.add_all(
            Follow(follower_id=ann.id, followee_id=id_, wide=True) for id_ in ids[10:]
        )
    html = read(client, "/")
    assert len(entries(html)) == 20
    assert _statements_of(client, statements, "/")[0] == few[0]


def test_the_list_goes_on_beyond_what_is_kept(
    app: Flask, make: Factory, browse: Browser, world: World, settle: Callable[[int], None]
) -> None:
    ann, ben = make.accounts("ann", "ben")
    world.follow(ann.id, ben.id)
    posts = [world.publish(ben.id) for _ in range(30)]
    settle(ann.id)
    assert entries(read(browse(ann), f"/?before={posts[12]}")) == posts[:12][::-1]


@pytest.fixture
def settle(app: Flask) -> Callable[[int], None]:
    """Cuts a home in the middle."""

    def cut(account_id: int) -> None:
        with app.app_context(), unit_of_work():
            kept = db.session.scalars(db.select(Post.id).order_by(Post.id.desc()).limit(10)).all()
            db.session.execute(
                db.text("DELETE FROM home_entry WHERE post_id < :edge"), {"edge": kept[-1]}
            )
            db.session.get_one(Account, account_id).home_from = kept[-1]

    return cut
