"""The one place that says what follows from what.

BEFORE_COMMIT handlers run inside the transaction, in the order of the facts, and may record
further facts: what they write is there or not there together with its cause. They let a package
that stands higher follow a lower one (timelines after posts) without an import downwards.
AFTER_COMMIT handlers run when the transaction is safe; what they do may be lost.
"""

from collections.abc import Callable
from typing import Any

from intranet.accounts.events import (
    AccessChanged,
    CredentialsChanged,
    Invited,
    NameChanged,
    PasswordChanged,
    PlaceChanged,
    ResetAsked,
)
from intranet.announcements import joiners
from intranet.announcements.events import (
    AnnouncementAcknowledged,
    AnnouncementPublished,
    AnnouncementRead,
    AnnouncementRevised,
    AnnouncementWithdrawn,
)
from intranet.calendar import actions as calendar
from intranet.calendar import mailing, mailing_series
from intranet.calendar.events import (
    EventCancelled,
    EventChanged,
    EventInvited,
    EventRearranged,
    EventRestored,
    RsvpChanged,
    SeriesAnswered,
)
from intranet.filters.events import FiltersChanged
from intranet.groups.events import GroupChanged, GroupNamed, MembershipChanged
from intranet.interruptions import letters as notice_letters
from intranet.interruptions.events import HoursChanged
from intranet.kernel.domain_events import DomainEvent
from intranet.lists import actions as lists
from intranet.live import publisher, relay
from intranet.mail import errands
from intranet.mail import queue as outbox
from intranet.mail.events import MailQueued
from intranet.notifications.events import NotificationsRead, Notified
from intranet.oauth import tokens as oauth
from intranet.posts.events import PostChanged, PostDeleted, PostPublished
from intranet.previews import asking as previews
from intranet.previews.events import PreviewAsked
from intranet.push import actions as push
from intranet.push import queue as pushes
from intranet.push.events import PushQueued
from intranet.relationships.events import Followed, Unfollowed
from intranet.search import indexing, names
from intranet.tasks import queue
from intranet.tasks.events import TaskQueued
from intranet.timelines import actions as timelines
from intranet.webhooks import queue as webhook_queue
from intranet.webhooks import recording as webhooks
from intranet.webhooks.events import DeliveryQueued

Handlers = dict[type[DomainEvent], tuple[Callable[[Any], None], ...]]

BEFORE_COMMIT: Handlers = {
    CredentialsChanged: (oauth.credentials_changed,),
    PostPublished: (timelines.fan_out, indexing.post_published, webhooks.post_published),
    PostChanged: (indexing.post_changed, webhooks.post_changed),
    PostDeleted: (timelines.withdraw, indexing.post_deleted, webhooks.post_deleted),
    Followed: (timelines.follow_started,),
    Unfollowed: (timelines.follow_ended, lists.follow_ended),
    MembershipChanged: (
        timelines.membership_changed,
        calendar.membership_changed,
        joiners.follow,
        webhooks.membership_changed,
    ),
    AnnouncementPublished: (webhooks.announcement_published,),
    NameChanged: (names.account_changed,),
    GroupNamed: (names.group_changed,),
    PlaceChanged: (joiners.follow, names.account_changed),
    EventInvited: (mailing.invited,),
    EventChanged: (mailing.changed, webhooks.event_changed),
    EventRearranged: (mailing.rearranged,),
    EventCancelled: (mailing.cancelled, webhooks.event_changed),
    EventRestored: (mailing.restored, webhooks.event_changed),
    SeriesAnswered: (mailing_series.answered_all,),
    RsvpChanged: (mailing.answered,),
    Notified: (push.notified, notice_letters.notified),
    HoursChanged: (push.hours_changed, notice_letters.hours_changed),
    Invited: (errands.invited,),
    ResetAsked: (errands.reset_asked,),
    PasswordChanged: (errands.password_changed,),
}

AFTER_COMMIT: Handlers = {
    # Settled before anything is told: who has just left must not hear it.
    MembershipChanged: (publisher.membership_changed,),
    CredentialsChanged: (relay.carry,),
    GroupChanged: (publisher.group_changed,),
    AccessChanged: (publisher.access_changed, relay.carry),
    Followed: (publisher.follow_changed,),
    Unfollowed: (publisher.follow_changed,),
    PostPublished: (publisher.post_published, relay.carry),
    PostChanged: (publisher.post_changed, relay.carry_edit),
    PostDeleted: (publisher.post_deleted, relay.carry),
    RsvpChanged: (publisher.event_changed,),
    Notified: (publisher.notified, relay.carry),
    FiltersChanged: (relay.carry,),
    NotificationsRead: (publisher.notifications_read,),
    AnnouncementPublished: (publisher.announcement_published, relay.carry),
    AnnouncementRevised: (publisher.announcement_revised, relay.carry),
    AnnouncementWithdrawn: (publisher.announcement_revised, relay.carry),
    AnnouncementRead: (publisher.announcement_answered,),
    AnnouncementAcknowledged: (publisher.announcement_answered,),
    TaskQueued: (queue.ring,),
    MailQueued: (outbox.ring,),
    DeliveryQueued: (webhook_queue.ring,),
    PushQueued: (pushes.ring,),
    PreviewAsked: (previews.ring,),
}
