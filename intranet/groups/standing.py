"""Groups as somebody stands to them: what a profile of a group shows, for lists of groups."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, select

from intranet.accounts.models import Account
from intranet.db import db
from intranet.groups import policies
from intranet.groups.chips import GroupChip, chip_of
from intranet.groups.models import Group, JoinRequest, Membership, NotifyLevel
from intranet.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class Standing:
    """A group that the viewer may know of. `notify_level` is None outside; `may_read` its posts
    and members."""

    chip: GroupChip
    purpose: str
    about_html: str
    created_at: dt.datetime
    notify_level: NotifyLevel | None
    is_requested: bool
    may_read: bool

    @property
    def is_member(self) -> bool:
        """Whether the viewer belongs to it."""
        return self.notify_level is not None


def standings(viewer: Account, group_ids: Collection[int]) -> list[Standing]:
    """Those of these groups that the viewer may know of, in their order: one statement."""
    if not group_ids:
        return []
    found = {one.chip.id: one for one in _read(viewer, Group.id.in_(group_ids))}
    return [found[id_] for id_ in group_ids if id_ in found]


def standing_by_slug(viewer: Account, slug: str) -> Standing:
    """The group of this address; NotFound when the viewer may not know of one."""
    found = _read(viewer, Group.slug == slug)
    if not found:
        raise NotFound
    return found[0]


def _read(viewer: Account, which: ColumnElement[bool]) -> list[Standing]:
    rows = db.session.execute(
        select(
            Group,
            Membership.notify_level,
            JoinRequest.id.is_not(None).label("is_requested"),
            policies.readable_by(viewer).label("may_read"),
        )
        .outerjoin(
            Membership, and_(Membership.group_id == Group.id, Membership.account_id == viewer.id)
        )
        .outerjoin(
            JoinRequest, and_(JoinRequest.group_id == Group.id, JoinRequest.account_id == viewer.id)
        )
        .where(which, policies.visible_to(viewer))
    )
    return [
        Standing(
            chip=chip_of(row.Group),
            purpose=row.Group.purpose,
            about_html=row.Group.about_html if row.may_read else "",  # of those inside
            created_at=row.Group.created_at,
            notify_level=row.notify_level,
            is_requested=bool(row.is_requested),
            may_read=bool(row.may_read),
        )
        for row in rows
    ]
