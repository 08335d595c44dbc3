"""GroupHome: the group's own page as one viewer may see it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import and_, func, select

from intranet.accounts import chips
from intranet.accounts.chips import AccountChip
from intranet.accounts.models import Account
from intranet.db import db
from intranet.groups import policies
from intranet.groups.chips import GroupChip, chip_of
from intranet.groups.models import (
    Group,
    GroupInvitation,
    GroupPrivacy,
    GroupRole,
    JoinRequest,
    Membership,
    NotifyLevel,
)
from intranet.kernel.errors import NotFound

PREVIEWED = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupHome:
    """Finished: templates never query. `about_html`, `members` and `stewards` are empty for
    whoever may not read the group; `requests_count` is 0 for whoever does not run it."""

    id: int
    chip: GroupChip
    purpose: str
    about_html: str
    created_at: dt.datetime
    role: GroupRole | None
    notify_level: NotifyLevel | None
    last_read_post_id: int | None
    invited_by: AccountChip | None
    requested: bool
    members: tuple[AccountChip, ...]  # who came last
    stewards: tuple[AccountChip, ...]  # owners, then moderators
    requests_count: int
    may_read: bool
    may_join: bool  # at once
    may_request: bool
    may_invite: bool
    may_run: bool
    may_own: bool

    @property
    def is_member(self) -> bool:
        """Whether the viewer belongs to it, and so may post."""
        return self.role is not None


def home(viewer: Account, slug: str) -> GroupHome:
    """The group's page for the viewer; NotFound when it may not know of the group. The number
    of statements does not depend on how many belong to it."""
    row = db.session.execute(
        select(Group, Membership, GroupInvitation.invited_by_id, JoinRequest.id)
        .outerjoin(
            Membership,
            and_(Membership.group_id == Group.id, Membership.account_id == viewer.id),
        )
        .outerjoin(
            GroupInvitation,
            and_(GroupInvitation.group_id == Group.id, GroupInvitation.account_id == viewer.id),
        )
        .outerjoin(
            JoinRequest,
            and_(JoinRequest.group_id == Group.id, JoinRequest.account_id == viewer.id),
        )
        .where(Group.slug == slug, policies.visible_to(viewer))
    ).one_or_none()
    if row is None:
        raise NotFound()
    group, membership, inviter_id, request_id = row
    role = membership.role if membership else None
    is_open = group.privacy is GroupPrivacy.OPEN
    may_read = membership is not None or (is_open and not viewer.is_guest)
    may_run = role in policies.STEWARDS
    outside = membership is None and not viewer.is_guest
    return GroupHome(
        id=group.id,
        chip=chip_of(group),
        purpose=group.purpose,
        about_html=group.about_html if may_read else "",
        created_at=group.created_at,
        role=role,
        notify_level=membership.notify_level if membership else None,
        last_read_post_id=membership.last_read_post_id if membership else None,
        invited_by=chips.by_id([inviter_id]).get(inviter_id) if inviter_id else None,
        requested=request_id is not None,
        members=_latest_members(group) if may_read else (),
        stewards=stewards(group) if may_read else (),
        requests_count=_requests_count(group) if may_run else 0,
        may_read=may_read,
        may_join=outside and is_open,
        may_request=outside and group.privacy is GroupPrivacy.CLOSED and not inviter_id,
        may_invite=may_run or (role is not None and is_open and not viewer.is_guest),
        may_run=may_run,
        may_own=role is GroupRole.OWNER,
    )


def _latest_members(group: Group) -> tuple[AccountChip, ...]:
    rows = db.session.execute(
        chips.select_chips()
        .join(Membership, Membership.account_id == Account.id)
        .where(Membership.group_id == group.id, Account.deactivated_at.is_(None))
        .order_by(Membership.id.desc())
        .limit(PREVIEWED)
    )
    return tuple(map(chips.chip_from, rows))


def stewards(group: Group, limit: int = 20) -> tuple[AccountChip, ...]:
    """Who runs the group: owners before moderators, the longest-serving first."""
    rows = db.session.execute(
        chips.select_chips()
        .join(Membership, Membership.account_id == Account.id)
        .where(Membership.group_id == group.id, Membership.role.in_(policies.STEWARDS))
        .order_by(Membership.role.desc(), Membership.id)  # "owner" sorts after "moderator"
        .limit(limit)
    )
    return tuple(map(chips.chip_from, rows))


def _requests_count(group: Group) -> int:
    return (
        db.session.scalar(
            select(func.count()).select_from(JoinRequest).where(JoinRequest.group_id == group.id)
        )
        or 0
    )
