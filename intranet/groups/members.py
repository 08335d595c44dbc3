"""The list of a group's members, as one viewer sees it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from intranet.accounts import chips
from intranet.accounts.chips import AccountChip
from intranet.accounts.models import Account
from intranet.db import db
from intranet.db.keyset import keyed, page_from
from intranet.groups import policies
from intranet.groups.membership import role_of
from intranet.groups.models import Group, GroupRole, Membership
from intranet.groups.words import words_in
from intranet.kernel.pagination import Cursor, Page


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One member and what the viewer may do about it."""

    id: int  # of the membership: it orders the list
    account: AccountChip
    role: GroupRole
    joined_at: dt.datetime
    may_remove: bool
    may_set_role: bool


def list_members(
    viewer: Account, group: Group, q: str = "", cursor: Cursor | None = None
) -> Page[MemberRow]:
    """Who came last first. Forbidden when the viewer may not read the group."""
    policies.require_may_read(viewer, group)
    cursor = cursor or Cursor()
    mine = role_of(viewer, group)
    statement = (
        chips.select_chips()
        .add_columns(Membership.id, Membership.role, Membership.created_at)
        .join(Membership, Membership.account_id == Account.id)
        .where(Membership.group_id == group.id)
    )
    for word in words_in(q):
        statement = statement.where(Account.search_text.contains(word, autoescape=True))
    rows = db.session.execute(keyed(statement, Membership.id, cursor))
    members = []
    for row in rows:
        account = chips.chip_from(row)
        others = account.id != viewer.id
        members.append(
            MemberRow(
                row.id,
                account,
                row.role,
                row.created_at,
                may_remove=others and policies.may_remove(mine, row.role),
                may_set_role=others
                and mine is GroupRole.OWNER
                and not (account.is_guest or account.is_bot),
            )
        )
    return page_from(members, cursor, lambda member: member.id)
