"""Outgoing webhooks: made, changed and watched by a group's owners or by administrators."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import contains_eager

from intranet.accounts import names
from intranet.accounts.models import Account
from intranet.accounts.policies import require_may_administer
from intranet.bots import actions as bots
from intranet.bots.models import Bot
from intranet.db import db
from intranet.groups.models import Group
from intranet.groups.policies import require_is_owner
from intranet.kernel import outbound
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import Conflict, Invalid, NotFound
from intranet.kernel.messages import N_
from intranet.kernel.outbound import Refused
from intranet.kernel.pagination import MAX_LIMIT, Cursor, Page, page_of
from intranet.webhooks import recording, signing
from intranet.webhooks.models import (
    DeliveryStatus,
    OutgoingWebhook,
    SlashCommand,
    WebhookDelivery,
    WebhookEvent,
)

MOST_PER_PLACE = 20
OF_GROUPS = (
    WebhookEvent.POST_PUBLISHED,
    WebhookEvent.POST_CHANGED,
    WebhookEvent.POST_DELETED,
    WebhookEvent.MEMBER_JOINED,
    WebhookEvent.EVENT_CHANGED,
)
OF_ORGANISATION = (
    WebhookEvent.POST_PUBLISHED,
    WebhookEvent.POST_CHANGED,
    WebhookEvent.POST_DELETED,
    WebhookEvent.ANNOUNCEMENT_PUBLISHED,
    WebhookEvent.EVENT_CHANGED,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class WebhookDraft:
    """What a form says of an address."""

    name: str
    url: str
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OutgoingLine:
    """An address as its owners see it."""

    id: int
    name: str
    url: str
    events: tuple[str, ...]
    created_at: dt.datetime
    failures: int
    disabled_at: dt.datetime | None
    disabled_because: str
    last_delivered_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """One line of the log."""

    id: int
    event: str
    status: str
    attempts: int
    created_at: dt.datetime
    send_after: dt.datetime
    response_status: int | None
    milliseconds: int | None
    excerpt: str


def require_may_manage(actor: Account, group: Group | None) -> None:
    """Forbidden unless the actor owns the group, or (without one) administers the organisation."""
    if group is None:
        require_may_administer(actor)
    else:
        require_is_owner(actor, group)


def events_for(group: Group | None) -> tuple[WebhookEvent, ...]:
    """What an address of this group, or of the organisation, can be told of."""
    return OF_ORGANISATION if group is None else OF_GROUPS


def create(
    actor: Account, group: Group | None, draft: WebhookDraft, *, allowed: Collection[str]
) -> OutgoingWebhook:
    """A new address. Invalid per field; `allowed` are the hosts that the operator trusts."""
    require_may_manage(actor, group)
    count = select(func.count()).where(
        _of(group), OutgoingWebhook.events != WebhookEvent.COMMAND.value
    )
    if (db.session.scalar(count) or 0) >= MOST_PER_PLACE:
        raise Conflict(N_("That is enough. Delete one first."))
    wanted = _events(group, draft.events)
    webhook = OutgoingWebhook(
        group_id=group.id if group is not None else None,
        name=names.line(draft.name, field="name", most=80, required=True),
        url=checked_url(draft.url, allowed),
        events=" ".join(wanted),
        created_by_id=actor.id,
    )
    db.session.add(webhook)
    db.session.flush()
    return webhook


def get(actor: Account, group: Group | None, webhook_id: int) -> OutgoingWebhook:
    """The address, if it belongs to this group (or to the organisation); NotFound otherwise."""
    require_may_manage(actor, group)
    webhook = db.session.scalar(
        select(OutgoingWebhook)
        .where(OutgoingWebhook.id == webhook_id, _of(group))
        .execution_options(populate_existing=True)
    )
    if webhook is None:
        raise NotFound()
    return webhook


def edit(
    webhook: OutgoingWebhook, group: Group | None, draft: WebhookDraft, *, allowed: Collection[str]
) -> None:
    """Another name, address or choice of events; of a command the address only. What waits goes
    to the new address. Invalid per field."""
    webhook.url = checked_url(draft.url, allowed)
    if webhook.events != WebhookEvent.COMMAND.value:
        webhook.events = " ".join(_events(group, draft.events))
        webhook.name = names.line(draft.name, field="name", most=80, required=True)
    db.session.flush()


def delete(webhook: OutgoingWebhook) -> None:
    """The address is told nothing more, and its log goes with it; of a command its bot is shut."""
    shut_bot_of(webhook.id)
    db.session.delete(webhook)
    db.session.flush()


def rotate(webhook: OutgoingWebhook) -> None:
    """Another secret. For a day what is sent is signed with both."""
    webhook.secret_number += 1
    webhook.rotated_at = utc_now()
    db.session.flush()


def enable(webhook: OutgoingWebhook) -> None:
    """Turn it on again after it was turned off; what waits is told."""
    webhook.disabled_at, webhook.disabled_because, webhook.failures = None, "", 0
    db.session.flush()


def disable(webhook: OutgoingWebhook) -> None:
    """Tell it nothing until it is turned on."""
    webhook.disabled_at = webhook.disabled_at or utc_now()
    db.session.flush()


def ping(webhook: OutgoingWebhook) -> None:
    """Tell it that it is there: to try it out. Conflict while it is turned off."""
    if webhook.disabled_at is not None:
        raise Conflict(N_("It is turned off. Turn it on first."))
    recording.put(WebhookEvent.PING, webhook.id, [webhook.id])


def replay(webhook: OutgoingWebhook, delivery_id: int) -> None:
    """Tell it once more, under the same id. NotFound for another address's delivery, Conflict for
    one that waits anyway, or while the address is turned off."""
    if webhook.disabled_at is not None:
        raise Conflict(N_("It is turned off. Turn it on first."))
    delivery = db.session.scalar(
        select(WebhookDelivery)
        .where(WebhookDelivery.id == delivery_id, WebhookDelivery.webhook_id == webhook.id)
        .with_for_update()
    )
    if delivery is None:
        raise NotFound()
    if delivery.status is DeliveryStatus.WAITING and delivery.attempts == 0:
        raise Conflict(N_("It is on its way already."))
    delivery.status, delivery.attempts, delivery.ended_at = DeliveryStatus.WAITING, 0, None
    delivery.send_after = utc_now()
    db.session.flush()
    recording.wake()


def secret(webhook: OutgoingWebhook, key: str) -> str:
    """What whoever checks signatures needs."""
    return signing.shown(signing.secret_of(key, webhook.id, webhook.secret_number))


def list_of(group: Group | None) -> list[OutgoingLine]:
    """The addresses of a group or of the organisation, the newest first: one statement. The
    caller has made sure that the viewer manages them."""
    last = (
        select(func.max(WebhookDelivery.ended_at))
        .where(
            WebhookDelivery.webhook_id == OutgoingWebhook.id,
            WebhookDelivery.status == DeliveryStatus.DELIVERED,
        )
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(OutgoingWebhook, last.label("last"))
        .where(_of(group), OutgoingWebhook.events != WebhookEvent.COMMAND.value)
        .order_by(OutgoingWebhook.id.desc())
        .limit(MAX_LIMIT)
    )
    return [line(row, told) for row, told in rows]


def shut_bot_of(webhook_id: int) -> None:
    """Shut the bot of the command whose address this is, if it is one's."""
    bot = db.session.scalar(
        select(Bot)
        .join(SlashCommand, SlashCommand.bot_id == Bot.account_id)
        .join(Bot.account)
        .where(SlashCommand.webhook_id == webhook_id)
        .options(contains_eager(Bot.account))
    )
    if bot is not None:
        bots.shut(bot)


def line(row: OutgoingWebhook, told: dt.datetime | None = None) -> OutgoingLine:
    """The address as its page shows it."""
    return OutgoingLine(
        row.id,
        row.name,
        row.url,
        tuple(row.events.split()),
        row.created_at,
        row.failures,
        row.disabled_at,
        row.disabled_because,
        told,
    )


def log_of(webhook: OutgoingWebhook, cursor: Cursor) -> Page[DeliveryLine]:
    """What was told, the newest first: one statement."""
    statement = (
        select(WebhookDelivery)
        .where(WebhookDelivery.webhook_id == webhook.id)
        .order_by(WebhookDelivery.id.desc())
        .limit(cursor.limit + 1)
    )
    if cursor.before is not None:
        statement = statement.where(WebhookDelivery.id < cursor.before)
    rows = db.session.scalars(statement).all()
    return page_of(
        [
            DeliveryLine(
                row.id,
                row.event.value,
                row.status.value,
                row.attempts,
                row.created_at,
                row.send_after,
                row.response_status,
                row.milliseconds,
                row.excerpt,
            )
            for row in rows
        ],
        cursor.limit,
        lambda one: one.id,
    )


def _of(group: Group | None) -> ColumnElement[bool]:
    if group is None:
        return OutgoingWebhook.group_id.is_(None)
    return OutgoingWebhook.group_id == group.id


def _events(group: Group | None, wanted: tuple[str, ...]) -> list[str]:
    known = [one.value for one in events_for(group)]
    if not wanted or not set(wanted) <= set(known):
        raise Invalid(fields={"events": N_("Choose at least one of these.")})
    return [one for one in known if one in wanted]


def checked_url(raw: str, allowed: Collection[str]) -> str:
    """The address without spaces around it; Invalid under `url` when it cannot be asked."""
    url = raw.strip()
    try:
        outbound.check(url, allowed)
    except Refused:
        message = N_("Give an address that begins with https:// and has no user name or port.")
        raise Invalid(fields={"url": message}) from None
    return url
