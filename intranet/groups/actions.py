"""Writes on groups and on one's own membership. Requests, invitations and roles have modules
of their own. An action checks, changes and records; it never commits."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from sqlalchemy import delete as sql_delete
from sqlalchemy import select, update

from intranet.accounts.mentions import html_of
from intranet.accounts.models import Account
from intranet.db import db, record
from intranet.db.once import insert_once
from intranet.groups import policies, requests
from intranet.groups.events import GroupChanged, GroupNamed, MembershipChanged
from intranet.groups.membership import add_member, drop_member, hold, is_only_owner, role_of
from intranet.groups.models import (
    Group,
    GroupCaller,
    GroupInvitation,
    GroupPrivacy,
    GroupRole,
    Membership,
    NotifyLevel,
)
from intranet.groups.slugs import candidates
from intranet.kernel import text
from intranet.kernel.errors import Conflict, Forbidden, Invalid
from intranet.kernel.ids import new_id
from intranet.kernel.messages import N_

NAME_LENGTH = 80
PURPOSE_LENGTH = 300
ABOUT_LENGTH = 10_000


class Joined(enum.Enum):
    """What became of the wish to join."""

    MEMBER = "member"
    REQUESTED = "requested"


@dataclass(slots=True)
class GroupDraft:
    """What every door must hand in to make or change a group; cleaned and checked here."""

    name: str
    purpose: str = ""
    about: str = ""
    privacy: GroupPrivacy = GroupPrivacy.OPEN

    def __post_init__(self) -> None:
        fields = {}
        if len(self.name) > 10 * NAME_LENGTH:
            fields["name"] = N_("The name is too long.")
        else:
            try:
                self.name = text.clean_name(self.name, limit=NAME_LENGTH)
            except text.UnsuitableName as reason:
                fields["name"] = str(reason)
        self.purpose = " ".join(text.normalise(self.purpose[: 10 * PURPOSE_LENGTH]).split())
        if len(self.purpose) > PURPOSE_LENGTH:
            fields["purpose"] = N_("Say it in one or two sentences: 300 characters at most.")
        if len(self.about) > ABOUT_LENGTH:
            fields["about"] = N_("This is too long: 10,000 characters at most.")
        else:
            self.about = text.normalise(self.about)
        if fields:
            raise Invalid(fields=fields)


def create(actor: Account, draft: GroupDraft) -> Group:
    """A new group that the actor owns. Forbidden to guests."""
    policies.require_may_create(actor)
    group_id = new_id()
    for slug in candidates(draft.name, draft.privacy):
        if insert_once(
            Group,
            id=group_id,
            slug=slug,
            created_by_id=actor.id,
            privacy=draft.privacy,
            **_written(draft),
        ):
            break
    else:
        raise Conflict()
    group = db.session.get_one(Group, group_id)
    add_member(group, actor, GroupRole.OWNER)
    record(GroupNamed(group_id=group_id))
    return group


def edit(actor: Account, group: Group, draft: GroupDraft) -> None:
    """Change name, purpose, about and privacy; the address stays. Owners only."""
    policies.require_is_owner(actor, group)
    for name, value in _written(draft).items():
        setattr(group, name, value)
    record(GroupNamed(group_id=group.id))
    if group.privacy is not draft.privacy:
        group.privacy = draft.privacy
        record(GroupChanged(group_id=group.id))
    db.session.flush()


def set_caller(actor: Account, group: Group, called_by: GroupCaller) -> None:
    """Who may call all members with "@group". Owners only."""
    policies.require_is_owner(actor, group)
    group.called_by = called_by
    db.session.flush()


def delete(actor: Account, group: Group) -> None:
    """The group with its posts, members and everything told about it, by the database's own
    cascade. Owners only."""
    policies.require_is_owner(actor, group)
    group_id = group.id
    db.session.execute(
        sql_delete(Group).where(Group.id == group_id).execution_options(synchronize_session=False)
    )
    db.session.expunge(group)
    record(GroupChanged(group_id=group_id))


def join(actor: Account, group: Group, message: str = "") -> Joined:
    """Come in when the group is open or the actor is invited; ask to in a closed one. Doing it
    twice is doing it once."""
    if role_of(actor, group) is not None:
        return Joined.MEMBER
    invited = db.session.scalar(
        select(GroupInvitation.id).where(
            GroupInvitation.group_id == group.id, GroupInvitation.account_id == actor.id
        )
    )
    if not invited:
        if actor.is_guest or group.privacy is GroupPrivacy.SECRET:
            raise Forbidden(N_("You can join this group only when you are invited."))
        if group.privacy is GroupPrivacy.CLOSED:
            requests.ask(actor, group, message)
            return Joined.REQUESTED
    add_member(group, actor)
    return Joined.MEMBER


def leave(actor: Account, group: Group, successor: Account | None = None) -> None:
    """End the actor's membership; `successor`, a member, owns the group from then on. A group's
    only owner cannot leave others behind without one: Conflict."""
    hold(group.id)
    if is_only_owner(actor, group):
        if successor is not None:
            hand_over(actor, group, successor)
        elif _others(actor, group):
            raise Conflict(
                N_("You are the only owner. Make another member an owner before you leave.")
            )
        elif group.privacy is not GroupPrivacy.OPEN:
            raise Conflict(
                N_("You are the last member, and nobody else could come in. Delete the group.")
            )
    drop_member(group, actor)


def hand_over(actor: Account, group: Group, successor: Account) -> None:
    """Make a member an owner beside the actor. Owners only; guests cannot own a group."""
    policies.require_is_owner(actor, group)
    if successor.is_bot:
        raise Invalid(N_("A bot cannot run a group."))
    if successor.is_guest:
        raise Invalid(N_("A guest cannot run a group."))
    if not successor.is_active or role_of(successor, group) is None:
        raise Invalid(N_("Only a member of the group can become its owner."))
    db.session.execute(
        update(Membership)
        .where(Membership.group_id == group.id, Membership.account_id == successor.id)
        .values(role=GroupRole.OWNER)
    )
    record(MembershipChanged(group_id=group.id, account_id=successor.id))


def set_notify_level(actor: Account, group: Group, level: NotifyLevel) -> None:
    """What the actor hears of from the group."""
    policies.require_may_post(actor, group)
    db.session.execute(
        update(Membership)
        .where(Membership.group_id == group.id, Membership.account_id == actor.id)
        .values(notify_level=level)
    )


def _others(actor: Account, group: Group) -> bool:
    other = select(Membership.account_id).where(
        Membership.group_id == group.id, Membership.account_id != actor.id
    )
    return db.session.scalar(other.limit(1)) is not None


def _written(draft: GroupDraft) -> dict[str, str]:
    return {
        "name": draft.name,
        "purpose": draft.purpose,
        "about_source": draft.about,
        "about_html": html_of(draft.about),
        "search_text": text.fold(f"{draft.name} {draft.purpose}"),
    }
