"""Posts of a span that ask something of the reader: they name the reader, answer the reader, come
into a thread that the reader began, or are the manager's.

What a mute or a block keeps away is not here, nor what the reader has answered. Of a muted thread
and of a silenced group only what names the reader is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Select,
    and_,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from intranet.accounts.models import Account
from intranet.accounts.readers import Reader, reader_of
from intranet.catchup.reasons import Reason, Why
from intranet.catchup.spans import Span
from intranet.db import UTCDateTime, db
from intranet.groups.models import Membership, NotifyLevel
from intranet.kernel.clock import utc_now
from intranet.posts.models import Mention, Post, ThreadMute
from intranet.posts.policies import listed_to
from intranet.relationships.policies import muted_by

SINCE = bindparam("since", type_=BigInteger)
UNTIL = bindparam("until", type_=BigInteger)
NOW = bindparam("now", type_=UTCDateTime)
MANAGER = bindparam("manager_id", type_=BigInteger)
# The strongest first: by it a thread is placed.
_ORDER = (Why.MENTION, Why.REPLY, Why.MANAGER, Why.THREAD)


@dataclass(frozen=True, slots=True)
class AskedPost:
    """A post with the reasons for which it is here, the strongest first."""

    id: int
    thread_id: int
    author_id: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class AskedThread:
    """The posts of one thread, the oldest first. `shown` is the one that asks most."""

    thread_id: int
    posts: tuple[AskedPost, ...]

    @property
    def shown(self) -> AskedPost:
        """The newest of those with the strongest reason."""
        return min(self.posts, key=lambda post: (_rank(post), -post.id))

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Those of all posts, each once, the strongest first."""
        found = dict.fromkeys(reason for post in self.posts for reason in post.reasons)
        return tuple(sorted(found, key=lambda reason: _ORDER.index(reason.why)))


def asked_of(viewer: Account, span: Span) -> list[AskedPost]:
    """Every such post of the span, the newest first: one statement."""
    rows = db.session.execute(
        _statement(reader_of(viewer), viewer.manager_id is not None),
        {
            "reader_id": viewer.id,
            "manager_id": viewer.manager_id,
            "since": span.since,
            "until": span.until,
            "now": utc_now(),
        },
    )
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.id, []).append(row)
    return [_post(reasons) for reasons in found.values()]


def threads_of(posts: Iterable[AskedPost]) -> list[AskedThread]:
    """By thread: what names the reader first, then answers, then what the manager wrote, then
    what came into the reader's threads; the newest first."""
    gathered: dict[int, list[AskedPost]] = {}
    for post in posts:
        gathered.setdefault(post.thread_id, []).append(post)
    threads = [
        AskedThread(thread_id, tuple(sorted(members, key=lambda post: post.id)))
        for thread_id, members in gathered.items()
    ]
    return sorted(threads, key=lambda one: (_rank(one.shown), -one.shown.id))


def _rank(post: AskedPost) -> int:
    return _ORDER.index(post.reasons[0].why)


def _post(rows: Sequence[Any]) -> AskedPost:
    first = rows[0]
    whys = sorted({Why(row.why) for row in rows}, key=_ORDER.index)
    if Why.REPLY in whys and Why.THREAD in whys:
        whys.remove(Why.THREAD)
    return AskedPost(
        id=first.id,
        thread_id=first.root_id or first.id,
        author_id=first.author_id,
        reasons=tuple(Reason(why, first.display_name) for why in whys),
    )


@cache
def _statement(reader: Reader, has_manager: bool) -> Select[Any]:
    """Rows of (id, root_id, author_id, display_name, why). Each arm is read by an index."""
    arms = [_named(reader), _in_own_threads(reader), _answering(reader)]
    if has_manager:
        arms.append(_of_manager())
    asked = union_all(*arms).cte("asked")
    mute, member, answer = aliased(ThreadMute), aliased(Membership), aliased(Post)
    silenced = or_(
        exists(
            select(mute.thread_id).where(
                mute.account_id == reader.id,
                mute.thread_id == func.coalesce(Post.root_id, Post.id),
            )
        ),
        exists(
            select(member.id).where(
                member.account_id == reader.id,
                member.group_id == Post.group_id,
                member.notify_level == NotifyLevel.NOTHING,
            )
        ),
    )
    answered = exists(
        select(answer.id).where(
            answer.in_reply_to_id == Post.id,
            answer.author_id == reader.id,
            answer.deleted_at.is_(None),
        )
    )
    return (
        select(Post.id, Post.root_id, Post.author_id, Account.display_name, asked.c.why)
        .select_from(asked)
        .join(Post, Post.id == asked.c.id)
        .join(Account, Account.id == Post.author_id)
        .where(
            Post.author_id != reader.id,
            Post.author_id.not_in(muted_by(reader.id, NOW)),
            or_(asked.c.why == Why.MENTION.value, ~silenced),
            ~answered,
            listed_to(reader.as_viewer),
        )
        .order_by(Post.id.desc(), asked.c.why)
    )


def _named(reader: Reader) -> Select[int, str]:
    return select(Mention.post_id.label("id"), literal(Why.MENTION.value).label("why")).where(
        Mention.account_id == reader.id, Mention.post_id > SINCE, Mention.post_id <= UNTIL
    )


def _in_own_threads(reader: Reader) -> Select[int, str]:
    mine, reply = aliased(Post, name="mine"), aliased(Post, name="reply")
    return (
        select(reply.id.label("id"), literal(Why.THREAD.value).label("why"))
        .select_from(mine)
        .join(reply, and_(reply.root_id == mine.id, reply.id > SINCE, reply.id <= UNTIL))
        .where(mine.author_id == reader.id, mine.root_id.is_(None), mine.deleted_at.is_(None))
    )


def _answering(reader: Reader) -> Select[int, str]:
    mine, reply = aliased(Post, name="answered"), aliased(Post, name="answer")
    return (
        select(reply.id.label("id"), literal(Why.REPLY.value).label("why"))
        .select_from(mine)
        .join(reply, and_(reply.in_reply_to_id == mine.id, reply.id > SINCE, reply.id <= UNTIL))
        .where(mine.author_id == reader.id, mine.deleted_at.is_(None))
    )


def _of_manager() -> Select[int, str]:
    written = aliased(Post, name="written")
    return select(written.id.label("id"), literal(Why.MANAGER.value).label("why")).where(
        written.author_id == MANAGER,
        written.root_id.is_(None),
        written.boost_of_id.is_(None),
        written.id > SINCE,
        written.id <= UNTIL,
    )
