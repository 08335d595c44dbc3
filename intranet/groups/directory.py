"""The directory of groups: found by name, and suggested by what colleagues belong to."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    func,
    select,
    tuple_,
    union,
)

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
)
from intranet.groups.words import words_in
from intranet.kernel.ids import moment_of
from intranet.kernel.pagination import Cursor, Page, page_of
from intranet.relationships.models import Follow

# Suggestions look at this many people of each kind, so that they cost the same in every company.
_PEERS = 200


class Scope(enum.StrEnum):
    SUGGESTED = "suggested"
    MINE = "mine"
    ALL = "all"


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupEntry:
    """One card of the directory. `last_post_at` only where the viewer may read the posts."""

    id: int
    chip: GroupChip
    purpose: str
    role: GroupRole | None
    invited: bool
    requested: bool
    last_post_at: dt.datetime | None
    may_join: bool
    may_request: bool


@dataclass(frozen=True, slots=True)
class ScopeCounts:
    """How many groups each tab holds, for this viewer and these words."""

    mine: int
    all: int


def directory(
    viewer: Account, q: str = "", scope: Scope = Scope.ALL, cursor: Cursor | None = None
) -> Page[GroupEntry]:
    """The visible groups whose name or purpose has the words, by name. `cursor.before` is the id
    of the last group of the page before. Suggestions are one page, the fittest first."""
    cursor = cursor or Cursor()
    if scope is Scope.SUGGESTED:
        return Page(suggestions(viewer, cursor.limit, q))
    statement = _entries(viewer).where(policies.visible_to(viewer), *matching(q))
    if scope is Scope.MINE:
        statement = statement.where(Membership.account_id.is_not(None))
    if cursor.before is not None:
        # An id that the viewer may not know of ends the list instead of telling where it stands.
        start = (
            select(Group.search_text)
            .where(Group.id == cursor.before, policies.visible_to(viewer))
            .correlate(None)
            .scalar_subquery()
        )
        statement = statement.where(
            tuple_(Group.search_text, Group.id) > tuple_(start, cursor.before)
        )
    rows = db.session.execute(
        statement.order_by(Group.search_text, Group.id).limit(cursor.limit + 1)
    )
    return page_of([_entry(viewer, row) for row in rows], cursor.limit, lambda entry: entry.id)


def entry(viewer: Account, slug: str) -> GroupEntry | None:
    """One card, to be drawn again after the viewer joined or asked to."""
    row = db.session.execute(
        _entries(viewer).where(Group.slug == slug, policies.visible_to(viewer))
    ).one_or_none()
    return _entry(viewer, row) if row else None


def counts(viewer: Account, q: str = "") -> ScopeCounts:
    """The numbers on the directory's tabs: one statement."""
    row = db.session.execute(
        select(func.count(Membership.account_id), func.count())
        .select_from(Group)
        .outerjoin(Membership, _mine(viewer))
        .where(policies.visible_to(viewer), *matching(q))
    ).one()
    return ScopeCounts(*row)


def suggestions(viewer: Account, limit: int = 6, q: str = "") -> tuple[GroupEntry, ...]:
    """Groups the viewer is not in and may ask for or join: those with most of the people it
    follows and of its department and site first, then the largest."""
    if viewer.is_guest:
        return ()
    peers = _peer_counts(viewer)
    rows = db.session.execute(
        _entries(viewer)
        .outerjoin(peers, peers.c.group_id == Group.id)
        .where(
            policies.visible_to(viewer),
            Membership.account_id.is_(None),
            JoinRequest.id.is_(None),
            *matching(q),
        )
        .order_by(
            GroupInvitation.id.is_(None),
            func.coalesce(peers.c.peers, 0).desc(),
            Group.members_count.desc(),
            Group.id,
        )
        .limit(limit)
    )
    return tuple(_entry(viewer, row) for row in rows)


def _peer_counts(viewer: Account) -> Any:
    """How many colleagues near the viewer each open group has. Closed groups are left out: that
    their place in the list moves would tell who belongs to them."""
    near = [
        select(Follow.followee_id.label("id"))
        .where(Follow.follower_id == viewer.id)
        .limit(_PEERS)
        .subquery()
    ]
    near += [
        select(Account.id).where(column == value, Account.id != viewer.id).limit(_PEERS).subquery()
        for column, value in ((Account.department, viewer.department), (Account.site, viewer.site))
        if value
    ]
    peers = union(*(select(one.c.id) for one in near)).subquery()
    return (
        select(Membership.group_id, func.count().label("peers"))
        .join(peers, peers.c.id == Membership.account_id)
        .join(Group, and_(Group.id == Membership.group_id, Group.privacy == GroupPrivacy.OPEN))
        .group_by(Membership.group_id)
        .subquery()
    )


def _mine(viewer: Account) -> ColumnElement[bool]:
    return and_(Membership.group_id == Group.id, Membership.account_id == viewer.id)


def _entries(viewer: Account) -> Select[*tuple[Any, ...]]:
    return (
        select(Group, Membership.role, GroupInvitation.id, JoinRequest.id)
        .outerjoin(Membership, _mine(viewer))
        .outerjoin(
            GroupInvitation,
            and_(GroupInvitation.group_id == Group.id, GroupInvitation.account_id == viewer.id),
        )
        .outerjoin(
            JoinRequest,
            and_(JoinRequest.group_id == Group.id, JoinRequest.account_id == viewer.id),
        )
    )


def matching(q: str) -> list[ColumnElement[bool]]:
    """Conditions on Group: every word of `q` is in its name or purpose."""
    return [Group.search_text.contains(word, autoescape=True) for word in words_in(q)]


def _entry(viewer: Account, row: Row[*tuple[Any, ...]]) -> GroupEntry:
    group, role, invitation_id, request_id = row
    is_open = group.privacy is GroupPrivacy.OPEN
    outside = role is None and not viewer.is_guest
    readable = role is not None or (is_open and not viewer.is_guest)
    return GroupEntry(
        id=group.id,
        chip=chip_of(group),
        purpose=group.purpose,
        role=role,
        invited=invitation_id is not None,
        requested=request_id is not None,
        last_post_at=moment_of(group.last_post_id) if readable and group.last_post_id else None,
        may_join=outside and is_open,
        may_request=outside and group.privacy is GroupPrivacy.CLOSED and not invitation_id,
    )
