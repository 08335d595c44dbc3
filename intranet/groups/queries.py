"""Reads: one group, and which groups somebody belongs to. The directory and the group's own
pages have their read models in `directory`, `home` and `members`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import and_, or_, select

from intranet.accounts.models import Account
from intranet.db import db
from intranet.groups import policies
from intranet.groups.chips import GroupChip, chip_of
from intranet.groups.models import Group, GroupRole, Membership, NotifyLevel
from intranet.kernel.errors import NotFound


def get_visible(viewer: Account, slug: str) -> Group:
    """The group, if the viewer may know that it exists; NotFound otherwise."""
    group = db.session.scalar(select(Group).where(Group.slug == slug, policies.visible_to(viewer)))
    if group is None:
        raise NotFound()
    return group


def get_readable(viewer: Account, slug: str) -> Group:
    """The group, if its posts and members are for the viewer: NotFound when it may not know of
    the group, Forbidden when it may but does not belong."""
    group = get_visible(viewer, slug)
    policies.require_may_read(viewer, group)
    return group


def find_visible_by_id(viewer: Account, group_id: int) -> Group | None:
    """The group, if the viewer may know that it exists."""
    return db.session.scalar(select(Group).where(Group.id == group_id, policies.visible_to(viewer)))


@dataclass(frozen=True, slots=True)
class MyGroup:
    """A group of the viewer, for menus. Posts with ids in (last_read_post_id, last_post_id] may
    be unread; how many are the viewer's to read, `timelines` counts."""

    chip: GroupChip
    role: GroupRole
    notify_level: NotifyLevel
    last_read_post_id: int | None
    last_post_id: int | None

    @property
    def has_news(self) -> bool:
        """Whether anything was posted since the viewer last looked."""
        return (self.last_post_id or 0) > (self.last_read_post_id or 0)


def memberships_of(viewer: Account, limit: int = 200) -> tuple[MyGroup, ...]:
    """The viewer's groups by name: one statement."""
    rows = db.session.execute(
        select(Group, Membership)
        .join(Membership, Membership.group_id == Group.id)
        .where(Membership.account_id == viewer.id)
        .order_by(Group.search_text, Group.id)
        .limit(limit)
    )
    return tuple(
        MyGroup(
            chip_of(group),
            membership.role,
            membership.notify_level,
            membership.last_read_post_id,
            group.last_post_id,
        )
        for group, membership in rows
    )


def find_mine(viewer: Account, group_id: int) -> GroupChip | None:
    """The group, when the viewer is a member."""
    group = db.session.scalar(
        select(Group)
        .join(Membership, Membership.group_id == Group.id)
        .where(Group.id == group_id, Membership.account_id == viewer.id)
    )
    return None if group is None else chip_of(group)


def audiences(viewer: Account) -> tuple[GroupChip, ...]:
    """The groups the viewer may post in, by name."""
    return tuple(mine.chip for mine in memberships_of(viewer))


def groups_of(viewer: Account, account: Account, limit: int = 80) -> tuple[GroupChip, ...]:
    """The groups of somebody that the viewer may know them to be in, by name: membership is
    shown only where the viewer may read the group."""
    groups = db.session.scalars(
        select(Group)
        .join(Membership, Membership.group_id == Group.id)
        .where(Membership.account_id == account.id, policies.readable_by(viewer))
        .order_by(Group.search_text, Group.id)
        .limit(limit)
    )
    return tuple(map(chip_of, groups))


def recipients_of_a_post(
    group: Group, author: Account, mentioned_ids: Collection[int]
) -> list[int]:
    """The members to be notified of a new post: active ones, never its author, who want
    everything, or who want mentions and are mentioned."""
    wants = or_(
        Membership.notify_level == NotifyLevel.EVERYTHING,
        and_(
            Membership.notify_level == NotifyLevel.MENTIONS,
            Membership.account_id.in_(mentioned_ids),
        ),
    )
    return list(
        db.session.scalars(
            select(Membership.account_id)
            .join(Account, Account.id == Membership.account_id)
            .where(
                Membership.group_id == group.id,
                Membership.account_id != author.id,
                Account.deactivated_at.is_(None),
                wants,
            )
        )
    )
