"""The one place that says what follows from what.

BEFORE_COMMIT handlers run inside the transaction, in the order of the facts, and may record
further facts: what they write is there or not there together with its cause. They let a package
that stands higher follow a lower one (timelines after posts) without an import downwards.
AFTER_COMMIT handlers run when the transaction is safe; what they do may be lost.
"""

from collections.abc import Callable
from typing import Any

from intranet.accounts.events import AccessChanged, CredentialsChanged
from intranet.groups.events import GroupChanged, MembershipChanged
from intranet.kernel.domain_events import DomainEvent
from intranet.live import publisher
from intranet.notifications.events import NotificationsRead, Notified
from intranet.oauth import tokens as oauth
from intranet.posts.events import PostChanged, PostDeleted, PostPublished
from intranet.relationships.events import Followed, Unfollowed
from intranet.tasks import queue
from intranet.tasks.events import TaskQueued
from intranet.timelines import actions as timelines

Handlers = dict[type[DomainEvent], tuple[Callable[[Any], None], ...]]

BEFORE_COMMIT: Handlers = {
    CredentialsChanged: (oauth.credentials_changed,),
    PostPublished: (timelines.fan_out,),
    PostDeleted: (timelines.withdraw,),
    Followed: (timelines.follow_started,),
    Unfollowed: (timelines.follow_ended,),
    MembershipChanged: (timelines.membership_changed,),
}

AFTER_COMMIT: Handlers = {
    # Settled before anything is told: who has just left must not hear it.
    MembershipChanged: (publisher.membership_changed,),
    GroupChanged: (publisher.group_changed,),
    AccessChanged: (publisher.access_changed,),
    Followed: (publisher.follow_changed,),
    Unfollowed: (publisher.follow_changed,),
    PostPublished: (publisher.post_published,),
    PostChanged: (publisher.post_changed,),
    PostDeleted: (publisher.post_deleted,),
    Notified: (publisher.notified,),
    NotificationsRead: (publisher.notifications_read,),
    TaskQueued: (queue.ring,),
}
