"""A follow and a block that two people send at the same moment, on two real connections."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.accounts.models import Account
from intranet.db import db
from intranet.lists import actions as lists
from intranet.lists import queries as own_lists
from intranet.lists.models import ListMember
from intranet.relationships import actions, distance
from intranet.relationships.models import Block, Follow
from intranet.unit_of_work import unit_of_work
from tests.factories import Factory
from tests.racing import one_amid_the_other


def _load(account: Account) -> Account:
    return db.session.get_one(Account, account.id)


def _list_of_a_follower(app: Flask, make: Factory, ann: Account, bob: Account) -> int:
    make.follow(ann, bob)
    with app.app_context(), unit_of_work():
        return lists.create(_load(ann), lists.ListDraft("Team")).id


@pytest.mark.parametrize("follow_first", [True, False])
@pytest.mark.parametrize("blocked_by_follower", [True, False])
def test_no_follow_outlives_a_block_of_the_same_moment(
    app: Flask, make: Factory, follow_first: bool, blocked_by_follower: bool
) -> None:
    ann, bob = make.accounts("ann", "bob")
    blocker, blocked = (ann, bob) if blocked_by_follower else (bob, ann)

    def follow() -> None:
        actions.follow(_load(ann), _load(bob))

    def block() -> None:
        distance.block(_load(blocker), _load(blocked))

    one_amid_the_other(app, *((follow, block) if follow_first else (block, follow)))
    with app.app_context():
        assert db.session.scalars(select(Block.blocker_id)).all() == [blocker.id]
        assert db.session.scalars(select(Follow.follower_id)).all() == []
        counts = (_load(ann).following_count, _load(bob).followers_count)
        assert counts == (0, 0)


@pytest.mark.parametrize("add_first", [True, False])
def test_nobody_stays_in_a_list_who_is_unfollowed_at_that_moment(
    app: Flask, make: Factory, add_first: bool
) -> None:
    ann, bob = make.accounts("ann", "bob")
    one = _list_of_a_follower(app, make, ann, bob)

    def add() -> None:
        mine = own_lists.get_own(_load(ann), one, lock=True)
        lists.add(_load(ann), mine, [bob.id])

    def unfollow() -> None:
        actions.unfollow(_load(ann), _load(bob))

    one_amid_the_other(app, *((add, unfollow) if add_first else (unfollow, add)))
    with app.app_context():
        assert db.session.scalars(select(Follow.follower_id)).all() == []
        assert db.session.scalars(select(ListMember.account_id)).all() == []


def test_the_same_member_twice_at_once_is_one(app: Flask, make: Factory) -> None:
    ann, bob = make.accounts("ann", "bob")
    one = _list_of_a_follower(app, make, ann, bob)
    failed = list[Exception]()

    def add() -> None:
        try:
            lists.add(_load(ann), own_lists.get_own(_load(ann), one, lock=True), [bob.id])
        except Exception as error:
            failed.append(error)
            raise

    one_amid_the_other(app, add, add)
    assert failed == []
    with app.app_context():
        assert db.session.scalars(select(ListMember.account_id)).all() == [bob.id]
