"""Who may see and change accounts. The SQL clause is the rule; single checks reuse it."""

from sqlalchemy import ColumnElement, and_, exists, literal_column, or_, select, table, true
from sqlalchemy import column as sql_column

from intranet.accounts.models import Account, AccountKind, Role
from intranet.kernel.errors import Forbidden
from intranet.kernel.messages import N_

# Named by table: accounts stand below groups and import nothing of theirs.
_membership = table("membership", sql_column("group_id"), sql_column("account_id"))


def visible_to(viewer: Account) -> ColumnElement[bool]:
    """Members see every account; a guest sees itself and the people it shares a group with, and
    no page: what the organisation says to itself is not for it."""
    if not viewer.is_guest:
        return true()
    mine = _membership.alias("mine")
    theirs = _membership.alias("theirs")
    shared = exists(
        select(literal_column("1"))
        .select_from(mine.join(theirs, mine.c.group_id == theirs.c.group_id))
        .where(mine.c.account_id == viewer.id, theirs.c.account_id == Account.id)
    )
    return or_(Account.id == viewer.id, and_(Account.kind != AccountKind.PAGE, shared))


def may_be_written_to(actor: Account) -> ColumnElement[bool]:
    """The actor may send them direct posts: active people whom it may see; between a guest and
    anybody else only when they share a group. Needs `Account` in FROM."""
    mine = _membership.alias("mine")
    theirs = _membership.alias("theirs")
    shared = exists(
        select(literal_column("1"))
        .select_from(mine.join(theirs, mine.c.group_id == theirs.c.group_id))
        .where(mine.c.account_id == actor.id, theirs.c.account_id == Account.id)
    )
    return and_(
        Account.kind == AccountKind.PERSON,
        Account.deactivated_at.is_(None),
        visible_to(actor),
        or_(Account.role != Role.GUEST, shared, Account.id == actor.id),
    )


def may_administer(actor: Account) -> bool:
    """Whether the actor invites, deactivates and gives roles."""
    return actor.role is Role.ADMINISTRATOR


def require_may_administer(actor: Account) -> None:
    """Forbidden unless the actor is an administrator."""
    if not may_administer(actor):
        raise Forbidden(N_("Only administrators may do that."))


def may_moderate(actor: Account) -> bool:
    """Whether the actor may take down what it can see of others."""
    return actor.moderates
