"""Who does not want to hear of somebody, or of a thread.

Only what people do as people is silenced. What belongs to somebody's duties reaches them whoever
does it: announcements, dates, requests to join, reviews, and whatever comes to the writers of a
page as such.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import BigInteger, Boolean, and_, exists, or_, select, table
from sqlalchemy import column as sql_column

from intranet.accounts.models import Account
from intranet.db import UTCDateTime, db
from intranet.kernel.clock import utc_now
from intranet.notifications.models import NotificationKind

PERSONAL = (
    NotificationKind.FOLLOW,
    NotificationKind.MENTION,
    NotificationKind.REPLY,
    NotificationKind.THREAD_REPLY,
    NotificationKind.REACTION,
    NotificationKind.BOOST,
    NotificationKind.QUOTE,
    NotificationKind.PRAISE,
    NotificationKind.ANSWER,
    NotificationKind.GROUP_POST,
    NotificationKind.POST,
    NotificationKind.MESSAGE,
    NotificationKind.SAVED_SEARCH,
)

# Named by table: relationships and posts stand above and are not imported.
_block = table(
    "account_block", sql_column("blocker_id", BigInteger), sql_column("blocked_id", BigInteger)
)
_mute = table(
    "account_mute",
    sql_column("muter_id", BigInteger),
    sql_column("muted_id", BigInteger),
    sql_column("notifications", Boolean),
    sql_column("expires_at", UTCDateTime),
)
_thread_mute = table(
    "thread_mute", sql_column("account_id", BigInteger), sql_column("thread_id", BigInteger)
)


def who_will_hear(
    recipient_ids: Collection[int], actor_id: int, thread_id: int | None
) -> list[int]:
    """Those of the recipients who have not muted or blocked the actor, are not blocked by it, and
    have not muted the thread: one statement."""
    apart = exists().where(
        or_(
            and_(_block.c.blocker_id == Account.id, _block.c.blocked_id == actor_id),
            and_(_block.c.blocker_id == actor_id, _block.c.blocked_id == Account.id),
        )
    )
    muted = exists().where(
        _mute.c.muter_id == Account.id,
        _mute.c.muted_id == actor_id,
        _mute.c.notifications,
        or_(_mute.c.expires_at.is_(None), _mute.c.expires_at > utc_now()),
    )
    query = select(Account.id).where(Account.id.in_(recipient_ids), ~apart, ~muted)
    if thread_id is not None:
        quiet = exists().where(
            _thread_mute.c.account_id == Account.id, _thread_mute.c.thread_id == thread_id
        )
        query = query.where(~quiet)
    return list(db.session.scalars(query.order_by(Account.id)))
