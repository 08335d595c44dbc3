"""Whose notifications an account hears of. The policy is applied when a row is written, so that
every list and count, here and in programs, is right without asking it again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import ColumnElement, exists, select, table, update
from sqlalchemy import column as sql_column

from intranet.accounts.models import Account
from intranet.accounts.policies import may_moderate
from intranet.db import db, record
from intranet.db.once import insert_once
from intranet.kernel.clock import utc_now
from intranet.notifications.events import NotificationsRead
from intranet.notifications.models import (
    Notification,
    NotificationKind,
    NotificationPermission,
    NotificationPolicy,
    Welcome,
)

# What people do to one another. What the organisation asks of somebody (announcements, requests,
# invitations, reminders) passes every policy.
SCREENED = (
    NotificationKind.FOLLOW,
    NotificationKind.MENTION,
    NotificationKind.REPLY,
    NotificationKind.MESSAGE,
    NotificationKind.REACTION,
    NotificationKind.BOOST,
    NotificationKind.QUOTE,
    NotificationKind.PRAISE,
    NotificationKind.ANSWER,
)
NEW_FOR = dt.timedelta(days=30)
# Named by table: follows stand above notifications.
_follow = table("follow", sql_column("follower_id"), sql_column("followee_id"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy:
    """What an account has chosen. Nobody is ever limited here, so the last one is only kept."""

    for_not_following: Welcome = Welcome.ACCEPT
    for_not_followers: Welcome = Welcome.ACCEPT
    for_new_accounts: Welcome = Welcome.ACCEPT
    for_private_mentions: Welcome = Welcome.ACCEPT
    for_limited_accounts: Welcome = Welcome.ACCEPT


def policy_of(account: Account) -> Policy:
    """The account's policy."""
    row = db.session.get(NotificationPolicy, account.id, populate_existing=True)
    if row is None:
        return Policy()
    return Policy(
        for_not_following=row.for_not_following,
        for_not_followers=row.for_not_followers,
        for_new_accounts=row.for_new_accounts,
        for_private_mentions=row.for_private_mentions,
        for_limited_accounts=row.for_limited_accounts,
    )


def set_policy(actor: Account, policy: Policy) -> None:
    """The actor's own choice from now on; what was written stays as it is."""
    if not insert_once(NotificationPolicy, account_id=actor.id, **asdict(policy)):
        db.session.execute(
            update(NotificationPolicy)
            .where(NotificationPolicy.account_id == actor.id)
            .values(**asdict(policy))
        )


def screen(
    recipient_ids: Collection[int], *, actor: Account, kind: NotificationKind
) -> dict[int, Welcome]:
    """What becomes of a row for each recipient who has a policy: one statement, and none for what
    policies do not touch. Moderators, administrators and official pages are always heard."""
    if kind not in SCREENED or may_moderate(actor) or actor.is_page:
        return {}
    policy = NotificationPolicy
    rows = db.session.execute(
        select(
            policy,
            _follows(policy.account_id, actor.id).label("following"),
            _follows(actor.id, policy.account_id).label("followed"),
        ).where(
            policy.account_id.in_(recipient_ids),
            ~exists().where(
                NotificationPermission.account_id == policy.account_id,
                NotificationPermission.from_account_id == actor.id,
            ),
        )
    )
    is_new = actor.created_at > utc_now() - NEW_FOR
    is_private = kind is NotificationKind.MESSAGE
    said = {}
    for chosen, following, followed in rows:
        reasons = (
            (not following, chosen.for_not_following),
            # Whoever has just begun to follow is a follower.
            (not followed and kind is not NotificationKind.FOLLOW, chosen.for_not_followers),
            (is_new, chosen.for_new_accounts),
            (is_private, chosen.for_private_mentions),
        )
        said[chosen.account_id] = _strictest(welcome for applies, welcome in reasons if applies)
    return said


def accept_from(actor: Account, account_id: int) -> None:
    """Hear this account from now on, and of what was held aside of it: that is counted at once,
    and not told as if it had just happened."""
    insert_once(
        NotificationPermission,
        account_id=actor.id,
        from_account_id=account_id,
        created_at=utc_now(),
    )
    freed = db.session.execute(
        update(Notification)
        .where(
            Notification.recipient_id == actor.id,
            Notification.actor_id == account_id,
            Notification.held.is_(True),
        )
        .values(held=False)
        .returning(Notification.id)
    )
    if freed.first() is not None:
        record(NotificationsRead(recipient_id=actor.id))


def _follows(follower: Any, followee: Any) -> ColumnElement[bool]:
    return exists(
        select(_follow.c.follower_id).where(
            _follow.c.follower_id == follower, _follow.c.followee_id == followee
        )
    )


def _strictest(said: Any) -> Welcome:
    found = set(said)
    for welcome in (Welcome.DROP, Welcome.FILTER):
        if welcome in found:
            return welcome
    return Welcome.ACCEPT
