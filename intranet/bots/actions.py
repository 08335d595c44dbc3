"""Writes on bots: made, given tokens, shut. What they post is published by `posts`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from intranet.accounts import names
from intranet.accounts.events import CredentialsChanged, NameChanged
from intranet.accounts.models import Account, AccountKind, Role, sort_name_of
from intranet.accounts.words import search_text_of
from intranet.bots import policies
from intranet.bots.models import Bot
from intranet.db import db, record
from intranet.db.once import insert_once
from intranet.groups.membership import add_member, drop_member
from intranet.groups.models import Group
from intranet.kernel import text
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import Conflict, Invalid, NotFound
from intranet.kernel.ids import new_id
from intranet.kernel.messages import N_
from intranet.oauth import own, tokens
from intranet.oauth.models import AccessToken

_MOST_TRIES = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class BotDraft:
    """A bot to be made. Without a handle one is made of the name."""

    name: str
    handle: str = ""
    purpose: str = ""
    owner: str = ""  # handle of who answers for it; the actor when empty


def create(actor: Account, draft: BotDraft, *, group: Group | None, group_bots: bool) -> Bot:
    """A new bot, a member of `group` if there is one, and then blind to everything else. Forbidden
    to who may not, Invalid per field."""
    policies.require_may_create(actor, group, group_bots=group_bots)
    name = names.display_name(draft.name, field="name")
    purpose = names.line(draft.purpose, field="purpose", most=200)
    owner = _owner(draft.owner) if draft.owner.strip() else actor
    account = _account(name, draft.handle, Role.MEMBER if group is None else Role.GUEST)
    bot = Bot(
        account_id=account.id,
        owner_id=owner.id,
        group_id=group.id if group is not None else None,
        purpose=purpose,
        created_by_id=actor.id,
        account=account,
    )
    db.session.add(bot)
    account.title = purpose[:120]
    account.search_text = search_text_of(account)
    db.session.flush()
    record(NameChanged(account_id=account.id))
    if group is not None:
        add_member(group, account)
    return bot


def edit(bot: Bot, *, name: str, purpose: str) -> None:
    """Another name or purpose; the handle stays. Invalid per field, Conflict for one that is
    shut. The caller fetched the bot as somebody who runs it."""
    _require_open(bot)
    name = names.display_name(name, field="name")
    purpose = names.line(purpose, field="purpose", most=200)
    account = bot.account
    account.display_name, account.sort_name = name, sort_name_of(name)
    bot.purpose, account.title = purpose, purpose[:120]
    account.search_text = search_text_of(account)
    db.session.flush()
    record(NameChanged(account_id=account.id))


def set_picture(bot: Bot, key: str | None) -> str | None:
    """Show the stored picture of this key, or none; gives the key that is no longer used."""
    _require_open(bot)
    old, bot.account.avatar_key = bot.account.avatar_key, key
    db.session.flush()
    return old


def _require_open(bot: Bot) -> None:
    if not bot.account.is_active:
        raise Conflict(N_("This bot is shut."))


def create_of_house(name: str) -> Bot:
    """A bot that speaks for the server itself: nobody made it or answers for it."""
    account = _account(name, "", Role.MEMBER)
    bot = Bot(account_id=account.id, account=account)
    db.session.add(bot)
    account.search_text = search_text_of(account)
    db.session.flush()
    return bot


def issue_token(bot: Bot, scopes: str) -> str:
    """A new token of the bot; its words are shown once. Invalid for a scope that does not exist,
    Conflict when the bot is shut. The caller fetched the bot as somebody who runs it."""
    if not bot.account.is_active:
        raise Conflict(N_("This bot is shut."))
    return own.token_for(bot.account, scopes, own.BOTS)


def revoke_token(bot: Bot, token_id: int) -> None:
    """Take back one token of this bot; NotFound for another's."""
    mine = db.session.scalar(
        select(AccessToken.id).where(
            AccessToken.id == token_id, AccessToken.account_id == bot.account_id
        )
    )
    if mine is None:
        raise NotFound()
    tokens.revoke_one(token_id)


def shut(bot: Bot) -> None:
    """The bot acts no more: its tokens count for nothing and its group loses it. What it wrote
    stays. Doing it twice is doing it once."""
    if not bot.account.is_active:
        return
    bot.account.deactivated_at = utc_now()
    db.session.flush()
    record(CredentialsChanged(account_id=bot.account_id))
    group = db.session.get(Group, bot.group_id) if bot.group_id is not None else None
    if group is not None:
        drop_member(group, bot.account)


def _owner(handle: str) -> Account:
    found = db.session.scalar(
        select(Account).where(
            Account.handle == handle.strip().removeprefix("@").lower(),
            Account.kind == AccountKind.PERSON,
            Account.role != Role.GUEST,
            Account.deactivated_at.is_(None),
        )
    )
    if found is None:
        raise Invalid(fields={"owner": N_("There is no such colleague.")})
    return found


def _account(name: str, wanted: str, role: Role) -> Account:
    account_id = new_id()
    handles = iter([names.handle(wanted)]) if wanted.strip() else _handles(name)
    for handle in handles:
        made = insert_once(
            Account,
            id=account_id,
            handle=handle,
            kind=AccountKind.BOT,
            role=role,
            display_name=name,
            sort_name=sort_name_of(name),
        )
        if made:
            return db.session.get_one(Account, account_id)
    raise Invalid(fields={"handle": N_("Somebody has that handle already.")})


def _handles(name: str) -> Iterator[str]:
    stem = re.sub(r"[^a-z0-9]+", "-", text.fold(name)).strip("-")[:40] or "bot"
    stem = stem if stem.endswith("bot") else f"{stem}-bot"
    yield stem
    for number in range(2, _MOST_TRIES):
        yield f"{stem}-{number}"
