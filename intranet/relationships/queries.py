"""Who follows whom, as far as the viewer may see them."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, case, exists, or_, select

from intranet.accounts.chips import AccountChip, chip_from, select_chips
from intranet.accounts.models import Account, AccountKind, Role
from intranet.accounts.policies import visible_to
from intranet.db import db
from intranet.kernel.pagination import Cursor, Page
from intranet.relationships.models import Follow


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
        .add_columns(Follow.id.label("follow_id"))
        .join(Follow, joined)
        .where(of, visible_to(viewer), Account.deactivated_at.is_(None))
        .order_by(Follow.id.desc())
        .limit(cursor.limit + 1)
    )
    if cursor.before is not None:
        statement = statement.where(Follow.id < cursor.before)
    rows = db.session.execute(statement).all()
    kept = rows[: cursor.limit]
    more = len(rows) > cursor.limit
    return Page([chip_from(row) for row in kept], kept[-1]._mapping["follow_id"] if more else None)


def suggestions(viewer: Account, limit: int = 5) -> list[AccountChip]:
    """Colleagues of the same department, then of the same site, whom the viewer does not follow
    yet; the most followed first. Nobody for a guest, or without department and site."""
    if viewer.is_guest or not (viewer.department or viewer.site):
        return []
    followed = exists().where(Follow.follower_id == viewer.id, Follow.followee_id == Account.id)
    near = []
    if viewer.department:
        near.append(Account.department == viewer.department)
    if viewer.site:
        near.append(Account.site == viewer.site)
    rows = db.session.execute(
        select_chips()
        .where(
            or_(*near),
            Account.id != viewer.id,
            Account.role != Role.GUEST,
            Account.kind == AccountKind.PERSON,
            Account.deactivated_at.is_(None),
            ~followed,
        )
        .order_by(
            case((Account.department == viewer.department, 0), else_=1),
            Account.followers_count.desc(),
            Account.id,
        )
        .limit(limit)
    )
    return [chip_from(row) for row in rows]
