"""Commands that people type: made and taken away by a group's owners or by administrators, let
into groups by their owners."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from intranet.accounts import names
from intranet.accounts.chips import AccountChip, by_id
from intranet.accounts.models import Account
from intranet.bots import actions as bots
from intranet.bots.actions import BotDraft
from intranet.db import db
from intranet.db.once import insert_once
from intranet.groups.membership import add_member, drop_member
from intranet.groups.models import Group, Membership
from intranet.groups.policies import require_is_owner
from intranet.kernel.errors import Conflict, Invalid, NotFound
from intranet.kernel.ids import new_id
from intranet.kernel.messages import N_
from intranet.posts.models import Participant
from intranet.webhooks import outgoing
from intranet.webhooks.models import OutgoingWebhook, SlashCommand, WebhookEvent

MOST_PER_PLACE = 20
HELP = "help"
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,31}")


@dataclass(frozen=True, kw_only=True, slots=True)
class CommandDraft:
    """What a form says of a command."""

    name: str
    url: str
    description: str = ""
    usage: str = ""
    bot: str = ""  # the name of the bot that answers


@dataclass(frozen=True, slots=True)
class CommandLine:
    """A command as those who run it and those who type it read it. `works` says for a group
    whether it works there."""

    id: int
    name: str
    description: str
    usage: str
    bot: AccountChip
    webhook_id: int | None
    is_off: bool
    works: bool = True


def create(
    actor: Account,
    group: Group | None,
    draft: CommandDraft,
    *,
    allowed: Collection[str],
    group_bots: bool,
) -> SlashCommand:
    """A new command of the group, or of the organisation, with its bot and its address. Forbidden
    as for bots, Invalid per field, Conflict when there are too many."""
    outgoing.require_may_manage(actor, group)
    held = select(func.count()).select_from(SlashCommand).where(_made_in(group))
    if (db.session.scalar(held) or 0) >= MOST_PER_PLACE:
        raise Conflict(N_("That is enough. Delete one first."))
    name = _name(draft.name)
    description = names.line(draft.description, field="description", most=200, required=True)
    usage = names.line(draft.usage, field="usage", most=120)
    url = outgoing.checked_url(draft.url, allowed)
    taken = Invalid(fields={"name": N_("There is such a command already.")})
    if name == HELP or db.session.scalar(
        select(SlashCommand.id).where(_made_in(group), SlashCommand.name == name)
    ):
        raise taken
    bot_name = draft.bot.strip() or name
    bot = bots.create(
        actor, BotDraft(name=bot_name, purpose=description), group=group, group_bots=group_bots
    )
    webhook = OutgoingWebhook(
        group_id=group.id if group is not None else None,
        name=f"/{name}",
        url=url,
        events=WebhookEvent.COMMAND.value,
        created_by_id=actor.id,
    )
    db.session.add(webhook)
    db.session.flush()
    command_id = new_id()
    place = {"group_id": group.id} if group is not None else {}
    if not insert_once(
        SlashCommand,
        id=command_id,
        name=name,
        description=description,
        usage=usage,
        bot_id=bot.account_id,
        webhook_id=webhook.id,
        **place,
    ):
        raise taken
    return db.session.get_one(SlashCommand, command_id)


def edit(webhook: OutgoingWebhook, *, description: str, usage: str) -> None:
    """Other words for the command of this address; Invalid per field. The caller fetched the
    address as somebody who manages it."""
    command = of_webhook(webhook)
    if command is None:
        raise NotFound()
    command.description = names.line(description, field="description", most=200, required=True)
    command.usage = names.line(usage, field="usage", most=120)
    db.session.flush()


def of_webhook(webhook: OutgoingWebhook) -> SlashCommand | None:
    """The command that asks this address; None for one that is only told."""
    return db.session.scalar(select(SlashCommand).where(SlashCommand.webhook_id == webhook.id))


def let_in(actor: Account, group: Group, command_id: int) -> None:
    """A command of the organisation works in the group: its bot becomes a member. Owners only;
    again changes nothing. NotFound for a command that is another's."""
    require_is_owner(actor, group)
    add_member(group, _bot_of(command_id))


def put_out(actor: Account, group: Group, command_id: int) -> None:
    """It works there no more. Owners only; again changes nothing."""
    require_is_owner(actor, group)
    drop_member(group, _bot_of(command_id))


def _bot_of(command_id: int) -> Account:
    bot = db.session.scalar(
        select(Account)
        .join(SlashCommand, SlashCommand.bot_id == Account.id)
        .where(
            SlashCommand.id == command_id,
            SlashCommand.group_id.is_(None),
            SlashCommand.webhook_id.is_not(None),
            Account.deactivated_at.is_(None),
        )
    )
    if bot is None:
        raise NotFound()
    return bot


def list_made_in(group: Group | None) -> list[CommandLine]:
    """The commands that were made in the group, or for the organisation: two statements. The
    caller has made sure that the viewer manages them."""
    return _lines(_rows().where(_made_in(group), SlashCommand.webhook_id.is_not(None)))


def list_offered(group: Group) -> list[CommandLine]:
    """The commands of the organisation, and whether each works in the group: two statements."""
    inside = exists().where(
        Membership.group_id == group.id, Membership.account_id == SlashCommand.bot_id
    )
    offered = _rows(inside).where(
        SlashCommand.group_id.is_(None),
        SlashCommand.webhook_id.is_not(None),
        OutgoingWebhook.disabled_at.is_(None),
        Account.deactivated_at.is_(None),
    )
    return _lines(offered)


def list_usable(
    actor: Account, group_id: int | None, conversation_id: int | None
) -> list[CommandLine]:
    """What the actor can type in a group, or in a conversation: two statements."""
    return _lines(_rows().where(_usable_in(actor, group_id, conversation_id)))


def _usable_in(
    actor: Account, group_id: int | None, conversation_id: int | None
) -> ColumnElement[bool]:
    """The command is on, and its bot is there to answer: a member of the group (the caller has
    made sure that the actor is one), or a participant of the conversation that still shares a
    group with the actor. Needs Account (the bot) and OutgoingWebhook in FROM."""
    member, participant = aliased(Membership), aliased(Participant)
    theirs, mine = aliased(Membership), aliased(Membership)
    shared = exists().where(
        theirs.account_id == SlashCommand.bot_id,
        theirs.group_id == mine.group_id,
        mine.account_id == actor.id,
    )
    places: list[ColumnElement[bool]] = []
    if group_id is not None:
        places.append(
            exists().where(member.group_id == group_id, member.account_id == SlashCommand.bot_id)
        )
    if conversation_id is not None:
        places.append(
            exists().where(
                participant.conversation_id == conversation_id,
                participant.account_id == SlashCommand.bot_id,
                shared,
            )
        )
    on = and_(OutgoingWebhook.disabled_at.is_(None), Account.deactivated_at.is_(None))
    return and_(on, or_(*places)) if places else SlashCommand.id.is_(None)


def find_usable(
    actor: Account, name: str, group_id: int | None, conversation_id: int | None
) -> SlashCommand | None:
    """The command of this name there; one of the group itself comes before the organisation's."""
    return db.session.scalar(
        select(SlashCommand)
        .join(Account, Account.id == SlashCommand.bot_id)
        .join(OutgoingWebhook, OutgoingWebhook.id == SlashCommand.webhook_id)
        .where(SlashCommand.name == name, _usable_in(actor, group_id, conversation_id))
        .order_by(SlashCommand.group_id.is_(None), SlashCommand.id)
        .limit(1)
    )


def helper() -> SlashCommand:
    """The command of the house, made when it is first asked for: its bot says what can be typed."""
    house = select(SlashCommand).where(SlashCommand.name == HELP, SlashCommand.group_id.is_(None))
    found = db.session.scalar(house)
    if found is None:
        bot = bots.create_of_house(f"/{HELP}")
        if not insert_once(SlashCommand, id=new_id(), name=HELP, bot_id=bot.account_id):
            bots.shut(bot)  # somebody else was first
        found = db.session.scalars(house).one()
    return found


def _rows(works: ColumnElement[bool] | None = None) -> Any:
    more = (works.label("works"),) if works is not None else ()
    return (
        select(SlashCommand, OutgoingWebhook.disabled_at, Account.deactivated_at, *more)
        .join(Account, Account.id == SlashCommand.bot_id)
        .outerjoin(OutgoingWebhook, OutgoingWebhook.id == SlashCommand.webhook_id)
        .order_by(SlashCommand.name, SlashCommand.id)
    )


def _lines(statement: Any) -> list[CommandLine]:
    rows = db.session.execute(statement).all()
    bots_by_id = by_id(row.SlashCommand.bot_id for row in rows)
    return [
        CommandLine(
            row.SlashCommand.id,
            row.SlashCommand.name,
            row.SlashCommand.description,
            row.SlashCommand.usage,
            bots_by_id[row.SlashCommand.bot_id],
            row.SlashCommand.webhook_id,
            row.disabled_at is not None or row.deactivated_at is not None,
            bool(row._mapping.get("works", True)),
        )
        for row in rows
    ]


def _made_in(group: Group | None) -> ColumnElement[bool]:
    if group is None:
        return SlashCommand.group_id.is_(None)
    return SlashCommand.group_id == group.id


def _name(raw: str) -> str:
    name = raw.strip().removeprefix("/").lower()
    if not _NAME.fullmatch(name):
        sentence = N_("A command is one word of letters a to z, digits, - and _, 32 at most.")
        raise Invalid(fields={"name": sentence})
    return name
