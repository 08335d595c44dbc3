"""Reads of posts: one by its id, and cards in a constant number of statements.

Cards are the hottest path of the product, so they are made of plain rows: everything about a
post comes in one statement, and what hangs on it in a second.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Row, Select, bindparam, func, not_, select

from intranet.accounts.models import Account
from intranet.accounts.readers import EachReader, Reader, for_each, kinds_of, reader_of
from intranet.db import db
from intranet.db.together import ForEach, Together
from intranet.kernel.errors import NotFound
from intranet.posts import policies
from intranet.posts.cards import PostCard
from intranet.posts.drawing import ENTRY, Drawing, Hanging, has_poll, praises_of, select_rows
from intranet.posts.models import Post
from intranet.posts.parts import rows_for_each
from intranet.posts.within import ids_within, put_within

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


def find_card(viewer: Account, post_id: int) -> PostCard | None:
    """The same, or None."""
    return next(iter(cards(viewer, [post_id])), None)


def cards(viewer: Account, entry_ids: Sequence[int], *, latest: bool = True) -> list[PostCard]:
    """The cards of these posts and boosts, in this order; those that are deleted or not for the
    viewer are left out. `latest` adds each thread's newest reply. Two statements, three with
    such replies or with posts that stand in others, one more with praise."""
    if not entry_ids:
        return []
    reader = reader_of(viewer)
    rows = db.session.execute(
        _entries(reader, latest), {"reader_id": viewer.id, "entry_ids": list(entry_ids)}
    ).all()
    others = ids_within(rows)
    if latest:
        others |= {row.latest_reply_id for row in rows if row.latest_reply_id}
    inner = _rows_of(viewer, others)
    drawing = Drawing(viewer, [*rows, *inner])
    within = {row.entry_id: drawing.card(row) for row in inner}
    made = {}
    for row in rows:
        reply = within.get(row.latest_reply_id) if latest else None
        card = drawing.card(row, (reply,) if reply else ())
        made[row.entry_id] = put_within(card, row, within)
    return [made[entry_id] for entry_id in entry_ids if entry_id in made]


def cards_for_each(
    viewers: Sequence[Account], entry_ids: Sequence[int]
) -> dict[int, list[PostCard]]:
    """By the viewer's id: the cards of these posts and boosts that this viewer may see, without
    newest replies. Two statements for each kind of viewer, one more with posts that stand in
    others, one more with praise."""
    made: dict[int, list[PostCard]] = {}
    for kind, some in kinds_of(viewers).items():
        rows = _rows_for_each(kind, some, entry_ids)
        others = set().union(*(ids_within(mine.values()) for mine in rows.values()))
        inner = _rows_for_each(kind, some, others)
        every = [row for found in (rows, inner) for mine in found.values() for row in mine.values()]
        ids = {row.post_id for row in every}
        parts = rows_for_each(kind, some, ids, with_polls=any(map(has_poll, every)))
        praises = praises_of(every)
        for viewer in some:
            hers, others_of = rows[viewer.id], inner[viewer.id]
            mine = [hers[id_] for id_ in entry_ids if id_ in hers]
            hanging = Hanging(parts[viewer.id], praises)
            drawing = Drawing(viewer, [*mine, *others_of.values()], hanging)
            within = {id_: drawing.card(row) for id_, row in others_of.items()}
            made[viewer.id] = [put_within(drawing.card(row), row, within) for row in mine]
    return made


def _rows_for_each(
    kind: EachReader, viewers: Sequence[Account], ids: Collection[int]
) -> dict[int, dict[int, Row[Any]]]:
    """By the viewer's id and the entry's: one statement, none for no posts."""
    if not ids:
        return {viewer.id: {} for viewer in viewers}
    given = {"each_ids": [viewer.id for viewer in viewers], "entry_ids": list(ids)}
    found = _entries_for_each(kind).run(given)
    return {id_: {row.entry_id: row for row in reads["entries"]} for id_, reads in found.items()}


@cache
def _entries_for_each(reader: EachReader) -> ForEach:
    return for_each(Together({"entries": _entries(reader, False)}))


def _rows_of(viewer: Account, ids: Collection[int]) -> Sequence[Row[Any]]:
    """The rows of these posts that the viewer may see: one statement, none for no posts."""
    if not ids:
        return ()
    given = {"reader_id": viewer.id, "entry_ids": list(ids)}
    return db.session.execute(_entries(reader_of(viewer), False), given).all()


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
    inner = _rows_of(viewer, ids_within(rows))
    drawing = Drawing(viewer, [*rows, *inner])
    within = {row.entry_id: drawing.card(row) for row in inner}
    return {row.entry_id: put_within(drawing.card(row), row, within) for row in rows}
