from __future__ import annotations

import pytest
from flask import Flask

from intranet.accounts.models import Account, Role
from intranet.db import db
from intranet.groups import queries
from intranet.groups.directory import Scope, counts, directory, suggestions
from intranet.groups.home import home
from intranet.groups.members import list_members
from intranet.groups.models import Group, GroupInvitation, GroupPrivacy, JoinRequest, NotifyLevel
from intranet.kernel.errors import Forbidden
from intranet.kernel.pagination import Cursor
from intranet.unit_of_work import unit_of_work
from tests.factories import Factory


def slugs(
    viewer: Account, q: str = "", scope: Scope = Scope.ALL, cursor: Cursor | None = None
) -> list[str]:
    return [entry.chip.slug for entry in directory(viewer, q, scope, cursor).items]


def test_the_directory_shows_each_what_they_may_know_of(app: Flask, make: Factory) -> None:
    ann, bob, cid = make.accounts("ann", "bob", "cid")
    guest = make.account("guy", Role.GUEST)
    make.group("alpha", owner=ann, members=[guest])
    make.group("beta", GroupPrivacy.CLOSED, owner=ann)
    secret = make.group("gamma", GroupPrivacy.SECRET, owner=ann)
    with app.app_context():
        with unit_of_work():
            db.session.add(
                GroupInvitation(group_id=secret.id, account_id=cid.id, invited_by_id=ann.id)
            )
        seen = {one.handle: slugs(one) for one in (ann, bob, cid, guest)}
        tabs = {one.handle: counts(one) for one in (ann, bob, cid, guest)}
        found = slugs(bob, "gamma")
    assert seen == {
        "ann": ["alpha", "beta", "gamma"],
        "bob": ["alpha", "beta"],
        "cid": ["alpha", "beta", "gamma"],
        "guy": ["alpha"],
    }
    assert {handle: (tab.mine, tab.all) for handle, tab in tabs.items()} == {
        "ann": (3, 3),
        "bob": (0, 2),
        "cid": (0, 3),
        "guy": (1, 1),
    }
    assert found == []


def test_the_directory_is_walked_by_name_page_by_page(app: Flask, make: Factory) -> None:
    ann, bob = make.accounts("ann", "bob")
    names = [f"group-{number:02}" for number in (4, 1, 5, 3, 0, 2)]
    groups = [make.group(name, owner=ann) for name in names]
    secret = make.group("group-025", GroupPrivacy.SECRET, owner=ann)
    with app.app_context():
        seen: list[str] = []
        before = None
        while True:
            page = directory(bob, cursor=Cursor(before=before, limit=2))
            seen += [entry.chip.slug for entry in page.items]
            before = page.next_before
            if before is None:
                break
        assert seen == sorted(names)
        assert slugs(bob, cursor=Cursor(before=secret.id)) == []
        assert slugs(ann, scope=Scope.MINE, cursor=Cursor(before=groups[2].id)) == []


def test_search_reads_words_as_they_are_typed(app: Flask, make: Factory) -> None:
    ann = make.account("ann")
    make.group("atelier", owner=ann, search_text="atelier de l'ete 100%")
    make.group("other", owner=ann)
    with app.app_context():
        assert slugs(ann, "ÉTÉ atelier") == ["atelier"]
        assert slugs(ann, "100%") == ["atelier"]
        assert slugs(ann, "%") == ["atelier"]
        assert slugs(ann, "été other") == []


def test_suggestions_begin_with_what_colleagues_are_in(app: Flask, make: Factory) -> None:
    ann = make.account("ann", department="Brakes")
    near = make.account("near", department="Brakes")
    far, friend = make.accounts("far", "friend")
    make.follow(ann, friend)
    make.group("big", owner=far, members=[make.account(f"m{number}") for number in range(4)])
    make.group("brakes", owner=near, members=[friend])
    make.group("friends", owner=friend)
    make.group("mine", owner=ann, members=[near])
    asked = make.group("asked", GroupPrivacy.CLOSED, owner=far)
    make.group("closed", GroupPrivacy.CLOSED, owner=near, members=[friend])
    make.group("hidden", GroupPrivacy.SECRET, owner=near)
    with app.app_context():
        with unit_of_work():
            db.session.add(JoinRequest(group_id=asked.id, account_id=ann.id))
        fit = [entry.chip.slug for entry in suggestions(ann)]
        few = [entry.chip.slug for entry in suggestions(ann, 2)]
        none = suggestions(make_guest := make.account("guy", Role.GUEST))
    # The closed group counts by its size alone: its place must not tell who is in it.
    assert fit == ["brakes", "friends", "big", "closed"]
    assert few == ["brakes", "friends"]
    assert none == ()
    assert make_guest.is_guest


def test_counting_statements_of_the_pages_of_small_and_large_groups(
    app: Flask, make: Factory, statements: list[str]
) -> None:
    ann, out = make.accounts("ann", "out")
    crowd = [make.account(f"m{number}") for number in range(30)]
    make.group("small", owner=ann)
    make.group("large", owner=ann, members=crowd)
    taken = []
    with app.app_context():
        for slug in ("small", "large"):
            for viewer in (ann, out):
                statements.clear()
                home(viewer, slug)
                group = queries.get_readable(viewer, slug)
                list_members(viewer, group)
                taken.append((viewer.handle, len(statements)))
        statements.clear()
        directory(ann)
        assert len(statements) == 1
        statements.clear()
        queries.memberships_of(ann)
        assert len(statements) == 1
    assert taken[:2] == taken[2:]


def test_membership_is_shown_only_to_readers(app: Flask, make: Factory) -> None:
    ann, bob, out = make.accounts("ann", "bob", "out")
    make.group("alpha", owner=ann)
    make.group("beta", GroupPrivacy.CLOSED, owner=ann, members=[bob])
    make.group("gamma", GroupPrivacy.SECRET, owner=ann, members=[bob])
    with app.app_context():
        shown = [
            [chip.slug for chip in queries.groups_of(viewer, ann)] for viewer in (ann, bob, out)
        ]
        with pytest.raises(Forbidden):
            list_members(out, queries.get_visible(out, "beta"))
    assert shown == [["alpha", "beta", "gamma"], ["alpha", "beta", "gamma"], ["alpha"]]


def test_members_are_found_and_paged(app: Flask, make: Factory) -> None:
    ann = make.account("ann")
    crowd = [make.account(f"m{number}") for number in range(5)]
    group = make.group(owner=ann, members=crowd)
    with app.app_context():
        first = list_members(ann, group, cursor=Cursor(limit=4))
        rest = list_members(ann, group, cursor=Cursor(before=first.next_before, limit=4))
        handles = [row.account.handle for row in (*first.items, *rest.items)]
        assert handles == ["m4", "m3", "m2", "m1", "m0", "ann"]
        assert rest.next_before is None
        assert [row.account.handle for row in list_members(ann, group, "M3").items] == ["m3"]
        assert [row.may_remove for row in first.items] == [True] * 4
        assert [row.may_remove for row in list_members(crowd[0], group).items] == [False] * 6


def test_a_post_is_told_to_those_who_want_to_hear_of_it(app: Flask, make: Factory) -> None:
    ann, every, named, quiet, other, gone = make.accounts(
        "ann", "every", "named", "quiet", "other", "gone"
    )
    group = make.group(owner=ann, members=[named, other])
    make.join(group, every, notify=NotifyLevel.EVERYTHING)
    make.join(group, gone, notify=NotifyLevel.EVERYTHING)
    make.join(group, quiet, notify=NotifyLevel.NOTHING)
    with app.app_context():
        with unit_of_work():
            leaver = db.session.get_one(Account, gone.id)
            leaver.deactivated_at = leaver.created_at
        told = queries.recipients_of_a_post(group, ann, {named.id, quiet.id, ann.id})
    assert set(told) == {every.id, named.id}


def test_menus_know_where_news_are(app: Flask, make: Factory) -> None:
    ann = make.account("ann")
    group = make.group(owner=ann)
    quiet = make.group("quiet", owner=ann)
    with app.app_context():
        with unit_of_work():
            db.session.get_one(Group, group.id).last_post_id = 5
        news = {mine.chip.slug: mine.has_news for mine in queries.memberships_of(ann)}
        assert news == {group.slug: True, quiet.slug: False}
        assert [chip.slug for chip in queries.audiences(ann)] == ["board", "quiet"]
