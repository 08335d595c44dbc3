"""Who makes and runs bots."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, false, or_, select
from sqlalchemy.orm import aliased

from intranet.accounts.models import Account
from intranet.accounts.policies import may_administer, require_may_administer
from intranet.bots.models import Bot
from intranet.groups.models import Group, GroupRole, Membership
from intranet.groups.policies import readable_by, require_is_owner
from intranet.kernel.errors import Forbidden
from intranet.kernel.messages import N_


def managed_by(viewer: Account) -> ColumnElement[bool]:
    """The viewer runs the bot: the owners of a group its bots, whoever answers for it, and
    administrators those whose group they may read: a bot's token opens what its group says. Needs
    `Bot` in FROM."""
    if viewer.is_guest or viewer.is_bot:
        return false()
    own = aliased(Membership)
    owns_group = exists().where(
        own.group_id == Bot.group_id,
        own.account_id == viewer.id,
        own.role == GroupRole.OWNER,
    )
    answers = and_(Bot.group_id.is_(None), Bot.owner_id == viewer.id)
    if not may_administer(viewer):
        return or_(owns_group, answers)
    readable = select(Group.id).where(readable_by(viewer)).correlate(None)
    return or_(owns_group, Bot.group_id.is_(None), Bot.group_id.in_(readable))


def require_may_create(actor: Account, group: Group | None, *, group_bots: bool) -> None:
    """Forbidden unless administrator, or (where the settings allow `group_bots`) an owner of the
    group that the bot is for."""
    if actor.is_bot:
        raise Forbidden(N_("A bot makes no bots."))
    if group is None:
        require_may_administer(actor)
    else:
        require_is_owner(actor, group)
        if not group_bots and not may_administer(actor):
            raise Forbidden(N_("Here only administrators make bots."))
