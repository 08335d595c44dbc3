"""Reads of the folders for saved posts. Each is fetched through its owner: to others it does not
exist."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select

from intranet.accounts.models import Account
from intranet.db import db
from intranet.kernel.errors import NotFound
from intranet.posts import policies
from intranet.posts.models import Bookmark, Post
from intranet.saved.models import SavedFolder


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder as its owner sees it; `count` are the posts in it that they may still read."""

    id: int
    name: str
    count: int


def get_own(viewer: Account, folder_id: int, *, lock: bool = False) -> SavedFolder:
    """The viewer's folder; NotFound for another's. With `lock`, for an action: nobody else changes
    it before this transaction ends."""
    query = select(SavedFolder).where(
        SavedFolder.id == folder_id, SavedFolder.owner_id == viewer.id
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = db.session.scalar(query)
    if found is None:
        raise NotFound
    return found


def own_folders(viewer: Account) -> list[Folder]:
    """The viewer's folders by name: two statements, whatever they hold."""
    rows = db.session.execute(
        select(SavedFolder.id, SavedFolder.name)
        .where(SavedFolder.owner_id == viewer.id)
        .order_by(SavedFolder.folded, SavedFolder.id)
    ).all()
    if not rows:
        return []
    counted = db.session.execute(
        select(Bookmark.folder_id, func.count())
        .join(Post, Post.id == Bookmark.post_id)
        .where(
            Bookmark.account_id == viewer.id,
            Bookmark.folder_id.is_not(None),
            policies.visible_to(viewer),
        )
        .group_by(Bookmark.folder_id)
    )
    counts: dict[int | None, int] = {row[0]: row[1] for row in counted}
    return [Folder(row.id, row.name, counts.get(row.id, 0)) for row in rows]


def folders_of(viewer: Account, post_ids: Collection[int]) -> dict[int, int]:
    """The folder of each of these posts that the viewer put into one, by post: one statement."""
    if not post_ids:
        return {}
    rows = db.session.execute(
        select(Bookmark.post_id, Bookmark.folder_id).where(
            Bookmark.account_id == viewer.id,
            Bookmark.post_id.in_(post_ids),
            Bookmark.folder_id.is_not(None),
        )
    )
    return {post_id: folder_id for post_id, folder_id in rows if folder_id is not None}
