"""What a reader has chosen about a post for themselves, as columns of the one select of cards."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Row, exists, func

from intranet.accounts.models import Account
from intranet.posts.models import PinnedPost, PinPutAway, Post, ThreadFollow


def columns(viewer: Account) -> tuple[ColumnElement[Any], ...]:
    """To be added to a select of `Post` with `PinnedPost` joined."""
    followed = exists().where(
        ThreadFollow.account_id == viewer.id,
        ThreadFollow.thread_id == func.coalesce(Post.root_id, Post.id),
    )
    return followed.label("thread_followed"), put_away(viewer).label("pin_put_away")


def put_away(viewer: Account) -> ColumnElement[bool]:
    """The viewer has put this pin away. Needs `PinnedPost` in FROM."""
    return exists().where(
        PinPutAway.account_id == viewer.id,
        PinPutAway.post_id == PinnedPost.post_id,
        PinPutAway.created_at >= PinnedPost.created_at,
    )


def fields(row: Row[Any]) -> dict[str, Any]:
    """The same as fields of a PostCard."""
    return {
        "followed": bool(row.thread_followed),
        "put_away": bool(row.pin_put_away),
    }
