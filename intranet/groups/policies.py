"""Who may see, read and run a group. The SQL clause is the rule; single checks reuse it."""

from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import aliased

from intranet.accounts.models import Account
from intranet.db import db
from intranet.db.clauses import kept_per_viewer
from intranet.groups.models import (
    Group,
    GroupInvitation,
    GroupPrivacy,
    GroupRole,
    Membership,
)
from intranet.kernel.errors import Forbidden
from intranet.kernel.messages import N_

# The clauses look at memberships under a name of their own: a query that itself reads
# memberships or groups must not be mixed up with them.

# Who runs a group: answers requests, invites, pins, takes posts down.
STEWARDS = (GroupRole.OWNER, GroupRole.MODERATOR)


def is_member(viewer: Account, group_id: Any = Group.id) -> ColumnElement[bool]:
    """The viewer belongs to the group (a correlated EXISTS)."""
    own = aliased(Membership)
    return exists().where(own.group_id == group_id, own.account_id == viewer.id)


def groups_of(account_id: int) -> Any:
    """The ids of somebody's groups, as a subquery for IN."""
    own = aliased(Membership)
    return select(own.group_id).where(own.account_id == account_id)


def _is_invited(viewer: Account) -> ColumnElement[bool]:
    own = aliased(GroupInvitation)
    return exists().where(own.group_id == Group.id, own.account_id == viewer.id)


@kept_per_viewer
def visible_to(viewer: Account) -> ColumnElement[bool]:
    """The viewer may know that the group exists: not secret, or belongs to it, or invited.
    A guest knows only of the groups it belongs to or is invited to."""
    inside = or_(is_member(viewer), _is_invited(viewer))
    if viewer.is_guest:
        return inside
    return or_(Group.privacy != GroupPrivacy.SECRET, inside)


@kept_per_viewer
def readable_by(viewer: Account) -> ColumnElement[bool]:
    """The viewer may read its posts, files and members."""
    if viewer.is_guest:
        return is_member(viewer)
    return or_(Group.privacy == GroupPrivacy.OPEN, is_member(viewer))


def require_may_read(viewer: Account, group: Group) -> None:
    """Forbidden unless the group's content is for the viewer."""
    if not db.session.scalar(select(Group.id).where(Group.id == group.id, readable_by(viewer))):
        raise Forbidden(N_("Only members can read this group."))


def require_may_create(actor: Account) -> None:
    """Forbidden to guests."""
    if actor.is_guest:
        raise Forbidden(N_("Guests cannot create groups."))


def require_may_post(actor: Account, group: Group) -> None:
    """Forbidden unless the actor belongs to the group."""
    if not db.session.scalar(select(is_member(actor, group.id))):
        raise Forbidden(N_("Join the group before you post in it."))


def runs(viewer: Account, group_id: Any = Group.id) -> ColumnElement[bool]:
    """The viewer is an owner or a moderator of the group."""
    own = aliased(Membership)
    return exists().where(
        own.group_id == group_id,
        own.account_id == viewer.id,
        own.role.in_(STEWARDS),
    )


def require_may_run(actor: Account, group: Group) -> None:
    """Forbidden unless owner or moderator: requests, invitations, pins, removing posts."""
    if not db.session.scalar(select(runs(actor, group.id))):
        raise Forbidden(N_("Only the group's owners and moderators may do that."))


def require_may_invite(actor: Account, group: Group) -> None:
    """Forbidden unless the actor runs the group, or is an employee in it and it is open."""
    if group.privacy is GroupPrivacy.OPEN and not actor.is_guest:
        require_may_post(actor, group)
    else:
        require_may_run(actor, group)


def require_is_owner(actor: Account, group: Group) -> None:
    """Forbidden unless owner: settings, roles, deleting the group."""
    role = db.session.scalar(
        select(Membership.role).where(
            Membership.group_id == group.id, Membership.account_id == actor.id
        )
    )
    if role is not GroupRole.OWNER:
        raise Forbidden(N_("Only the group's owners may do that."))


def may_remove(mine: GroupRole | None, theirs: GroupRole) -> bool:
    """Owners remove anybody, moderators only members."""
    return mine is GroupRole.OWNER or (mine is GroupRole.MODERATOR and theirs is GroupRole.MEMBER)
