"""How much people have written, as far as somebody may read it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Row, Select, bindparam, cast, exists, func, select
from sqlalchemy.orm import aliased

from intranet.accounts.models import Account
from intranet.accounts.readers import Reader, reader_of
from intranet.db import db
from intranet.db.together import Read
from intranet.kernel.ids import MAX_ID
from intranet.kernel.pagination import Cursor, Page, page_of
from intranet.media.models import MediaAttachment
from intranet.posts.models import Hashtag, Post, PostHashtag, Reaction
from intranet.posts.policies import DECIDES_OF_ROOTS, listed_to, visible_to

_IDS = bindparam("ids", type_=BigInteger, expanding=True)


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
        _written(reader_of(viewer)), {"reader_id": viewer.id, "ids": list(author_ids)}
    )
    return written_from(rows)


@cache
def _written(reader: Reader) -> Read:
    """Built once for each kind of reader."""
    return select_written(reader.as_viewer, _IDS)


def select_written(viewer: Account, author_ids: Any) -> Read:
    """The rows that `written_from` reads; `author_ids` and the viewer's id may be parameters. The
    rules are asked of the newest post of each sort only, however much somebody has written."""
    counted = aliased(Post, name="counted")
    sorts = (
        select(func.count().label("written"), func.max(counted.id).label("last_id"))
        .where(
            counted.author_id.in_(author_ids),
            counted.root_id.is_(None),
            counted.boost_of_id.is_(None),
            counted.deleted_at.is_(None),
        )
        .group_by(*(getattr(counted, name) for name in DECIDES_OF_ROOTS))
        .subquery("sorts")
    )
    return (
        select(
            Post.author_id,
            cast(func.sum(sorts.c.written), BigInteger).label("written"),
            func.max(sorts.c.last_id).label("last_id"),
        )
        .select_from(sorts)
        .join(Post, Post.id == sorts.c.last_id)
        .where(listed_to(viewer))
        .group_by(Post.author_id)
    )


def written_from(rows: Iterable[Row[Any]]) -> dict[int, Written]:
    """What each author has written."""
    return {row.author_id: Written(row.written, row.last_id) for row in rows}


def written_in(viewer: Account, group_ids: Collection[int]) -> dict[int, Written]:
    """What the viewer may read in each group: one statement; nothing where nothing was written."""
    if not group_ids:
        return {}
    rows = db.session.execute(
        select(Post.group_id, func.count(), func.max(Post.id))
        .where(
            Post.group_id.in_(group_ids),
            Post.root_id.is_(None),
            Post.boost_of_id.is_(None),
            listed_to(viewer),
        )
        .group_by(Post.group_id)
    )
    return {group: Written(count, last) for group, count, last in rows if group is not None}


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """Which of somebody's posts: `hashtag` is a canonical name."""

    replies: bool = True
    boosts: bool = True
    only_media: bool = False
    hashtag: str | None = None


def ids_by(viewer: Account, author_id: int, choice: Choice, cursor: Cursor) -> Page[int]:
    """The ids of what the author wrote and the viewer may read, newest first: one statement."""
    return _ids(viewer, "author_id", author_id, choice, cursor)


def ids_in(viewer: Account, group_id: int, choice: Choice, cursor: Cursor) -> Page[int]:
    """The same of what was written in a group."""
    return _ids(viewer, "group_id", group_id, choice, cursor)


def _ids(viewer: Account, column: str, of: int, choice: Choice, cursor: Cursor) -> Page[int]:
    given: dict[str, int | str] = {
        "reader_id": viewer.id,
        "of": of,
        "before": MAX_ID if cursor.before is None else cursor.before,
        "after": cursor.after or 0,
        "page_limit": cursor.limit + 1,
    }
    if choice.hashtag is not None:
        given["hashtag"] = choice.hashtag
    sort = replace(choice, hashtag=None)
    found = db.session.scalars(
        _written_ids(reader_of(viewer), column, sort, "hashtag" in given), given
    ).all()
    return page_of(found, cursor.limit, int)


@cache
def _written_ids(reader: Reader, column: str, choice: Choice, tagged: bool) -> Select[int]:
    """Built once for each kind of reader and of choice."""
    statement = select(Post.id).where(
        getattr(Post, column) == bindparam("of", type_=BigInteger),
        Post.id < bindparam("before", type_=BigInteger),
        Post.id > bindparam("after", type_=BigInteger),
        listed_to(reader.as_viewer),
    )
    if not choice.replies:
        statement = statement.where(Post.root_id.is_(None))
    if not choice.boosts:
        statement = statement.where(Post.boost_of_id.is_(None))
    if choice.only_media:
        statement = statement.where(exists().where(MediaAttachment.post_id == Post.id))
    if tagged:
        carries = (
            select(PostHashtag.post_id)
            .join(Hashtag, Hashtag.id == PostHashtag.hashtag_id)
            .where(Hashtag.name == bindparam("hashtag"))
        )
        statement = statement.where(Post.id.in_(carries))
    return statement.order_by(Post.id.desc()).limit(bindparam("page_limit", type_=BigInteger))


def ids_starred(viewer: Account, emoji: str, cursor: Cursor) -> Page[int]:
    """The ids of what the viewer gave this emoji and may still read, newest first: one
    statement."""
    given = select(Reaction.post_id).where(
        Reaction.account_id == viewer.id, Reaction.emoji == emoji
    )
    found = db.session.scalars(
        select(Post.id)
        .where(
            Post.id.in_(given),
            Post.id < (MAX_ID if cursor.before is None else cursor.before),
            Post.id > (cursor.after or 0),
            visible_to(viewer),  # one's own choice: direct ones too
        )
        .order_by(Post.id.desc())
        .limit(cursor.limit + 1)
    ).all()
    return page_of(found, cursor.limit, int)


def select_authors(viewer: Account, post_ids: Any) -> Read:
    """Who wrote each of these posts that the viewer may read, as `id` and `author_id`; `post_ids`
    and the viewer's id may be parameters."""
    return select(Post.id, Post.author_id).where(Post.id.in_(post_ids), visible_to(viewer))
