from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from intranet.accounts.models import Account, Role
from intranet.db import db
from intranet.groups import actions, invitations, policies, queries, requests, roles
from intranet.groups.actions import GroupDraft, Joined
from intranet.groups.home import home
from intranet.groups.membership import recount, role_of
from intranet.groups.models import (
    Group,
    GroupInvitation,
    GroupPrivacy,
    GroupRole,
    JoinRequest,
    Membership,
)
from intranet.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from intranet.notifications.models import Notification, NotificationKind
from intranet.unit_of_work import unit_of_work
from tests.factories import Factory


def told(account: Account) -> list[NotificationKind]:
    """What the account was notified of, oldest first."""
    return list(
        db.session.scalars(
            select(Notification.kind)
            .where(Notification.recipient_id == account.id)
            .order_by(Notification.id)
        )
    )


def counts(group: Group) -> tuple[int, int]:
    row = db.session.execute(
        select(Group.members_count, Group.guests_count).where(Group.id == group.id)
    ).one()
    return row.members_count, row.guests_count


def test_whoever_creates_a_group_owns_it(app: Flask, make: Factory) -> None:
    ann = make.account("ann")
    with app.app_context():
        with unit_of_work():
            group = actions.create(
                ann, GroupDraft("  Atelier   Lyon ", "Où l'on soude", "**Bonjour** @ann @nobody")
            )
        assert (group.slug, group.name, counts(group)) == ("atelier-lyon", "Atelier Lyon", (1, 0))
        assert role_of(ann, group) is GroupRole.OWNER
        assert "<strong>Bonjour</strong>" in group.about_html
        assert "/@ann" in group.about_html
        assert "/@nobody" not in group.about_html


def test_two_groups_of_one_name_get_two_addresses(app: Flask, make: Factory) -> None:
    ann = make.account("ann")
    slugs = []
    with app.app_context():
        for name in ("Board", "Board", "Bóard!", "New", "日本"):
            with unit_of_work():
                slugs.append(actions.create(ann, GroupDraft(name)).slug)
    assert slugs == ["board", "board-2", "board-3", "new-2", "group"]


def test_a_secret_group_does_not_take_the_plain_address_of_its_name(
    app: Flask, make: Factory
) -> None:
    ann, bob = make.accounts("ann", "bob")
    with app.app_context():
        with unit_of_work():
            secret = actions.create(ann, GroupDraft("Board", privacy=GroupPrivacy.SECRET))
        with unit_of_work():
            namesake = actions.create(bob, GroupDraft("Board"))
    assert namesake.slug == "board"
    assert secret.slug.startswith("board-")


@pytest.mark.parametrize(
    ("field", "draft"),
    [
        ("name", {"name": " "}),
        ("name", {"name": "x" * 81}),
        ("name", {"name": "evil\u202ename"}),
        ("purpose", {"name": "ok", "purpose": "x" * 301}),
        ("about", {"name": "ok", "about": "x" * 10_001}),
    ],
)
def test_what_cannot_be_a_group_is_refused_by_field(field: str, draft: dict[str, str]) -> None:
    with pytest.raises(Invalid) as refused:
        GroupDraft(**draft)
    assert list(refused.value.fields) == [field]


def test_guests_create_no_groups(app: Flask, make: Factory) -> None:
    guest = make.account("guy", Role.GUEST)
    with app.app_context(), pytest.raises(Forbidden), unit_of_work():
        actions.create(guest, GroupDraft("Mine"))


def test_joining_an_open_group_twice_counts_once(app: Flask, make: Factory) -> None:
    ann, bob = make.accounts("ann", "bob")
    group = make.group(owner=ann)
    with app.app_context():
        for _ in range(2):
            with unit_of_work():
                assert actions.join(bob, group) is Joined.MEMBER
        assert counts(group) == (2, 0)
        assert told(ann) == []


def test_a_closed_group_is_asked_and_its_stewards_alone_hear_of_it(
    app: Flask, make: Factory
) -> None:
    ann, bob, cid, dan, eve = make.accounts("ann", "bob", "cid", "dan", "eve")
    group = make.group(privacy=GroupPrivacy.CLOSED, owner=ann, members=[cid])
    make.join(group, dan, GroupRole.MODERATOR)
    with app.app_context():
        for _ in range(2):
            with unit_of_work():
                assert actions.join(bob, group, "May I?") is Joined.REQUESTED
        assert [told(one) for one in (ann, dan, cid, eve)] == [
            [NotificationKind.JOIN_REQUEST],
            [NotificationKind.JOIN_REQUEST],
            [],
            [],
        ]
        assert role_of(bob, group) is None
        assert [row.message for row in requests.list_requests(ann, group)] == ["May I?"]
        request_id = requests.list_requests(ann, group)[0].id
        with pytest.raises(Forbidden), unit_of_work():
            requests.approve(cid, group, request_id)
        with unit_of_work():
            requests.approve(dan, group, request_id)
        assert role_of(bob, group) is GroupRole.MEMBER
        assert [told(one) for one in (ann, dan, bob)] == [[], [], [NotificationKind.JOIN_ACCEPTED]]
        with pytest.raises(Conflict), unit_of_work():
            requests.approve(ann, group, request_id)
        assert counts(group) == (3 + 1, 0)


def test_a_declined_request_is_gone_without_a_word(app: Flask, make: Factory) -> None:
    ann, bob = make.accounts("ann", "bob")
    group = make.group(privacy=GroupPrivacy.CLOSED, owner=ann)
    with app.app_context():
        with unit_of_work():
            actions.join(bob, group)
        with unit_of_work():
            requests.decline(ann, group, requests.list_requests(ann, group)[0].id)
        assert db.session.scalar(select(func.count()).select_from(JoinRequest)) == 0
        assert (told(ann), told(bob), role_of(bob, group)) == ([], [], None)


def test_a_request_is_answered_only_in_its_own_group(app: Flask, make: Factory) -> None:
    ann, bob, cid = make.accounts("ann", "bob", "cid")
    group = make.group("one", GroupPrivacy.CLOSED, owner=ann)
    other = make.group("two", GroupPrivacy.CLOSED, owner=cid)
    with app.app_context():
        with unit_of_work():
            actions.join(bob, group)
        request_id = requests.list_requests(ann, group)[0].id
        with pytest.raises(Conflict), unit_of_work():
            requests.approve(cid, other, request_id)
        assert (role_of(bob, group), role_of(bob, other)) == (None, None)


def test_nobody_joins_a_secret_group_uninvited(app: Flask, make: Factory) -> None:
    ann, bob = make.accounts("ann", "bob")
    group = make.group(privacy=GroupPrivacy.SECRET, owner=ann)
    with app.app_context():
        with pytest.raises(NotFound):
            queries.get_visible(bob, group.slug)
        with pytest.raises(Forbidden), unit_of_work():
            actions.join(bob, group)


def test_an_invitation_opens_a_secret_group_to_one_person(app: Flask, make: Factory) -> None:
    ann, bob, cid, dan = make.accounts("ann", "bob", "cid", "dan")
    group = make.group(privacy=GroupPrivacy.SECRET, owner=ann, members=[cid])
    with app.app_context():
        with pytest.raises(Forbidden), unit_of_work():
            invitations.invite(cid, group, bob)
        with unit_of_work():
            assert invitations.invite(ann, group, bob)
            assert not invitations.invite(ann, group, bob)
        assert told(bob) == [NotificationKind.GROUP_INVITATION]
        page = home(bob, group.slug)
        assert (page.may_read, page.members, page.invited_by) == (False, (), page.invited_by)
        assert page.invited_by is not None
        assert page.invited_by.handle == "ann"
        with pytest.raises(NotFound):
            home(dan, group.slug)
        with unit_of_work():
            invitations.accept(bob, group)
        assert role_of(bob, group) is GroupRole.MEMBER
        assert db.session.scalar(select(func.count()).select_from(GroupInvitation)) == 0


def test_declining_an_invitation_leaves_no_trace(app: Flask, make: Factory) -> None:
    ann, bob = make.accounts("ann", "bob")
    group = make.group(privacy=GroupPrivacy.SECRET, owner=ann)
    with app.app_context():
        with unit_of_work():
            invitations.invite(ann, group, bob)
        with unit_of_work():
            invitations.decline(bob, group)
        assert told(bob) == []
        with pytest.raises(NotFound):
            queries.get_visible(bob, group.slug)
        with pytest.raises(Conflict), unit_of_work():
            invitations.accept(bob, group)


def test_an_invitation_taken_back_admits_nobody(app: Flask, make: Factory) -> None:
    ann, bob, cid = make.accounts("ann", "bob", "cid")
    group = make.group(owner=ann, members=[cid])
    with app.app_context():
        with unit_of_work():
            invitations.invite(ann, group, bob)
        [row] = invitations.list_invitations(ann, group)
        assert invitations.list_invitations(cid, group) == ()
        with pytest.raises(Forbidden), unit_of_work():
            invitations.withdraw(cid, group, row.id)
        with unit_of_work():
            invitations.withdraw(ann, group, row.id)
        assert told(bob) == []


def test_any_member_invites_into_an_open_group_but_guests_only_its_stewards(
    app: Flask, make: Factory
) -> None:
    ann, bob, cid, out = make.accounts("ann", "bob", "cid", "out")
    guest, inside = make.account("guy", Role.GUEST), make.account("ina", Role.GUEST)
    group = make.group(owner=ann, members=[cid, inside])
    with app.app_context():
        for actor, account in ((out, bob), (cid, guest), (inside, bob)):
            with pytest.raises(Forbidden), unit_of_work():
                invitations.invite(actor, group, account)
        with unit_of_work():
            assert invitations.invite(cid, group, bob)
            assert invitations.invite(ann, group, guest)
        with unit_of_work():
            actions.join(guest, group)
        assert counts(group) == (4, 2)


def test_inviting_somebody_who_asked_lets_them_in(app: Flask, make: Factory) -> None:
    ann, bob = make.accounts("ann", "bob")
    group = make.group(privacy=GroupPrivacy.CLOSED, owner=ann)
    with app.app_context():
        with unit_of_work():
            actions.join(bob, group)
        with unit_of_work():
            invitations.invite(ann, group, bob)
        assert role_of(bob, group) is GroupRole.MEMBER
        assert (told(ann), told(bob)) == ([], [NotificationKind.JOIN_ACCEPTED])


def test_a_guest_never_joins_by_itself(app: Flask, make: Factory) -> None:
    guest = make.account("guy", Role.GUEST)
    group = make.group(owner=make.account("ann"))
    with app.app_context():
        with pytest.raises(NotFound):
            queries.get_visible(guest, group.slug)
        with pytest.raises(Forbidden), unit_of_work():
            actions.join(guest, group)


def test_leaving_takes_what_was_told_about_the_group(app: Flask, make: Factory) -> None:
    ann, bob = make.accounts("ann", "bob")
    group = make.group(privacy=GroupPrivacy.SECRET, owner=ann)
    with app.app_context():
        with unit_of_work():
            invitations.invite(ann, group, bob)
        with unit_of_work():
            invitations.accept(bob, group)
        assert told(bob)
        with unit_of_work():
            actions.leave(bob, group)
        assert (told(bob), counts(group)) == ([], (1, 0))
        with unit_of_work():
            actions.leave(bob, group)
        assert counts(group) == (1, 0)


def test_the_only_owner_hands_over_before_leaving(app: Flask, make: Factory) -> None:
    ann, bob, out = make.accounts("ann", "bob", "out")
    guest = make.account("guy", Role.GUEST)
    group = make.group(owner=ann, members=[bob, guest])
    with app.app_context():
        with pytest.raises(Conflict), unit_of_work():
            actions.leave(ann, group)
        for heir in (out, guest):
            with pytest.raises(Invalid), unit_of_work():
                actions.leave(ann, group, heir)
        with unit_of_work():
            actions.leave(ann, group, bob)
        assert (role_of(ann, group), role_of(bob, group)) == (None, GroupRole.OWNER)


def test_an_abandoned_open_group_belongs_to_whoever_comes_next(app: Flask, make: Factory) -> None:
    ann, bob = make.accounts("ann", "bob")
    group = make.group(owner=ann)
    shut = make.group("shut", GroupPrivacy.CLOSED, owner=ann)
    with app.app_context():
        with pytest.raises(Conflict), unit_of_work():
            actions.leave(ann, shut)
        with unit_of_work():
            actions.leave(ann, group)
        with unit_of_work():
            actions.join(bob, group)
        assert role_of(bob, group) is GroupRole.OWNER


def test_roles_are_given_by_owners_only_and_never_to_guests(app: Flask, make: Factory) -> None:
    ann, bob, mod = make.accounts("ann", "bob", "mod")
    guest = make.account("guy", Role.GUEST)
    group = make.group(owner=ann, members=[bob, guest])
    make.join(group, mod, GroupRole.MODERATOR)
    with app.app_context():
        for actor in (bob, mod, guest):
            with pytest.raises(Forbidden), unit_of_work():
                roles.set_role(actor, group, actor, GroupRole.OWNER)
        with pytest.raises(Invalid), unit_of_work():
            roles.set_role(ann, group, guest, GroupRole.MODERATOR)
        with pytest.raises(Conflict), unit_of_work():
            roles.set_role(ann, group, ann, GroupRole.MEMBER)
        with unit_of_work():
            roles.set_role(ann, group, bob, GroupRole.OWNER)
            roles.set_role(ann, group, ann, GroupRole.MEMBER)
        assert (role_of(ann, group), role_of(bob, group)) == (GroupRole.MEMBER, GroupRole.OWNER)


def test_moderators_remove_members_and_owners_anybody(app: Flask, make: Factory) -> None:
    ann, bob, mod, two = make.accounts("ann", "bob", "mod", "two")
    group = make.group(owner=ann, members=[bob])
    make.join(group, mod, GroupRole.MODERATOR)
    make.join(group, two, GroupRole.MODERATOR)
    with app.app_context():
        for actor, victim in ((bob, mod), (mod, two), (mod, ann)):
            with pytest.raises(Forbidden), unit_of_work():
                roles.remove(actor, group, victim)
        with pytest.raises(Invalid), unit_of_work():
            roles.remove(ann, group, ann)
        with unit_of_work():
            roles.remove(mod, group, bob)
            roles.remove(ann, group, mod)
        assert counts(group) == (2, 0)


def test_a_deleted_group_is_gone_with_everything(app: Flask, make: Factory) -> None:
    ann, bob, cid = make.accounts("ann", "bob", "cid")
    group = make.group(privacy=GroupPrivacy.CLOSED, owner=ann, members=[bob])
    make.post(bob, group=group)
    with app.app_context():
        with unit_of_work():
            actions.join(cid, group)
        with pytest.raises(Forbidden), unit_of_work():
            actions.delete(bob, queries.get_visible(bob, group.slug))
        with unit_of_work():
            actions.delete(ann, queries.get_visible(ann, group.slug))
        for model in (Group, Membership, JoinRequest, Notification):
            assert db.session.scalar(select(func.count()).select_from(model)) == 0
        with pytest.raises(NotFound):
            queries.get_visible(ann, group.slug)


def test_recount_mends_the_counters(app: Flask, make: Factory) -> None:
    group = make.group(owner=make.account("ann"), members=[make.account("guy", Role.GUEST)])
    with app.app_context():
        with unit_of_work():
            db.session.get_one(Group, group.id).members_count = 7
            db.session.get_one(Group, group.id).guests_count = -1
        with unit_of_work():
            recount([group.id])
        assert counts(group) == (2, 1)


def test_privacy_changed_by_an_owner_holds_at_once(app: Flask, make: Factory) -> None:
    ann, bob = make.accounts("ann", "bob")
    group = make.group(owner=ann, members=[bob])
    out = make.account("out")
    with app.app_context():
        with pytest.raises(Forbidden), unit_of_work():
            actions.edit(bob, queries.get_visible(bob, group.slug), GroupDraft("x"))
        with unit_of_work():
            actions.edit(
                ann,
                queries.get_visible(ann, group.slug),
                GroupDraft("Now secret", privacy=GroupPrivacy.SECRET),
            )
        assert queries.get_visible(bob, group.slug).name == "Now secret"
        with pytest.raises(NotFound):
            queries.get_visible(out, group.slug)
        with pytest.raises(Forbidden):
            policies.require_may_read(out, group)
