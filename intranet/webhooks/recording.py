"""What happened becomes a row for each subscriber, in the transaction in which it happened.

A group's subscribers hear of the group; the organisation's hear of what all staff may read, never
of what only some may.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, insert, select

from intranet.announcements.events import AnnouncementPublished
from intranet.announcements.models import Announcement
from intranet.audiences import rules
from intranet.calendar.events import EventCancelled, EventChanged, EventRestored
from intranet.calendar.models import Event, EventVisibility
from intranet.db import db, record
from intranet.groups.events import MembershipChanged
from intranet.kernel.clock import utc_now
from intranet.kernel.ids import new_id
from intranet.posts.events import PostChanged, PostDeleted, PostPublished
from intranet.webhooks.events import DeliveryQueued
from intranet.webhooks.models import DeliveryStatus, OutgoingWebhook, WebhookDelivery, WebhookEvent


def post_published(event: PostPublished) -> None:
    """A post, a reply or a boost is there."""
    _of_post(WebhookEvent.POST_PUBLISHED, event)


def post_changed(event: PostChanged) -> None:
    """A post has another text; counts and reactions are not told."""
    if event.edited:
        _of_post(WebhookEvent.POST_CHANGED, event)


def post_deleted(event: PostDeleted) -> None:
    """A post is no more."""
    _of_post(WebhookEvent.POST_DELETED, event)


def membership_changed(event: MembershipChanged) -> None:
    """Somebody joined a group; who left or got another role is not told."""
    if event.joined:
        _record(WebhookEvent.MEMBER_JOINED, event.account_id, _of_group(event.group_id))


def announcement_published(event: AnnouncementPublished) -> None:
    """An announcement for everybody is out; those for some are not told."""
    if not _anybody_listens(OutgoingWebhook.group_id.is_(None)):
        return
    audience_id = db.session.scalar(
        select(Announcement.audience_id).where(Announcement.id == event.announcement_id)
    )
    if audience_id is not None and rules.read(audience_id).is_everyone:
        where = OutgoingWebhook.group_id.is_(None)
        _record(WebhookEvent.ANNOUNCEMENT_PUBLISHED, event.announcement_id, where)


def event_changed(event: EventChanged | EventCancelled | EventRestored) -> None:
    """An event of the calendar has changed, is cancelled or takes place after all."""
    row = db.session.execute(
        select(Event.visibility, Event.group_id).where(Event.id == event.event_id)
    ).one_or_none()
    if row is None or row.visibility is EventVisibility.AUDIENCE:
        return
    of_group = row.visibility is EventVisibility.GROUP
    where = _of_group(row.group_id) if of_group else OutgoingWebhook.group_id.is_(None)
    _record(WebhookEvent.EVENT_CHANGED, event.event_id, where)


def _of_post(kind: WebhookEvent, event: PostPublished | PostChanged | PostDeleted) -> None:
    if event.group_id is not None:
        _record(kind, event.post_id, _of_group(event.group_id))
    elif event.organisation_wide:
        _record(kind, event.post_id, OutgoingWebhook.group_id.is_(None))


def _of_group(group_id: int) -> ColumnElement[bool]:
    return OutgoingWebhook.group_id == group_id


def _anybody_listens(where: ColumnElement[bool]) -> bool:
    found = select(OutgoingWebhook.id).where(where, OutgoingWebhook.disabled_at.is_(None))
    return db.session.scalar(found.limit(1)) is not None


def _record(kind: WebhookEvent, subject_id: int, where: ColumnElement[bool]) -> None:
    rows = db.session.execute(
        select(OutgoingWebhook.id, OutgoingWebhook.events).where(
            where, OutgoingWebhook.disabled_at.is_(None)
        )
    ).all()
    put(kind, subject_id, [row.id for row in rows if kind.value in row.events.split()])


def put(kind: WebhookEvent, subject_id: int, webhook_ids: list[int]) -> None:
    """A row for each of these subscribers, due now."""
    if not webhook_ids:
        return
    now = utc_now()
    db.session.execute(
        insert(WebhookDelivery),
        [
            {
                "id": new_id(),
                "webhook_id": webhook_id,
                "event": kind,
                "subject_id": subject_id,
                "status": DeliveryStatus.WAITING,
                "attempts": 0,
                "excerpt": "",
                "send_after": now,
                "created_at": now,
            }
            for webhook_id in webhook_ids
        ],
    )
    wake()


def wake() -> None:
    """There is something to tell now."""
    record(DeliveryQueued())
