"""Incoming webhooks: made and revoked by a group's owners, used by whoever knows the address."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import contains_eager

from intranet.accounts import chips
from intranet.accounts.chips import AccountChip
from intranet.accounts.models import Account
from intranet.bots import actions as bots
from intranet.bots.actions import BotDraft
from intranet.bots.models import Bot
from intranet.db import db
from intranet.groups.models import Group, Membership
from intranet.groups.policies import require_is_owner
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import Conflict, Forbidden, NotFound
from intranet.kernel.messages import N_
from intranet.kernel.pagination import MAX_LIMIT
from intranet.oauth.digests import digest, fresh
from intranet.posts import actions as posts
from intranet.posts.drafts import PostDraft, PostLimits
from intranet.posts.models import Post
from intranet.posts.queries import get_visible
from intranet.webhooks.models import IncomingWebhook
from intranet.webhooks.slack import Message

MOST_PER_GROUP = 40
_MAX_TOKEN = 200


class NoService(NotFound):
    """There is no such address, or it was revoked: the same words for both."""

    code = "no_service"


@dataclass(frozen=True, slots=True)
class IncomingLine:
    """An address as the group's owners see it; its words are kept nowhere."""

    id: int
    bot: AccountChip
    created_at: dt.datetime
    last_used_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Made:
    """A new address: `token` is shown once."""

    token: str
    webhook: IncomingWebhook


def create(actor: Account, group: Group, name: str, *, group_bots: bool) -> Made:
    """A new address of the group, and the bot of that name that posts what comes. Owners only;
    Conflict when there are too many."""
    require_is_owner(actor, group)
    if len(list_of(group)) >= MOST_PER_GROUP:
        raise Conflict(N_("That is enough for one group. Revoke one first."))
    bot = bots.create(actor, BotDraft(name=name), group=group, group_bots=group_bots)
    token = fresh()
    webhook = IncomingWebhook(
        group_id=group.id,
        bot_id=bot.account_id,
        token_hash=digest(token),
        created_by_id=actor.id,
    )
    db.session.add(webhook)
    db.session.flush()
    return Made(token, webhook)


def revoke(actor: Account, group: Group, webhook_id: int) -> None:
    """The address opens nothing any more, and its bot is shut. Owners only; again changes
    nothing."""
    require_is_owner(actor, group)
    webhook = db.session.scalar(
        select(IncomingWebhook).where(
            IncomingWebhook.id == webhook_id, IncomingWebhook.group_id == group.id
        )
    )
    if webhook is None:
        raise NotFound()
    if webhook.revoked_at is not None:
        return
    webhook.revoked_at = utc_now()
    db.session.flush()
    bot = db.session.scalars(
        select(Bot)
        .join(Bot.account)
        .where(Bot.account_id == webhook.bot_id)
        .options(contains_eager(Bot.account))
    ).one()
    bots.shut(bot)


def list_of(group: Group) -> list[IncomingLine]:
    """The living addresses of a group, the newest first; one whose bot was shut lives no more. Two
    statements. The caller has made sure that the viewer owns the group."""
    rows = db.session.scalars(
        select(IncomingWebhook)
        .join(Account, Account.id == IncomingWebhook.bot_id)
        .where(
            IncomingWebhook.group_id == group.id,
            IncomingWebhook.revoked_at.is_(None),
            Account.deactivated_at.is_(None),
        )
        .order_by(IncomingWebhook.id.desc())
        .limit(MAX_LIMIT)
    ).all()
    bots_by_id = chips.by_id(row.bot_id for row in rows)
    return [
        IncomingLine(row.id, bots_by_id[row.bot_id], row.created_at, row.last_used_at)
        for row in rows
    ]


def find(token: str) -> IncomingWebhook | None:
    """The living address with this token, whose bot still belongs to its group."""
    if not token or len(token) > _MAX_TOKEN:
        return None
    return db.session.scalar(
        select(IncomingWebhook)
        .join(Account, Account.id == IncomingWebhook.bot_id)
        .join(
            Membership,
            (Membership.account_id == IncomingWebhook.bot_id)
            & (Membership.group_id == IncomingWebhook.group_id),
        )
        .where(
            IncomingWebhook.token_hash == digest(token),
            IncomingWebhook.revoked_at.is_(None),
            Account.deactivated_at.is_(None),
        )
    )


def receive(
    webhook: IncomingWebhook,
    message: Message,
    limits: PostLimits,
    *,
    idempotency_key: str | None = None,
) -> Post:
    """Post the message into the group of a living address as its bot. NotFound for a thread that is
    not the group's; Invalid and Forbidden as in every door."""
    bot = db.session.get_one(Account, webhook.bot_id)
    if message.thread_id is not None:
        parent = get_visible(bot, message.thread_id)
        if parent.group_id != webhook.group_id:
            raise Forbidden()
    post = posts.publish(
        bot,
        PostDraft(
            source=message.source,
            group_id=webhook.group_id,
            in_reply_to_id=message.thread_id,
            idempotency_key=idempotency_key,
        ),
        limits,
    )
    db.session.execute(
        update(IncomingWebhook)
        .where(IncomingWebhook.id == webhook.id)
        .values(last_used_at=utc_now())
        .execution_options(synchronize_session=False)
    )
    return post
