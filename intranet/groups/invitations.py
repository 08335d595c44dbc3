"""Asking a colleague to join, and the colleague's answer."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, delete, exists, not_, select

from intranet.accounts import chips
from intranet.accounts import policies as account_policies
from intranet.accounts.chips import AccountChip
from intranet.accounts.models import Account, AccountKind
from intranet.db import db
from intranet.db.once import insert_once
from intranet.groups import policies
from intranet.groups.membership import add_member, role_of
from intranet.groups.models import Group, GroupInvitation, JoinRequest, Membership
from intranet.groups.words import words_in
from intranet.kernel import text
from intranet.kernel.errors import Conflict, Invalid
from intranet.kernel.messages import N_
from intranet.notifications.actions import forget_group, notify, settle_request
from intranet.notifications.models import NotificationKind


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """Somebody who was asked and has not answered."""

    id: int
    account: AccountChip
    created_at: dt.datetime


def invite(actor: Account, group: Group, account: Account) -> bool:
    """Ask somebody to join. Who has asked to join and is invited by those who answer requests
    is let in at once. False when there is nothing to do: a member, or invited already."""
    policies.require_may_invite(actor, group)
    if account.is_guest:
        policies.require_may_run(actor, group)
    if account.kind is not AccountKind.PERSON:
        raise Invalid(N_("Only people are invited to a group."))
    if not account.is_active:
        raise Invalid(N_("This account is deactivated."))
    if role_of(account, group) is not None:
        return False
    if _has_asked(account, group) and db.session.scalar(select(policies.runs(actor, group.id))):
        settle_request(group.id, account.id)
        add_member(group, account)
        notify([account.id], actor=actor, kind=NotificationKind.JOIN_ACCEPTED, group_id=group.id)
        return True
    made = insert_once(
        GroupInvitation, group_id=group.id, account_id=account.id, invited_by_id=actor.id
    )
    if made:
        notify([account.id], actor=actor, kind=NotificationKind.GROUP_INVITATION, group_id=group.id)
    return made


def accept(actor: Account, group: Group) -> None:
    """Follow one's invitation. Conflict when it was taken back."""
    if role_of(actor, group) is not None:
        return
    if not db.session.scalar(select(_is_for(actor, group))):
        raise Conflict(N_("This invitation has been taken back."))
    add_member(group, actor)


def decline(actor: Account, group: Group) -> None:
    """Refuse one's invitation, without a word; nothing when there is none."""
    db.session.execute(
        delete(GroupInvitation).where(
            GroupInvitation.group_id == group.id, GroupInvitation.account_id == actor.id
        )
    )
    if role_of(actor, group) is None:
        forget_group(actor.id, group.id)


def withdraw(actor: Account, group: Group, invitation_id: int) -> None:
    """Take an invitation back: its author, or whoever runs the group. Nothing when it has been
    answered."""
    policies.require_may_invite(actor, group)
    invitation = db.session.scalar(
        select(GroupInvitation).where(
            GroupInvitation.id == invitation_id, GroupInvitation.group_id == group.id
        )
    )
    if invitation is None:
        return
    if invitation.invited_by_id != actor.id:
        policies.require_may_run(actor, group)
    db.session.delete(invitation)
    db.session.flush()
    forget_group(invitation.account_id, group.id)


def list_invitations(viewer: Account, group: Group, limit: int = 80) -> tuple[InvitationRow, ...]:
    """Who is invited: all for those who run the group, their own for other members."""
    policies.require_may_invite(viewer, group)
    statement = (
        chips.select_chips()
        .add_columns(GroupInvitation.id, GroupInvitation.created_at)
        .join(GroupInvitation, GroupInvitation.account_id == Account.id)
        .where(GroupInvitation.group_id == group.id, Account.deactivated_at.is_(None))
    )
    if not db.session.scalar(select(policies.runs(viewer, group.id))):
        statement = statement.where(GroupInvitation.invited_by_id == viewer.id)
    rows = db.session.execute(statement.order_by(GroupInvitation.id.desc()).limit(limit))
    return tuple(InvitationRow(row.id, chips.chip_from(row), row.created_at) for row in rows)


def invitable(viewer: Account, group: Group, q: str, limit: int = 20) -> tuple[AccountChip, ...]:
    """People the viewer may ask into the group, by words of their name, title or department."""
    policies.require_may_invite(viewer, group)
    words = words_in(q)
    if not words:
        return ()
    belongs = exists().where(Membership.group_id == group.id, Membership.account_id == Account.id)
    invited = exists().where(
        GroupInvitation.group_id == group.id, GroupInvitation.account_id == Account.id
    )
    rows = db.session.execute(
        chips.select_chips()
        .where(
            account_policies.visible_to(viewer),
            Account.kind == AccountKind.PERSON,
            Account.deactivated_at.is_(None),
            *(Account.search_text.contains(word, autoescape=True) for word in words),
            not_(belongs),
            not_(invited),
        )
        .order_by(Account.display_name, Account.id)
        .limit(limit)
    )
    return tuple(map(chips.chip_from, rows))


def account_to_invite(viewer: Account, group: Group, handle: str) -> Account:
    """The account behind a handle that the viewer typed or chose; Invalid in words. Forbidden
    first when the viewer may not invite."""
    policies.require_may_invite(viewer, group)
    wanted = handle.strip().lstrip("@").lower()
    unknown = Invalid(fields={"handle": N_("Nobody here has this handle.")})
    if not text.is_handle(wanted):
        raise unknown
    account = db.session.scalar(
        select(Account).where(
            Account.handle == wanted,
            account_policies.visible_to(viewer),
            Account.deactivated_at.is_(None),
        )
    )
    if account is None:
        raise unknown
    return account


def _is_for(account: Account, group: Group) -> ColumnElement[bool]:
    return exists().where(
        and_(GroupInvitation.group_id == group.id, GroupInvitation.account_id == account.id)
    )


def _has_asked(account: Account, group: Group) -> bool:
    asked = exists().where(JoinRequest.group_id == group.id, JoinRequest.account_id == account.id)
    return bool(db.session.scalar(select(asked)))
