"""What holds when people do things at the same moment, each in a thread with its own session."""

from __future__ import annotations

import threading
from collections.abc import Callable

from flask import Flask
from sqlalchemy import func, select

from intranet.accounts.models import Account
from intranet.db import db
from intranet.groups import actions, requests, roles
from intranet.groups.actions import GroupDraft
from intranet.groups.models import Group, GroupPrivacy, GroupRole, JoinRequest, Membership
from intranet.kernel.errors import DomainError
from intranet.notifications.models import Notification
from intranet.unit_of_work import unit_of_work
from tests.factories import Factory


def at_once(app: Flask, *acts: Callable[[], object]) -> list[type[BaseException] | None]:
    """Do them all in one moment; what each was refused with."""
    gate = threading.Barrier(len(acts))
    refused: list[type[BaseException] | None] = [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        with app.app_context():
            gate.wait()
            try:
                with unit_of_work():
                    act()
            except DomainError as error:
                refused[place] = type(error)

    threads = [
        threading.Thread(target=run, args=(place, act), daemon=True)
        for place, act in enumerate(acts)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()
    return refused


def settled(app: Flask, group: Group) -> tuple[int, int]:
    """The counter and the rows it counts."""
    with app.app_context():
        counter = db.session.scalar(select(Group.members_count).where(Group.id == group.id))
        rows = db.session.scalar(
            select(func.count()).select_from(Membership).where(Membership.group_id == group.id)
        )
        return int(counter or 0), int(rows or 0)


def _join(group: Group, account: Account) -> Callable[[], object]:
    return lambda: actions.join(account, group)


def test_one_person_joining_from_many_windows_counts_once(app: Flask, make: Factory) -> None:
    ann, bob = make.accounts("ann", "bob")
    group = make.group(owner=ann)
    assert at_once(app, *[_join(group, bob)] * 8) == [None] * 8
    assert settled(app, group) == (2, 2)


def test_many_joining_and_leaving_at_once_are_all_counted(app: Flask, make: Factory) -> None:
    ann = make.account("ann")
    coming = [make.account(f"c{number}") for number in range(5)]
    going = [make.account(f"g{number}") for number in range(5)]
    group = make.group(owner=ann, members=going)
    acts = [_join(group, one) for one in coming]
    acts += [lambda one=one: actions.leave(one, group) for one in going]
    assert at_once(app, *acts) == [None] * 10
    assert settled(app, group) == (6, 6)


def test_asking_from_many_windows_is_asking_once(app: Flask, make: Factory) -> None:
    ann, bob = make.accounts("ann", "bob")
    group = make.group(privacy=GroupPrivacy.CLOSED, owner=ann)
    at_once(app, *[_join(group, bob)] * 6)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(JoinRequest)) == 1
        assert db.session.scalar(select(func.count()).select_from(Notification)) == 1


def test_two_stewards_answering_one_request_let_one_person_in(app: Flask, make: Factory) -> None:
    ann, bob, mod = make.accounts("ann", "bob", "mod")
    group = make.group(privacy=GroupPrivacy.CLOSED, owner=ann)
    make.join(group, mod, GroupRole.MODERATOR)
    at_once(app, _join(group, bob))
    with app.app_context():
        request_id = requests.list_requests(ann, group)[0].id
    at_once(
        app,
        lambda: requests.approve(ann, group, request_id),
        lambda: requests.approve(mod, group, request_id),
    )
    assert settled(app, group) == (3, 3)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Notification)) == 1


def test_two_owners_leaving_at_once_do_not_leave_the_group_without_one(
    app: Flask, make: Factory
) -> None:
    ann, bob, cid = make.accounts("ann", "bob", "cid")
    group = make.group(owner=ann, members=[cid])
    make.join(group, bob, GroupRole.OWNER)
    refused = at_once(app, lambda: actions.leave(ann, group), lambda: actions.leave(bob, group))
    assert sorted(one is None for one in refused) == [False, True]
    assert settled(app, group) == (2, 2)


def test_two_owners_demoting_each_other_leave_one(app: Flask, make: Factory) -> None:
    ann, bob = make.accounts("ann", "bob")
    group = make.group(owner=ann)
    make.join(group, bob, GroupRole.OWNER)
    at_once(
        app,
        lambda: roles.set_role(ann, group, bob, GroupRole.MEMBER),
        lambda: roles.set_role(bob, group, ann, GroupRole.MEMBER),
    )
    with app.app_context():
        owners = db.session.scalars(
            select(Membership.account_id).where(Membership.role == GroupRole.OWNER)
        ).all()
    assert len(owners) == 1


def test_namesakes_made_at_once_get_addresses_of_their_own(app: Flask, make: Factory) -> None:
    people = make.accounts("ann", "bob", "cid", "dan")
    acts = [lambda one=one: actions.create(one, GroupDraft("Board")) for one in people]
    assert at_once(app, *acts) == [None] * 4
    with app.app_context():
        slugs = set(db.session.scalars(select(Group.slug)))
    assert slugs == {"board", "board-2", "board-3", "board-4"}
