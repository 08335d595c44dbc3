"""Bots as those who run them see them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from intranet.accounts import chips
from intranet.accounts.chips import AccountChip, chip_of
from intranet.accounts.models import Account
from intranet.bots import policies
from intranet.bots.models import Bot
from intranet.db import db
from intranet.groups import chips as group_chips
from intranet.groups.chips import GroupChip
from intranet.groups.models import Group
from intranet.kernel.errors import NotFound
from intranet.kernel.pagination import MAX_LIMIT, Cursor, Page, page_of
from intranet.oauth import scopes
from intranet.oauth.models import AccessToken


@dataclass(frozen=True, slots=True)
class BotLine:
    """A bot, what it is for and who answers for it."""

    chip: AccountChip
    purpose: str
    owner: AccountChip | None
    group: GroupChip | None
    created_at: dt.datetime


@dataclass(frozen=True, slots=True)
class TokenLine:
    """A living token, without its words."""

    id: int
    scopes: tuple[str, ...]
    created_at: dt.datetime
    last_used_at: dt.datetime


def get_managed(viewer: Account, handle: str, *, lock: bool = False) -> Bot:
    """The bot, if the viewer runs it; NotFound otherwise."""
    statement = (
        select(Bot)
        .join(Bot.account)
        .where(Account.handle == handle.lower(), policies.managed_by(viewer))
        .options(contains_eager(Bot.account))
    )
    if lock:
        statement = statement.with_for_update(of=Bot).execution_options(populate_existing=True)
    bot = db.session.scalar(statement)
    if bot is None:
        raise NotFound()
    return bot


def line(bot: Bot) -> BotLine:
    """One bot as its page shows it: two statements."""
    group = db.session.get(Group, bot.group_id) if bot.group_id is not None else None
    owner = chips.by_id([bot.owner_id]).get(bot.owner_id) if bot.owner_id is not None else None
    return BotLine(
        chip_of(bot.account),
        bot.purpose,
        owner,
        group_chips.chip_of(group) if group is not None else None,
        bot.created_at,
    )


def list_managed(viewer: Account, cursor: Cursor) -> Page[BotLine]:
    """The bots that the viewer runs, the newest first: two statements."""
    statement = (
        select(Bot, Account, Group)
        .join(Account, Account.id == Bot.account_id)
        .outerjoin(Group, Group.id == Bot.group_id)
        .where(policies.managed_by(viewer))
        .order_by(Bot.account_id.desc())
        .limit(cursor.limit + 1)
    )
    if cursor.before is not None:
        statement = statement.where(Bot.account_id < cursor.before)
    rows = db.session.execute(statement).all()
    owners = chips.by_id(bot.owner_id for bot, _account, _group in rows if bot.owner_id)
    return page_of(
        [
            BotLine(
                chip_of(account),
                bot.purpose,
                owners.get(bot.owner_id or 0),
                group_chips.chip_of(group) if group is not None else None,
                bot.created_at,
            )
            for bot, account, group in rows
        ],
        cursor.limit,
        lambda one: one.chip.id,
    )


def tokens_of(bot: Bot) -> list[TokenLine]:
    """The tokens that open something, the newest first; MAX_LIMIT at most."""
    rows = db.session.scalars(
        select(AccessToken)
        .where(AccessToken.account_id == bot.account_id, AccessToken.revoked_at.is_(None))
        .order_by(AccessToken.id.desc())
        .limit(MAX_LIMIT)
    )
    return [
        TokenLine(row.id, scopes.held(row.scopes), row.created_at, row.last_used_at) for row in rows
    ]
