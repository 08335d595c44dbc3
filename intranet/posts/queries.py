"""Reads of posts: one by its id, and cards in a constant number of statements.

Cards are the hottest path of the product, so they are made of plain rows: everything about a
post comes in one statement, and what hangs on it in a second.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Row, Select, bindparam, func, not_, select

from intranet.accounts.models import Account
from intranet.accounts.readers import Reader, reader_of
from intranet.db import db
from intranet.kernel.errors import NotFound
from intranet.posts import policies
from intranet.posts.cards import PostCard
from intranet.posts.drawing import ENTRY, Drawing, select_rows
from intranet.posts.models import Post

_ENTRY_IDS = bindparam("entry_ids", type_=BigInteger, expanding=True)


def get_visible(viewer: Account, post_id: int, *, lock: bool = False) -> Post:
    """The post, if the viewer may read it; NotFound otherwise. With `lock`, for an action: nobody
    else changes or deletes it before this transaction ends."""
    query = select(Post).where(Post.id == post_id, policies.visible_to(viewer))
    if lock:
        # Read again: what the session already holds may be older than the lock.
        query = query.with_for_update(of=Post).execution_options(populate_existing=True)
    post = db.session.scalar(query)
    if post is None:
        raise NotFound()
    return post


def get_visible_original(viewer: Account, post_id: int, *, lock: bool = False) -> Post:
    """As `get_visible`, and for a boost the post that it passes on: what people react to."""
    post = get_visible(viewer, post_id, lock=lock)
    if post.boost_of_id is None:
        return post
    return get_visible(viewer, post.boost_of_id, lock=lock)


def count_by(viewer: Account, author_id: int) -> int:
    """How many posts of this author the viewer may read, replies and boosts left out."""
    own = select(func.count()).where(
        Post.author_id == author_id,
        Post.root_id.is_(None),
        Post.boost_of_id.is_(None),
        policies.listed_to(viewer),
    )
    return db.session.scalar(own) or 0


def card(viewer: Account, post_id: int) -> PostCard:
    """The card of one post or boost; NotFound unless the viewer may see it."""
    found = cards(viewer, [post_id])
    if not found:
        raise NotFound()
    return found[0]


def cards(viewer: Account, entry_ids: Sequence[int], *, latest: bool = True) -> list[PostCard]:
    """The cards of these posts and boosts, in this order; those that are deleted or not for the
    viewer are left out. `latest` adds each thread's newest reply. Two statements, three with
    such replies."""
    if not entry_ids:
        return []
    reader = reader_of(viewer)
    rows = db.session.execute(
        _entries(reader, latest), {"reader_id": viewer.id, "entry_ids": list(entry_ids)}
    ).all()
    reply_ids = {row.latest_reply_id for row in rows if row.latest_reply_id} if latest else ()
    replies: Sequence[Row[Any]] = ()
    if reply_ids:
        replies = db.session.execute(
            _entries(reader, False), {"reader_id": viewer.id, "entry_ids": list(reply_ids)}
        ).all()
    drawing = Drawing(viewer, [*rows, *replies])
    newest = {row.entry_id: drawing.card(row) for row in replies}
    made = {}
    for row in rows:
        reply = newest.get(row.latest_reply_id) if latest else None
        made[row.entry_id] = drawing.card(row, (reply,) if reply else ())
    return [made[entry_id] for entry_id in entry_ids if entry_id in made]


@cache
def _entries(reader: Reader, latest: bool) -> Select[Any]:
    """The rows of the entries `entry_ids` that the reader may see."""
    viewer = reader.as_viewer
    return select_rows(viewer, latest=latest).where(
        ENTRY.id.in_(_ENTRY_IDS),
        ENTRY.deleted_at.is_(None),
        policies.visible_to(viewer),
        policies.not_withheld(viewer, ENTRY),
    )


def thread_cards(viewer: Account, post_ids: Sequence[int]) -> dict[int, PostCard]:
    """The cards of posts of one thread by id, the deleted ones, and those that a block keeps
    from the viewer, as tombstones."""
    if not post_ids:
        return {}
    withheld = not_(policies.not_withheld(viewer)).label("withheld")
    rows = db.session.execute(
        select_rows(viewer, latest=False)
        .add_columns(withheld)
        .where(ENTRY.id.in_(post_ids), policies.audience_includes(viewer))
    ).all()
    drawing = Drawing(viewer, rows)
    return {row.entry_id: drawing.card(row) for row in rows}
