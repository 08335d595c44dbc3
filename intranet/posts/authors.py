"""How much people have written, as far as somebody may read it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select

from intranet.accounts.models import Account
from intranet.db import db
from intranet.posts.models import Post
from intranet.posts.policies import visible_to


@dataclass(frozen=True, slots=True)
class Written:
    """How many posts, replies and boosts left out, and the newest of them."""

    count: int = 0
    last_id: int | None = None


def written_by(viewer: Account, author_ids: Collection[int]) -> dict[int, Written]:
    """What the viewer may read of each author: one statement; nothing for who wrote nothing."""
    if not author_ids:
        return {}
    rows = db.session.execute(
        select(Post.author_id, func.count(), func.max(Post.id))
        .where(
            Post.author_id.in_(author_ids),
            Post.root_id.is_(None),
            Post.boost_of_id.is_(None),
            visible_to(viewer),
        )
        .group_by(Post.author_id)
    )
    return {author: Written(count, last) for author, count, last in rows}


def authors_of(viewer: Account, post_ids: Collection[int]) -> dict[int, int]:
    """Who wrote each of these posts that the viewer may read: one statement."""
    if not post_ids:
        return {}
    rows = db.session.execute(
        select(Post.id, Post.author_id).where(Post.id.in_(post_ids), visible_to(viewer))
    )
    return {row.id: row.author_id for row in rows}
