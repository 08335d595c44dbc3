"""Who may follow whom."""

from __future__ import annotations

from sqlalchemy import select

from intranet.accounts import policies as account_policies
from intranet.accounts.models import Account
from intranet.db import db
from intranet.kernel.errors import Forbidden
from intranet.kernel.messages import N_


def require_may_follow(actor: Account, followee: Account) -> None:
    """Forbidden unless the followee is another active account that could see the actor too: a
    guest is followed only by those it shares a group with. The actor has seen the followee."""
    if actor.id == followee.id:
        raise Forbidden(N_("You cannot follow yourself."))
    if not followee.is_active:
        raise Forbidden(N_("This account is closed."))
    if followee.is_guest and not db.session.scalar(
        select(Account.id).where(Account.id == actor.id, account_policies.visible_to(followee))
    ):
        raise Forbidden(N_("You can follow guests only of groups that you share."))
