"""Writes home entries: fan-out, filling, removal and trimming, each in a statement or two.

A home is complete from `Account.home_from` on. Whatever cannot be kept is cut off by raising that
id, never by leaving a gap: below it a page is read from the streams themselves.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, delete, literal, null, select, update
from sqlalchemy.dialects import postgresql, sqlite

from intranet.accounts.models import Account
from intranet.db import db
from intranet.posts.models import Post
from intranet.timelines.limits import limits
from intranet.timelines.models import HomeEntry
from intranet.timelines.streams import Stream

# Entries a stream that became narrow again puts into each home: rewriting whole homes of some
# hundred accounts would hold up every writer.
_REFILLED = 100
_COLUMNS = ["account_id", "post_id", "author_id", "group_id"]


def _insert(rows: Select[*tuple[Any, ...]]) -> None:
    dialect = db.session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    db.session.execute(
        insert(HomeEntry).from_select(_COLUMNS, rows).on_conflict_do_nothing(),
        execution_options={"synchronize_session": False},
    )


def give(post_id: int, author_id: int, group_id: int | None, *, wide: bool) -> None:
    """Put a new post into the homes of its stream's subscribers and of its author; of a wide
    stream only of its author."""
    stream = Stream.of(author_id, group_id)
    if wide:
        recipients = select(literal(author_id).label("account_id")).subquery()
    else:
        recipients = stream.recipients(author_id).subquery()
    group = null() if group_id is None else literal(group_id)
    _insert(
        select(next(iter(recipients.c)), literal(post_id), literal(author_id), group).where(
            literal(True)  # SQLite would read the ON of ON CONFLICT as a join's
        )
    )


def take(post_id: int, author_id: int, group_id: int | None) -> None:
    """Remove a post from all homes that may hold it, by primary key."""
    recipients = Stream.of(author_id, group_id).recipients(author_id)
    db.session.execute(
        delete(HomeEntry)
        .where(HomeEntry.post_id == post_id, HomeEntry.account_id.in_(recipients))
        .execution_options(synchronize_session=False)
    )


def fill(stream: Stream, account_id: int) -> None:
    """Give a new subscriber what the stream holds, as far as homes go."""
    complete_from = db.session.scalar(select(Account.home_from).where(Account.id == account_id))
    if complete_from is None:
        return
    edge = _nth_post(stream, limits.home_kept)
    if edge > complete_from:
        cut(account_id, edge)
        complete_from = edge
    _insert(
        select(literal(account_id), Post.id, Post.author_id, Post.group_id).where(
            stream.posts(), Post.id >= complete_from
        )
    )


def fill_all(stream: Stream) -> None:
    """Give every subscriber the newest posts of a stream that has become narrow."""
    edge = _nth_post(stream, _REFILLED)
    subscribers = stream.subscribers().subquery()
    _insert(
        select(next(iter(subscribers.c)), Post.id, Post.author_id, Post.group_id)
        .select_from(subscribers)
        .join(Post, stream.posts())
        .where(Post.id >= edge)
    )
    db.session.execute(
        update(Account)
        .where(Account.id.in_(stream.subscribers()), Account.home_from < edge)
        .values(home_from=edge)
        .execution_options(synchronize_session=False)
    )


def remove(stream: Stream, account_id: int) -> None:
    """Take the stream's posts out of a home; its owner's own posts stay."""
    statement = delete(HomeEntry).where(
        HomeEntry.account_id == account_id, HomeEntry.author_id != account_id
    )
    if stream.is_group:
        statement = statement.where(HomeEntry.group_id == stream.id)
    else:
        statement = statement.where(HomeEntry.author_id == stream.id, HomeEntry.group_id.is_(None))
    db.session.execute(statement.execution_options(synchronize_session=False))


def cut(account_id: int, complete_from: int) -> None:
    """Let a home begin at this id: what is older is read from the streams."""
    db.session.execute(
        update(Account)
        .where(Account.id == account_id, Account.home_from < complete_from)
        .values(home_from=complete_from)
        .execution_options(synchronize_session=False)
    )
    db.session.execute(
        delete(HomeEntry)
        .where(HomeEntry.account_id == account_id, HomeEntry.post_id < complete_from)
        .execution_options(synchronize_session=False)
    )


def trim(account_id: int) -> None:
    """Cut a home to the entries that are kept."""
    edge = db.session.scalar(
        select(HomeEntry.post_id)
        .where(HomeEntry.account_id == account_id)
        .order_by(HomeEntry.post_id.desc())
        .offset(limits.home_kept - 1)
        .limit(1)
    )
    if edge is not None:
        cut(account_id, edge)


def _nth_post(stream: Stream, nth: int) -> int:
    """The id of the nth newest post of a stream; 0 when it has not more than that."""
    ids = db.session.scalars(
        select(Post.id).where(stream.posts()).order_by(Post.id.desc()).offset(nth - 1).limit(2)
    ).all()
    return ids[0] if len(ids) == 2 else 0
