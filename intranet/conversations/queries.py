"""Reads of conversations. Only those in it know of one; nobody's rank opens it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, or_, select, union_all
from sqlalchemy.orm import aliased

from intranet.accounts import chips, policies
from intranet.accounts.chips import AccountChip
from intranet.accounts.models import Account
from intranet.accounts.readers import Reader, kinds_of, reader_of, those_for_whom
from intranet.db import db
from intranet.kernel.errors import NotFound
from intranet.kernel.ids import MAX_ID, moment_of
from intranet.kernel.pagination import Cursor, Page, page_of
from intranet.kernel.text import is_handle, plain_text
from intranet.posts.cards import PostCard
from intranet.posts.models import Participant, Post, Visibility
from intranet.posts.policies import not_withheld, visible_to
from intranet.posts.queries import thread_cards
from intranet.relationships.policies import may_meet

UNREAD_CAP = 99
_EXCERPT = 140


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation as one person has it. `row_id` is that person's own number for it, `people`
    are the others, the first to write first; `last_author_id` wrote what `excerpt` says."""

    id: int  # of the first post
    row_id: int
    last_post_id: int
    unread: bool
    people: tuple[AccountChip, ...]
    excerpt: str = ""
    has_files_only: bool = False
    last_author_id: int | None = None
    withheld: bool = False  # a block keeps the last message from the viewer

    @property
    def last_at(self) -> dt.datetime:
        """When the newest message was written."""
        return moment_of(self.last_post_id)


def list_conversations(viewer: Account, cursor: Cursor) -> Page[Conversation]:
    """The viewer's conversations, the newest message first; the cursor's ids are of messages.
    Three statements."""
    rows = db.session.execute(
        _mine(viewer)
        .where(
            ~Participant.hidden,
            Participant.last_post_id < (MAX_ID if cursor.before is None else cursor.before),
            Participant.last_post_id > (cursor.after or 0),
        )
        .order_by(Participant.last_post_id.desc())
        .limit(cursor.limit + 1)
    ).all()
    page = page_of(rows, cursor.limit, lambda row: row.Participant.last_post_id)
    return Page(_drawn(viewer, page.items), page.next_before)


def list_unread(viewer: Account) -> list[Conversation]:
    """All conversations in which something is new, the newest message first: two statements."""
    rows = db.session.execute(_unread(reader_of(viewer)), {"reader_id": viewer.id}).all()
    return _drawn(viewer, rows)


@cache
def _unread(reader: Reader) -> Any:
    return (
        _mine(reader.as_viewer)
        .where(~Participant.hidden, Participant.last_post_id > Participant.last_read_post_id)
        .order_by(Participant.last_post_id.desc())
    )


def get(viewer: Account, conversation_id: int) -> Conversation:
    """One of the viewer's conversations; NotFound otherwise."""
    return _one(viewer, Participant.conversation_id == conversation_id)


def get_by_row(viewer: Account, row_id: int) -> Conversation:
    """The same by the viewer's own number for it, as programs name it."""
    return _one(viewer, Participant.id == row_id)


def unread_count(viewer: Account) -> int:
    """In how many conversations something is new, up to UNREAD_CAP + 1."""
    return db.session.scalar(_unread_count(reader_of(viewer)), {"reader_id": viewer.id}) or 0


@cache
def _unread_count(reader: Reader) -> Select[int]:
    """Every page draws the badge: its statement is built once for each kind of reader."""
    some = (
        select(Participant.id)
        .where(
            Participant.account_id == reader.id,
            ~Participant.hidden,
            Participant.last_post_id > Participant.last_read_post_id,
        )
        .limit(UNREAD_CAP + 1)
        .subquery()
    )
    return select(func.count()).select_from(some)


def messages(viewer: Account, conversation_id: int, cursor: Cursor) -> Page[PostCard]:
    """The messages of a conversation that the viewer is in, the newest page first, each page in
    the order of time. Those that were deleted keep a place when others answered them."""
    ids = db.session.scalars(
        select(Post.id)
        .where(
            or_(Post.id == conversation_id, Post.root_id == conversation_id),
            Post.visibility == Visibility.DIRECT,
            Post.id < (MAX_ID if cursor.before is None else cursor.before),
        )
        .order_by(Post.id.desc())
        .limit(cursor.limit + 1)
    ).all()
    page = page_of(ids, cursor.limit, int)
    cards = thread_cards(viewer, page.items)
    shown = [cards[id_] for id_ in reversed(page.items) if id_ in cards]
    return Page(shown, page.next_before)


def direct_ids(viewer: Account, cursor: Cursor) -> Page[int]:
    """The ids of the direct posts of all the viewer's conversations, newest first."""
    ids = db.session.scalars(select_direct(viewer, cursor)).all()
    return page_of(ids, cursor.limit, int)


def those_with_message(viewers: Iterable[Account], post_id: int) -> set[int]:
    """Those of these viewers whose conversations show this direct post: a statement for each kind
    of viewer."""
    only = Cursor(before=post_id + 1, after=post_id - 1, limit=1)
    found: set[int] = set()
    for kind, some in kinds_of(viewers).items():
        statement = those_for_whom(select_direct(kind.as_viewer, only))
        given = {"each_ids": [viewer.id for viewer in some]}
        found |= set(db.session.scalars(statement, given))
    return found


def select_direct(viewer: Account, cursor: Cursor) -> Select[int]:
    """The statement of `direct_ids`. Each half of what is the viewer's is read by an index: no
    walk over all posts, of which most are for everybody."""
    mine = select(Participant.conversation_id).where(Participant.account_id == viewer.id)
    reply = aliased(Post)
    return (
        select(Post.id)
        .where(
            Post.id.in_(union_all(mine, select(reply.id).where(reply.root_id.in_(mine)))),
            Post.visibility == Visibility.DIRECT,
            Post.id < (MAX_ID if cursor.before is None else cursor.before),
            Post.id > (cursor.after or 0),
            visible_to(viewer),
        )
        .order_by(Post.id.desc())
        .limit(cursor.limit + 1)
    )


def writable(viewer: Account, handles: Collection[str]) -> list[AccountChip]:
    """Those of these people that the viewer may write to, by name; the viewer left out."""
    wanted = {handle.lower() for handle in handles if is_handle(handle.lower())}
    if not wanted:
        return []
    rows = db.session.execute(
        chips.select_chips()
        .where(
            Account.handle.in_(wanted),
            Account.id != viewer.id,
            policies.may_be_written_to(viewer),
            may_meet(viewer.id),
        )
        .order_by(Account.sort_name, Account.id)
        .limit(80)
    )
    return [chips.chip_from(row) for row in rows]


def may_write_to(viewer: Account, account_id: int) -> bool:
    """Whether the viewer may begin a conversation with the account."""
    found = select(Account.id).where(
        Account.id == account_id, policies.may_be_written_to(viewer), may_meet(viewer.id)
    )
    return account_id != viewer.id and db.session.scalar(found) is not None


def _mine(viewer: Account) -> Any:
    return (
        select(Participant, Post, not_withheld(viewer).label("is_readable"))
        .outerjoin(Post, Post.id == Participant.last_post_id)
        .where(Participant.account_id == viewer.id)
    )


def _one(viewer: Account, which: ColumnElement[bool]) -> Conversation:
    row = db.session.execute(_mine(viewer).where(which)).first()
    if row is None:
        raise NotFound
    return _drawn(viewer, [row])[0]


def _drawn(viewer: Account, rows: Sequence[Row[Any]]) -> list[Conversation]:
    people = _others(viewer, {row.Participant.conversation_id for row in rows})
    found = []
    for row in rows:
        mine, last = row.Participant, row.Post if row.is_readable else None
        said = plain_text(last.spoiler_text or last.source, _EXCERPT) if last is not None else ""
        found.append(
            Conversation(
                id=mine.conversation_id,
                row_id=mine.id,
                last_post_id=mine.last_post_id,
                unread=mine.last_post_id > mine.last_read_post_id,
                people=tuple(people.get(mine.conversation_id, ())),
                excerpt=said,
                has_files_only=last is not None and last.deleted_at is None and not said,
                last_author_id=last.author_id if last is not None else None,
                withheld=row.Post is not None and row.Post.deleted_at is None and last is None,
            )
        )
    return found


def _others(viewer: Account, conversation_ids: Collection[int]) -> dict[int, list[AccountChip]]:
    """Who else is in each: one statement."""
    if not conversation_ids:
        return {}
    rows = db.session.execute(
        chips.select_chips()
        .add_columns(Participant.conversation_id)
        .join(Participant, Participant.account_id == Account.id)
        .where(
            Participant.conversation_id.in_(conversation_ids), Participant.account_id != viewer.id
        )
        .order_by(Participant.id)
    )
    found: dict[int, list[AccountChip]] = {}
    for row in rows:
        found.setdefault(row.conversation_id, []).append(chips.chip_from(row))
    return found
