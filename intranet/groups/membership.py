"""Belonging to a group: the rows and the counters, changed together under the group's lock.

Nothing here asks who may do it; `actions`, `requests` and `roles` do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import CursorResult, delete, func, select, update

from intranet.accounts.models import Account, AccountKind, Role
from intranet.db import db, record
from intranet.db.once import insert_once
from intranet.groups.events import MembershipChanged
from intranet.groups.models import Group, GroupInvitation, GroupRole, JoinRequest, Membership
from intranet.kernel.errors import NotFound
from intranet.notifications.actions import forget_group


@dataclass(frozen=True, slots=True)
class Held:
    """What the locked row says."""

    members_count: int
    wide: bool
    last_post_id: int | None


def hold(group_id: int) -> Held:
    """Lock the group's row until the transaction ends, so that changes of its membership follow
    one another (SQLite has one writer anyway). NotFound when it is gone."""
    row = db.session.execute(
        select(Group.members_count, Group.wide, Group.last_post_id)
        .where(Group.id == group_id)
        .with_for_update(key_share=True)
    ).one_or_none()
    if row is None:
        raise NotFound()
    return Held(*row)


def add_member(group: Group, account: Account, role: GroupRole = GroupRole.MEMBER) -> bool:
    """Make the account a member; a pending request or invitation is settled by it. False, and
    nothing changed, when it was one already. The first member of an empty group owns it."""
    db.session.flush()
    held = hold(group.id)
    if held.members_count == 0 and not (account.is_guest or account.is_bot):
        role = GroupRole.OWNER
    added = insert_once(
        Membership,
        group_id=group.id,
        account_id=account.id,
        role=role,
        wide=held.wide,
        last_read_post_id=held.last_post_id,  # what was written before is not unread
    )
    if not added:
        return False
    _count(group, account, 1)
    for model in (JoinRequest, GroupInvitation):
        db.session.execute(
            delete(model).where(model.group_id == group.id, model.account_id == account.id)
        )
    record(MembershipChanged(group_id=group.id, account_id=account.id, joined=True))
    return True


def drop_member(group: Group, account: Account) -> bool:
    """End the membership, and with it what the account was told about the group. False when it
    was none."""
    hold(group.id)
    gone = db.session.execute(
        delete(Membership).where(
            Membership.group_id == group.id, Membership.account_id == account.id
        )
    )
    if cast(CursorResult[Any], gone).rowcount == 0:
        return False
    _count(group, account, -1)
    forget_group(account.id, group.id)
    record(MembershipChanged(group_id=group.id, account_id=account.id))
    return True


def role_of(account: Account, group: Group) -> GroupRole | None:
    """The account's role as the database has it now; None when it does not belong."""
    return db.session.scalar(
        select(Membership.role).where(
            Membership.group_id == group.id, Membership.account_id == account.id
        )
    )


def is_only_owner(account: Account, group: Group) -> bool:
    """Whether the group would be without an owner. Ask under `hold`."""
    owners = set(
        db.session.scalars(
            select(Membership.account_id)
            .where(Membership.group_id == group.id, Membership.role == GroupRole.OWNER)
            .limit(2)
        )
    )
    return owners == {account.id}


def _count(group: Group, account: Account, step: int) -> None:
    db.session.execute(
        update(Group)
        .where(Group.id == group.id)
        .values(
            members_count=Group.members_count + step,
            guests_count=Group.guests_count
            + (step if account.is_guest and not account.is_bot else 0),
        )
        .execution_options(synchronize_session=False)
    )
    if group in db.session:
        db.session.expire(group, ["members_count", "guests_count"])


def recount(group_ids: list[int] | None = None) -> None:
    """Count members and guests anew, of these groups or of all: for repair, and for when an
    account ceases to be a guest."""
    members = (
        select(func.count()).where(Membership.group_id == Group.id).correlate(Group)
    ).scalar_subquery()
    guests = (
        select(func.count())
        .select_from(Membership)
        .join(Account, Account.id == Membership.account_id)
        .where(
            Membership.group_id == Group.id,
            Account.role == Role.GUEST,
            Account.kind != AccountKind.BOT,
        )
        .correlate(Group)
        .scalar_subquery()
    )
    statement = update(Group).values(members_count=members, guests_count=guests)
    if group_ids is not None:
        statement = statement.where(Group.id.in_(group_ids))
    db.session.execute(statement.execution_options(synchronize_session=False))
