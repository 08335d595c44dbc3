"""However posts reach a home, kept or pulled or read anew, it holds what its definition says."""

from __future__ import annotations

import random

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from intranet import background
from intranet.accounts.models import Role
from intranet.db import db
from intranet.groups.models import Group, GroupPrivacy, Membership
from intranet.kernel.clock import utc_now
from intranet.posts.models import Visibility
from intranet.tasks.queue import LEASE
from intranet.timelines import entries, tasks
from intranet.timelines.limits import limits
from intranet.timelines.models import HomeEntry
from intranet.timelines.streams import Stream
from intranet.unit_of_work import unit_of_work
from tests.factories import Factory
from tests.timelines.world import World

SHARES = {
    "publish": 40,
    "follow": 18,
    "unfollow": 6,
    "join": 10,
    "leave": 5,
    "boost": 10,
    "erase": 5,
    "reply": 3,
    "settle": 3,
    "trim": 3,
}


@pytest.mark.settings(wide_stream=3, home_kept=20)
@pytest.mark.parametrize("seed", range(3))
def test_home_equals_brute_force_after_random_histories(
    app: Flask, make: Factory, seed: int
) -> None:
    chance = random.Random(seed)
    world = World(app)
    people = [make.account(f"person{i}").id for i in range(6)]
    guest = make.account("guest", Role.GUEST).id
    everybody = [*people, guest]
    groups = [make.group(f"group{i}", privacy).id for i, privacy in enumerate(GroupPrivacy)]
    posts: list[int] = []
    for step in range(120):
        who = chance.choice(everybody)
        act = chance.choices(list(SHARES), list(SHARES.values()))[0]
        match act:
            case "publish":
                group = chance.choice([None, None, *groups])
                visibility = chance.choice([Visibility.ORGANISATION, Visibility.FOLLOWERS])
                posts.append(world.publish(who, group, visibility))
            case "follow":
                world.follow(who, chance.choice(people))
            case "unfollow":
                world.unfollow(who, chance.choice(people))
            case "join":
                world.join(who, chance.choice(groups))
            case "leave":
                world.leave(who, chance.choice(groups))
            case "boost" if posts:
                world.boost(who, chance.choice(posts))
            case "erase" if posts:
                world.erase(posts.pop(chance.randrange(len(posts))))
            case "reply" if posts:
                world.publish(who, reply_to=chance.choice(posts))
            case "settle":
                world.settle()
            case "trim":
                with app.app_context(), unit_of_work():
                    entries.trim(who)
        if step % 30 == 29:
            for viewer in everybody:
                assert world.home(viewer) == world.expected(viewer), (seed, step, viewer)
            shown = {viewer: set(world.home(viewer)) for viewer in everybody}
            for post in set().union(*shown.values(), posts):
                holds = {viewer for viewer in everybody if post in shown[viewer]}
                assert world.whose_homes_hold(post) == holds, (seed, step, post)


@pytest.mark.settings(wide_stream=2, home_kept=20)
def test_a_stream_that_turns_wide_and_narrow_again_changes_no_home(
    app: Flask, make: Factory
) -> None:
    world = World(app)
    author, *readers = (account.id for account in make.accounts("ann", "ben", "cem", "dora"))
    for _ in range(3):
        world.publish(author)
    for reader in readers:
        world.follow(reader, author)
    world.settle()
    with app.app_context(), unit_of_work():
        assert Stream(author, False).hold() is True
    for _ in range(3):
        world.publish(author)
    assert [world.home(reader) for reader in readers] == [world.expected(readers[0])] * 3
    world.unfollow(readers[0], author)
    world.unfollow(readers[1], author)
    world.settle()
    with app.app_context(), unit_of_work():
        assert Stream(author, False).hold() is False
    assert len(world.home(readers[2])) == 6
    assert world.home(readers[0]) == []


@pytest.mark.settings(wide_stream=5, home_kept=20)
def test_a_group_becomes_wide_and_narrow_with_its_members(app: Flask, make: Factory) -> None:
    world = World(app)
    people = [make.account(f"p{number}").id for number in range(6)]
    board = make.group("board").id

    def marked() -> set[bool]:
        world.settle()
        with app.app_context():
            group = db.session.get_one(Group, board)
            return {group.wide, *db.session.scalars(select(Membership.wide))}

    for person in people[:5]:
        world.join(person, board)
    assert marked() == {False}
    world.join(people[5], board)
    assert marked() == {True}
    world.leave(people[5], board)
    assert marked() == {True}  # not at the first who leaves
    world.leave(people[4], board)
    assert marked() == {False}


@pytest.mark.settings(wide_stream=2, home_kept=20)
def test_settling_that_is_killed_halfway_is_done_again(
    app: Flask, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(app)
    author, *readers = (account.id for account in make.accounts("ann", "ben", "cem", "dora"))
    for reader in readers:
        world.follow(reader, author)
    worker = background.runner(app)
    worker.drain()
    post = world.publish(author)
    for reader in readers[:2]:
        world.unfollow(reader, author)

    class Killed(BaseException):
        pass

    def die(_stream: Stream) -> None:
        raise Killed

    monkeypatch.setattr(entries, "fill_all", die)
    with pytest.raises(Killed):
        worker.drain()
    monkeypatch.undo()
    with app.app_context():
        assert Stream(author, False).hold() is True
    with time_machine.travel(utc_now() + LEASE * 2, tick=False):
        worker.drain()
    with app.app_context():
        assert Stream(author, False).hold() is False
        assert db.session.scalar(select(func.count()).select_from(HomeEntry)) == 2
    assert world.home(readers[2]) == [post]


def test_trimming_keeps_the_newest_and_loses_nothing(
    app: Flask, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "home_kept", 20)
    world = World(app)
    ann, ben = (account.id for account in make.accounts("ann", "ben"))
    world.follow(ben, ann)
    posts = [world.publish(ann) for _ in range(30)]
    with app.app_context(), unit_of_work():
        tasks.trim({})
    with app.app_context():
        kept = select(func.count()).where(HomeEntry.account_id == ben)
        assert db.session.scalar(kept) == 20
    assert world.home(ben) == posts[::-1]


def test_unfollowing_and_leaving_take_the_posts_out_at_once(app: Flask, make: Factory) -> None:
    world = World(app)
    ann, ben = (account.id for account in make.accounts("ann", "ben"))
    board = make.group("board").id
    world.join(ann, board)
    world.join(ben, board)
    world.follow(ben, ann)
    from_ann, in_board, own = world.publish(ann), world.publish(ann, board), world.publish(ben)
    assert world.home(ben) == [own, in_board, from_ann]
    world.unfollow(ben, ann)
    assert world.home(ben) == [own, in_board]
    world.leave(ben, board)
    assert world.home(ben) == [own]
    world.follow(ben, ann)
    world.join(ben, board)
    assert world.home(ben) == [own, in_board, from_ann]


def test_a_guests_home_holds_its_groups_only(app: Flask, make: Factory) -> None:
    world = World(app)
    ann, guest = make.account("ann").id, make.account("gus", Role.GUEST).id
    board = make.group("board", GroupPrivacy.OPEN).id
    world.join(ann, board)
    world.follow(guest, ann)
    world.publish(ann)
    hidden = world.publish(ann, board)
    assert world.home(guest) == []
    world.join(guest, board)
    assert world.home(guest) == [hidden]


def test_a_boost_is_drawn_once_and_only_when_it_brings_something_new(
    app: Flask, make: Factory
) -> None:
    world = World(app)
    ann, ben, cem, dora = (a.id for a in make.accounts("ann", "ben", "cem", "dora"))
    for followee in (ben, cem):
        world.follow(dora, followee)
    post = world.publish(ann)
    world.boost(ben, post)
    world.boost(cem, post)
    first = world.home(dora)
    assert len(first) == 1
    world.unfollow(dora, ben)
    assert len(world.home(dora)) == 1
    assert world.home(dora) != first
    world.follow(dora, ann)
    assert world.home(dora) == [post]
