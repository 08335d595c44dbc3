"""What a delivery says: written when it is sent, from what there is then.

Looked at through the address's own eyes: a group's sees its group, the organisation's what all
staff may read. None means that there is nothing to tell any more.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import func, select

from intranet.accounts.models import Account
from intranet.announcements.models import Announcement, AnnouncementText
from intranet.audiences import rules
from intranet.calendar.models import Event, EventVisibility, Occurrence
from intranet.db import db
from intranet.groups.models import Group, Membership
from intranet.posts.models import Post, Visibility
from intranet.webhooks.models import (
    CommandCall,
    OutgoingWebhook,
    SlashCommand,
    WebhookDelivery,
    WebhookEvent,
)

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes payloads with addresses below `base_url`."""

    base_url: str

    def body(self, webhook: OutgoingWebhook, delivery: WebhookDelivery) -> bytes | None:
        """The JSON to send, the same for each attempt while its subject is the same."""
        data = self._data(webhook, delivery)
        if data is None:
            return None
        group = self._group(webhook.group_id) if webhook.group_id is not None else None
        whole = {
            "type": delivery.event.value,
            "id": str(delivery.id),
            "timestamp": _moment(delivery.created_at),
            "group": group,
            "data": data,
        }
        return orjson.dumps(whole)

    def _data(self, webhook: OutgoingWebhook, delivery: WebhookDelivery) -> Data | None:
        subject = delivery.subject_id
        match delivery.event:
            case WebhookEvent.PING:
                return {"webhook": webhook.name}
            case WebhookEvent.COMMAND:
                return self._command(subject)
            case WebhookEvent.POST_DELETED:
                return {"id": str(subject)}
            case WebhookEvent.POST_PUBLISHED | WebhookEvent.POST_CHANGED:
                return self._post(webhook, subject)
            case WebhookEvent.MEMBER_JOINED:
                return self._member(webhook, subject)
            case WebhookEvent.ANNOUNCEMENT_PUBLISHED:
                return self._announcement(subject)
            case WebhookEvent.EVENT_CHANGED:
                return self._event(webhook, subject)

    def _post(self, webhook: OutgoingWebhook, post_id: int) -> Data | None:
        where = (
            Post.group_id == webhook.group_id
            if webhook.group_id is not None
            else Post.visibility == Visibility.ORGANISATION
        )
        row = db.session.execute(
            select(Post, Account)
            .join(Account, Account.id == Post.author_id)
            .where(Post.id == post_id, Post.deleted_at.is_(None), where)
        ).one_or_none()
        if row is None:
            return None
        post, author = row
        return {
            "id": str(post.id),
            "url": f"{self.base_url}/posts/{post.id}",
            "author": self._account(author),
            "warning": post.spoiler_text,
            "sensitive": post.sensitive,
            "text": post.source,
            "html": post.html,
            "in_reply_to_id": _id(post.in_reply_to_id),
            "thread_id": _id(post.root_id),
            "boost_of_id": _id(post.boost_of_id),
            "created_at": _moment(post.created_at),
            "edited_at": _moment(post.edited_at) if post.edited_at else None,
        }

    def _command(self, call_id: int) -> Data | None:
        """What was typed, while who typed it may still read where."""
        row = db.session.execute(
            select(CommandCall, SlashCommand.name, Account, Group)
            .join(SlashCommand, SlashCommand.id == CommandCall.command_id)
            .join(Account, Account.id == CommandCall.actor_id)
            .outerjoin(Group, Group.id == CommandCall.group_id)
            .outerjoin(
                Membership,
                (Membership.group_id == CommandCall.group_id)
                & (Membership.account_id == CommandCall.actor_id),
            )
            .where(
                CommandCall.id == call_id,
                Account.deactivated_at.is_(None),
                (CommandCall.group_id.is_(None)) | (Membership.account_id.is_not(None)),
            )
        ).one_or_none()
        if row is None:
            return None
        call, name, actor, group = row
        return {
            "command": f"/{name}",
            "text": call.arguments,
            "account": self._account(actor),
            "language": actor.locale,
            "group": self._group(group.id) if group is not None else None,
            "in_reply_to_id": _id(call.reply_to_id),
        }

    def _member(self, webhook: OutgoingWebhook, account_id: int) -> Data | None:
        account = db.session.scalar(
            select(Account)
            .join(Membership, Membership.account_id == Account.id)
            .where(Account.id == account_id, Membership.group_id == webhook.group_id)
        )
        return {"account": self._account(account)} if account is not None else None

    def _announcement(self, announcement_id: int) -> Data | None:
        announcement = db.session.get(Announcement, announcement_id)
        if (
            announcement is None
            or announcement.withdrawn_at is not None
            or not rules.read(announcement.audience_id).is_everyone
        ):
            return None
        newest = (
            select(AnnouncementText.language, func.max(AnnouncementText.version).label("version"))
            .where(AnnouncementText.announcement_id == announcement_id)
            .group_by(AnnouncementText.language)
            .subquery()
        )
        texts = db.session.execute(
            select(AnnouncementText.language, AnnouncementText.title)
            .join(
                newest,
                (newest.c.language == AnnouncementText.language)
                & (newest.c.version == AnnouncementText.version),
            )
            .where(AnnouncementText.announcement_id == announcement_id)
            .order_by(AnnouncementText.language)
        ).all()
        return {
            "id": str(announcement_id),
            "url": f"{self.base_url}/announcements/{announcement_id}",
            "titles": {row.language: row.title for row in texts},
        }

    def _event(self, webhook: OutgoingWebhook, event_id: int) -> Data | None:
        where = (
            Event.group_id == webhook.group_id
            if webhook.group_id is not None
            else Event.visibility == EventVisibility.ORGANISATION
        )
        event = db.session.scalar(select(Event).where(Event.id == event_id, where))
        if event is None:
            return None
        first = db.session.scalar(
            select(func.min(Occurrence.id)).where(Occurrence.event_id == event_id)
        )
        return {
            "id": str(event.id),
            "url": f"{self.base_url}/events/{first}" if first is not None else None,
            "title": event.title,
            "place": event.place,
            "starts_at": _moment(event.starts_at),
            "ends_at": _moment(event.ends_at),
            "cancelled": event.cancelled_at is not None,
        }

    def _account(self, account: Account) -> Data:
        return {
            "id": str(account.id),
            "handle": account.handle,
            "name": account.display_name,
            "bot": account.is_bot,
            "url": f"{self.base_url}/@{account.handle}",
        }

    def _group(self, group_id: int) -> Data | None:
        group = db.session.get(Group, group_id)
        if group is None:
            return None
        return {
            "id": str(group.id),
            "slug": group.slug,
            "name": group.name,
            "url": f"{self.base_url}/groups/{group.slug}",
        }


def _id(value: int | None) -> str | None:
    return str(value) if value is not None else None


def _moment(value: dt.datetime) -> str:
    return value.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.") + (
        f"{value.microsecond // 1000:03d}Z"
    )
