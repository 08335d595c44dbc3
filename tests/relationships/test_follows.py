"""Following: twice is once, counters stay true, guests only within their groups."""

from __future__ import annotations

import threading

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.accounts.models import Account, Role
from intranet.db import db
from intranet.kernel.errors import Forbidden
from intranet.kernel.pagination import Cursor
from intranet.notifications.models import Notification
from intranet.relationships import actions, queries
from intranet.relationships.models import Follow
from intranet.unit_of_work import unit_of_work
from tests.factories import Factory


def load(account: Account) -> Account:
    return db.session.get_one(Account, account.id, populate_existing=True)


def counts(account: Account) -> tuple[int, int]:
    now = load(account)
    return now.following_count, now.followers_count


def test_following_twice_is_following_once(app: Flask, make: Factory) -> None:
    ann, bob = make.accounts("ann", "bob")
    with app.app_context():
        for _ in range(2):
            with unit_of_work():
                actions.follow(load(ann), load(bob))
        assert (counts(ann), counts(bob)) == ((1, 0), (0, 1))
        assert queries.follows_among(load(ann), {bob.id, ann.id}) == {bob.id}
        told = db.session.scalars(select(Notification.recipient_id)).all()
        assert told == [bob.id]


def test_unfollowing_twice_is_unfollowing_once(app: Flask, make: Factory) -> None:
    ann, bob = make.accounts("ann", "bob")
    with app.app_context():
        with unit_of_work():
            actions.follow(load(ann), load(bob))
        for _ in range(2):
            with unit_of_work():
                actions.unfollow(load(ann), load(bob))
        assert (counts(ann), counts(bob)) == ((0, 0), (0, 0))
        assert db.session.scalars(select(Notification.id)).all() == []


def test_many_who_follow_at_once_are_all_counted(app: Flask, make: Factory) -> None:
    people = make.accounts(*(f"p{number}" for number in range(6)))
    failures: list[Exception] = []

    def follow_all(me: Account) -> None:
        try:
            with app.app_context():
                for other in people:
                    if other.id != me.id:
                        with unit_of_work():
                            actions.follow(load(me), load(other))
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=follow_all, args=(one,)) for one in people for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with app.app_context():
        assert {counts(one) for one in people} == {(5, 5)}


def test_nobody_follows_oneself_or_a_closed_account(app: Flask, make: Factory) -> None:
    ann, bob = make.accounts("ann", "bob")
    with app.app_context():
        with unit_of_work():
            load(bob).deactivated_at = load(bob).created_at
        for followee in (ann, bob):
            with pytest.raises(Forbidden), unit_of_work():
                actions.follow(load(ann), load(followee))


def test_a_guest_is_followed_only_by_people_of_its_groups(app: Flask, make: Factory) -> None:
    ann, bob = make.accounts("ann", "bob")
    guest = make.account("gil", Role.GUEST)
    make.group("shared", owner=ann, members=[guest])
    with app.app_context():
        with pytest.raises(Forbidden), unit_of_work():
            actions.follow(load(bob), load(guest))
        with unit_of_work():
            actions.follow(load(ann), load(guest))
        assert counts(guest) == (0, 1)


def test_new_staff_begin_with_the_default_follows(app: Flask, make: Factory) -> None:
    news, gone, new = make.accounts("news", "gone", "new")
    guest = make.account("gil", Role.GUEST)
    handles = ("News", "gone", "nobody", "new")
    with app.app_context():
        with unit_of_work():
            load(gone).deactivated_at = load(gone).created_at
        with unit_of_work():
            actions.follow_defaults(load(new), handles)
            actions.follow_defaults(load(guest), handles)
        follows = db.session.execute(select(Follow.follower_id, Follow.followee_id)).all()
        assert follows == [(new.id, news.id)]
        assert db.session.scalars(select(Notification.id)).all() == []


def test_lists_page_by_the_newest_and_hide_whom_a_guest_may_not_see(
    app: Flask, make: Factory
) -> None:
    ann = make.account("ann")
    others = make.accounts("bob", "cleo", "dan")
    guest = make.account("gil", Role.GUEST)
    make.group("shared", owner=ann, members=[guest, others[0]])
    for other in others:
        make.follow(other, ann)
    with app.app_context():
        page = queries.list_followers(load(ann), load(ann), Cursor(limit=2))
        assert [chip.handle for chip in page.items] == ["dan", "cleo"]
        page = queries.list_followers(
            load(ann), load(ann), Cursor(before=page.next_before, limit=2)
        )
        assert ([chip.handle for chip in page.items], page.next_before) == (["bob"], None)
        seen = queries.list_followers(load(guest), load(ann), Cursor())
        assert [chip.handle for chip in seen.items] == ["bob"]
        assert queries.list_following(load(ann), load(ann), Cursor()).items == []
