"""How much is new in somebody's groups: the numbers beside their names in every page's menu."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from sqlalchemy import BigInteger, Select, bindparam, func, literal_column, select

from intranet.accounts.models import Account
from intranet.accounts.readers import Reader, reader_of
from intranet.db import db
from intranet.groups.chips import GroupChip, chip_of
from intranet.groups.models import Group, Membership
from intranet.posts.models import Post
from intranet.posts.policies import not_withheld

UNREAD_CAP = 100  # counting stops here: the menu says 99+


@dataclass(frozen=True, slots=True)
class GroupUnread:
    """A group of the viewer and how many posts of others it has not read, up to UNREAD_CAP."""

    group: GroupChip
    unread: int


def groups_with_unread(viewer: Account, limit: int = 12) -> list[GroupUnread]:
    """The viewer's groups, those with the newest post first. One statement."""
    rows = db.session.execute(
        _statement(reader_of(viewer)), {"reader_id": viewer.id, "most_groups": limit}
    )
    return [GroupUnread(chip_of(group), count) for group, count in rows]


@cache
def _statement(reader: Reader) -> Select[Group, int]:
    """Every page draws the menu: its statement is built once for each kind of reader."""
    seen = func.coalesce(Membership.last_read_post_id, Membership.id)
    unseen = (
        select(literal_column("1"))
        .where(
            Post.group_id == Group.id,
            Post.id > seen,
            Post.author_id != reader.id,
            Post.root_id.is_(None),
            Post.deleted_at.is_(None),
            not_withheld(reader.as_viewer),
        )
        .limit(UNREAD_CAP)
        .correlate(Group, Membership)
        .subquery()
    )
    unread = select(func.count()).select_from(unseen).correlate(Group, Membership)
    return (
        select(Group, unread.scalar_subquery())
        .join(Membership, Membership.group_id == Group.id)
        .where(Membership.account_id == reader.id)
        .order_by(func.coalesce(Group.last_post_id, Group.id).desc())
        .limit(bindparam("most_groups", type_=BigInteger))
    )
