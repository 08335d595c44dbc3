"""Who follows whom, as far as the viewer may see them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select

from intranet.accounts.chips import AccountChip, chip_from, select_chips
from intranet.accounts.models import Account
from intranet.accounts.policies import visible_to
from intranet.db import db
from intranet.db.keyset import keyed, page_from
from intranet.kernel.clock import utc_now
from intranet.kernel.pagination import Cursor, Page
from intranet.relationships.models import AccountNote, Block, Follow, Mute


def follows_among(viewer: Account, ids: Collection[int]) -> set[int]:
    """Which of these accounts the viewer follows: one statement."""
    if not ids:
        return set()
    return set(
        db.session.scalars(
            select(Follow.followee_id).where(
                Follow.follower_id == viewer.id, Follow.followee_id.in_(ids)
            )
        )
    )


def followers_among(viewer: Account, ids: Collection[int]) -> set[int]:
    """Which of these accounts follow the viewer: one statement."""
    if not ids:
        return set()
    return set(
        db.session.scalars(
            select(Follow.follower_id).where(
                Follow.followee_id == viewer.id, Follow.follower_id.in_(ids)
            )
        )
    )


def is_following(viewer: Account, account_id: int) -> bool:
    """Whether the viewer follows this account."""
    return account_id in follows_among(viewer, (account_id,))


def list_followers(viewer: Account, account: Account, cursor: Cursor) -> Page[AccountChip]:
    """Who follows the account, the newest first."""
    return _listed(
        viewer, Follow.follower_id == Account.id, Follow.followee_id == account.id, cursor
    )


def list_following(viewer: Account, account: Account, cursor: Cursor) -> Page[AccountChip]:
    """Whom the account follows, the newest first."""
    return _listed(
        viewer, Follow.followee_id == Account.id, Follow.follower_id == account.id, cursor
    )


def _listed(
    viewer: Account, joined: ColumnElement[bool], of: ColumnElement[bool], cursor: Cursor
) -> Page[AccountChip]:
    statement = (
        select_chips()
        .join(Follow, joined)
        .where(of, visible_to(viewer), Account.deactivated_at.is_(None))
    )
    return _page(statement, Follow.id, cursor)


def _page(statement: Select[Any], key: Any, cursor: Cursor) -> Page[AccountChip]:
    """Chips in the order of the rows that join them, whose id is `key`."""
    statement = keyed(statement.add_columns(key.label("joined_by")), key, cursor)
    rows = db.session.execute(statement).all()
    page = page_from(rows, cursor, lambda row: int(row.joined_by))
    return Page([chip_from(row) for row in page.items], page.next_before, page.newest)


@dataclass(frozen=True, slots=True)
class FollowOf:
    """What the viewer wants of somebody it follows; `languages` None means all."""

    boosts: bool
    notify: bool
    languages: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class MuteOf:
    """How the viewer has muted somebody; `ends` None means until it is taken back."""

    notifications: bool
    ends: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Relation:
    """How the viewer and one account stand to one another, as far as the viewer knows. That one
    blocks the viewer is told: else the viewer would wonder why nothing works."""

    follow: FollowOf | None
    followed_by: bool
    blocking: bool
    blocked_by: bool
    mute: MuteOf | None
    note: str

    @property
    def apart(self) -> bool:
        """Whether a block stands between the two."""
        return self.blocking or self.blocked_by


def relations(viewer: Account, ids: Collection[int]) -> dict[int, Relation]:
    """The viewer's relation to each of these accounts: five statements."""
    if not ids:
        return {}
    follows = {
        row.followee_id: FollowOf(row.boosts, row.notify, _languages(row.languages))
        for row in db.session.execute(
            select(Follow.followee_id, Follow.boosts, Follow.notify, Follow.languages).where(
                Follow.follower_id == viewer.id, Follow.followee_id.in_(ids)
            )
        )
    }
    followers = followers_among(viewer, ids)
    blocks = db.session.execute(
        select(Block.blocker_id, Block.blocked_id).where(
            or_(
                (Block.blocker_id == viewer.id) & Block.blocked_id.in_(ids),
                (Block.blocked_id == viewer.id) & Block.blocker_id.in_(ids),
            )
        )
    ).all()
    mutes = {
        row.muted_id: MuteOf(row.notifications, row.expires_at)
        for row in db.session.execute(
            select(Mute.muted_id, Mute.notifications, Mute.expires_at).where(
                Mute.muter_id == viewer.id, Mute.muted_id.in_(ids), _lasts()
            )
        )
    }
    notes = {
        row.account_id: row.text
        for row in db.session.execute(
            select(AccountNote.account_id, AccountNote.text).where(
                AccountNote.writer_id == viewer.id, AccountNote.account_id.in_(ids)
            )
        )
    }
    blocking = {row.blocked_id for row in blocks}
    blocked_by = {row.blocker_id for row in blocks}
    return {
        id_: Relation(
            follow=follows.get(id_),
            followed_by=id_ in followers,
            blocking=id_ in blocking,
            blocked_by=id_ in blocked_by,
            mute=mutes.get(id_),
            note=notes.get(id_, ""),
        )
        for id_ in ids
    }


def relation(viewer: Account, account_id: int) -> Relation:
    """The viewer's relation to one account."""
    return relations(viewer, (account_id,))[account_id]


def _languages(kept: str | None) -> tuple[str, ...] | None:
    return tuple(kept.strip(",").split(",")) if kept else None


def _lasts() -> ColumnElement[bool]:
    return or_(Mute.expires_at.is_(None), Mute.expires_at > utc_now())


def list_blocked(viewer: Account, cursor: Cursor) -> Page[AccountChip]:
    """Whom the viewer blocks, the last blocked first, also those it no longer sees."""
    statement = (
        select_chips()
        .join(Block, Block.blocked_id == Account.id)
        .where(Block.blocker_id == viewer.id)
    )
    return _page(statement, Block.id, cursor)


def list_muted(viewer: Account, cursor: Cursor) -> Page[AccountChip]:
    """Whom the viewer has muted for the present, the last muted first."""
    statement = (
        select_chips()
        .join(Mute, Mute.muted_id == Account.id)
        .where(Mute.muter_id == viewer.id, _lasts())
    )
    return _page(statement, Mute.id, cursor)


def familiar_followers(
    viewer: Account, ids: Collection[int], most: int = 10
) -> dict[int, list[AccountChip]]:
    """Of each account's followers those whom the viewer follows, some of them: one statement."""
    if not ids:
        return {}
    mine = select(Follow.followee_id).where(Follow.follower_id == viewer.id)
    place = func.row_number().over(
        partition_by=Follow.followee_id, order_by=(Account.followers_count.desc(), Account.id)
    )
    ranked = (
        select_chips()
        .add_columns(Follow.followee_id, place.label("place"))
        .join(Follow, Follow.follower_id == Account.id)
        .where(
            Follow.followee_id.in_(ids),
            Account.id.in_(mine),
            Account.deactivated_at.is_(None),
            visible_to(viewer),
        )
        .subquery()
    )
    rows = db.session.execute(select(ranked).where(ranked.c.place <= most).order_by(ranked.c.place))
    found: dict[int, list[AccountChip]] = {id_: [] for id_ in ids}
    for row in rows:
        found[row.followee_id].append(chip_from(row))
    return found
