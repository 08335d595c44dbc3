"""The time of a post to come has arrived."""

from __future__ import annotations

import logging
from typing import Any

from sqlalchemy import select

from intranet.accounts.models import Account
from intranet.db import db
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import DomainError, NotFound
from intranet.kernel.messages import N_
from intranet.notifications.actions import notify
from intranet.notifications.models import NotificationKind
from intranet.posts.drafts import PostLimits
from intranet.scheduled import actions
from intranet.scheduled.models import ScheduledPost

log = logging.getLogger(__name__)


def publish_due(payload: dict[str, Any], limits: PostLimits) -> None:
    """Publish it, in the transaction that also takes the task out of the queue, so once. What the
    author may not do any more leaves the text where it is and tells the author. Nothing happens
    when it was moved, published or given up meanwhile."""
    scheduled = db.session.scalar(
        select(ScheduledPost)
        .where(ScheduledPost.id == int(payload["id"]))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if scheduled is None or scheduled.failed_at is not None or scheduled.publish_at > utc_now():
        return
    author = db.session.get_one(Account, scheduled.author_id)
    if not author.is_active:
        _fail(scheduled, N_("Your account was closed at that time."))
        return
    try:
        # Facts are recorded last, after all that can be refused: none outlives the savepoint.
        with db.session.begin_nested():
            actions.publish(author, scheduled, limits)
    except DomainError as error:
        log.info("scheduled post %s is refused: %s", scheduled.id, error)
        _fail(scheduled, *_reason(error))
        notify(
            {author.id},
            actor=author,
            kind=NotificationKind.SCHEDULED_FAILED,
            tell_actor=True,
        )


def _fail(scheduled: ScheduledPost, reason: str, params: dict[str, Any] | None = None) -> None:
    scheduled.failed_at = utc_now()
    scheduled.failure, scheduled.failure_params = reason, params or {}
    db.session.flush()


def _reason(error: DomainError) -> tuple[str, dict[str, Any]]:
    """A marked sentence and what fills its places, to be translated when it is read."""
    if isinstance(error, NotFound):
        return N_("What it was written for is no longer there, or no longer for you."), {}
    params = {
        name: value if isinstance(value, (int, float)) else str(value)
        for name, value in error.params.items()
    }
    return error.message, params
