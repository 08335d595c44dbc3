"""What those who run a group do to other members: roles, and removing."""

from __future__ import annotations

from sqlalchemy import select, update

from intranet.accounts.models import Account
from intranet.db import db, record
from intranet.groups import policies
from intranet.groups.events import MembershipChanged
from intranet.groups.membership import drop_member, hold, is_only_owner, role_of
from intranet.groups.models import Group, GroupRole, Membership
from intranet.kernel import text
from intranet.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from intranet.kernel.messages import N_


def get_member(group: Group, handle: str) -> Account:
    """The member with that handle; NotFound when nobody in the group has it."""
    if not text.is_handle(handle):
        raise NotFound()
    account = db.session.scalar(
        select(Account)
        .join(Membership, Membership.account_id == Account.id)
        .where(Membership.group_id == group.id, Account.handle == handle)
    )
    if account is None:
        raise NotFound()
    return account


def set_role(actor: Account, group: Group, account: Account, role: GroupRole) -> None:
    """Owners only. A group keeps an owner, and guests run nothing."""
    hold(group.id)
    policies.require_is_owner(actor, group)
    current = role_of(account, group)
    if current is None:
        raise NotFound()
    if current is role:
        return
    if account.is_bot:
        raise Invalid(N_("A bot cannot run a group."))
    if account.is_guest:
        raise Invalid(N_("A guest cannot run a group."))
    if current is GroupRole.OWNER and is_only_owner(account, group):
        raise Conflict(N_("A group needs an owner. Make another member an owner first."))
    db.session.execute(
        update(Membership)
        .where(Membership.group_id == group.id, Membership.account_id == account.id)
        .values(role=role)
    )
    record(MembershipChanged(group_id=group.id, account_id=account.id))


def remove(actor: Account, group: Group, account: Account) -> None:
    """Take somebody out of the group: owners anybody else, moderators members. Nothing when it
    is out already."""
    hold(group.id)
    policies.require_may_run(actor, group)
    theirs = role_of(account, group)
    if theirs is None:
        return
    if account.id == actor.id:
        raise Invalid(N_("To go yourself, leave the group."))
    if not policies.may_remove(role_of(actor, group), theirs):
        raise Forbidden(N_("Only the group's owners may remove those who run it."))
    drop_member(group, account)
