"""Who may follow whom, and who is kept from whom. The SQL clauses are the rule."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, or_, select, union_all
from sqlalchemy.orm import aliased

from intranet.accounts import policies as account_policies
from intranet.accounts.models import Account
from intranet.db import db
from intranet.kernel.errors import Forbidden
from intranet.kernel.messages import N_
from intranet.relationships.models import Block, Mute


def apart_from(account_id: Any) -> CompoundSelect[Any]:
    """The ids of those who are kept apart from this account: whom it blocks, and who blocks it.
    Read once for a statement, whatever the number of rows it is compared with."""
    blocked, blocking = aliased(Block), aliased(Block)
    return union_all(
        select(blocked.blocked_id).where(blocked.blocker_id == account_id),
        select(blocking.blocker_id).where(blocking.blocked_id == account_id),
    )


def muted_by(account_id: Any, now: Any) -> Select[int]:
    """The ids of those whom this account does not want to read for the present."""
    mute = aliased(Mute)
    return select(mute.muted_id).where(
        mute.muter_id == account_id, or_(mute.expires_at.is_(None), mute.expires_at > now)
    )


def may_meet(account_id: Any) -> ColumnElement[bool]:
    """Of the accounts in FROM (`Account`) those that are not kept apart from this one."""
    return Account.id.not_in(apart_from(account_id))


def are_apart(one_id: int, other_id: int) -> bool:
    """Whether either of the two blocks the other."""
    return (
        db.session.scalar(
            select(Block.id).where(
                or_(
                    and_(Block.blocker_id == one_id, Block.blocked_id == other_id),
                    and_(Block.blocker_id == other_id, Block.blocked_id == one_id),
                )
            )
        )
        is not None
    )


def require_may_follow(actor: Account, followee: Account) -> None:
    """Forbidden unless the followee is another active account that could see the actor too: a
    guest is followed only by those it shares a group with, and nobody follows whom they are kept
    apart from. The actor has seen the followee."""
    if actor.id == followee.id:
        raise Forbidden(N_("You cannot follow yourself."))
    if not followee.is_active:
        raise Forbidden(N_("This account is closed."))
    if are_apart(actor.id, followee.id):
        raise Forbidden(N_("You and this person are kept apart by a block."))
    if followee.is_guest and not db.session.scalar(
        select(Account.id).where(Account.id == actor.id, account_policies.visible_to(followee))
    ):
        raise Forbidden(N_("You can follow guests only of groups that you share."))


def require_may_mute(actor: Account, account: Account) -> None:
    """Forbidden for oneself."""
    if actor.id == account.id:
        raise Forbidden(N_("You cannot mute yourself."))


def require_may_block(actor: Account, account: Account) -> None:
    """Forbidden for oneself and for official pages: what the organisation says reaches everybody.
    A page can be muted."""
    if actor.id == account.id:
        raise Forbidden(N_("You cannot block yourself."))
    if account.is_page:
        raise Forbidden(N_("An official page cannot be blocked. You can mute it."))
