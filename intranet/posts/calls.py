"""Telling all members of a group at once, by "@group" in a post: by whom the group allows, after
they have seen how many people that is, and a few times a day."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select

from intranet.accounts.models import Account, AccountKind
from intranet.db import db
from intranet.groups.models import Group, GroupCall, GroupCaller, GroupRole, Membership, NotifyLevel
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import Invalid
from intranet.kernel.ids import new_id
from intranet.kernel.messages import N_
from intranet.kernel.text import mentioned_handles
from intranet.posts import policies
from intranet.posts.drafts import PostDraft, PostLimits
from intranet.posts.models import Post

NAME = "group"  # no account can be called that
_DAY = dt.timedelta(days=1)


def path_of(post: Post) -> str | None:
    """Where "@group" in this post leads; None outside groups."""
    if post.group_id is None:
        return None
    slug = db.session.scalar(select(Group.slug).where(Group.id == post.group_id))
    return f"/groups/{slug}" if slug else None


def members_called(actor: Account, post: Post) -> set[int]:
    """Whom the text would tell: the members who may read the post and have not silenced the
    group. Nobody where it is only text: outside groups, and in one that is called by nobody.
    Invalid under `source` when the actor may not do that here."""
    caller = _caller_wanted(post)
    if caller in (None, GroupCaller.NOBODY):
        return set()
    role = policies.role_in(actor, post.group_id)
    if role is None or (caller is GroupCaller.OWNERS and role is GroupRole.MEMBER):
        message = N_("Only those who run this group may call all its members with @group.")
        raise Invalid(message, fields={"source": message})
    listening = select(Membership.account_id).where(
        Membership.group_id == post.group_id, Membership.notify_level != NotifyLevel.NOTHING
    )
    return set(
        db.session.scalars(
            select(Account.id).where(
                Account.id.in_(listening),
                Account.deactivated_at.is_(None),
                Account.kind == AccountKind.PERSON,
                Account.id != actor.id,
                policies.readers_of(post),
            )
        )
    )


def confirmed(actor: Account, post: Post, draft: PostDraft) -> set[int]:
    """As `members_called`, once their number was confirmed: Invalid under `calls_group`, with
    that number, until then."""
    called = members_called(actor, post)
    if called and not draft.calls_group:
        message = N_(
            "@group calls all members. People told at once: %(people)s. Confirm that it is meant."
        )
        raise Invalid(message, fields={"calls_group": message}, people=len(called))
    return called


def call(actor: Account, post: Post, draft: PostDraft, limits: PostLimits) -> set[int]:
    """As `confirmed`, and counted: Invalid under `source` beyond the calls of one group that a day
    may have."""
    called = confirmed(actor, post, draft)
    if not called:
        return called
    # Two calls at the same moment are counted one after the other.
    db.session.execute(select(Group.id).where(Group.id == post.group_id).with_for_update())
    since = utc_now() - _DAY
    made = select(func.count()).where(
        GroupCall.group_id == post.group_id, GroupCall.created_at > since
    )
    if (db.session.scalar(made) or 0) >= limits.group_calls_per_day:
        message = N_("All members were called %(most)s times today already. Write without @group.")
        raise Invalid(message, fields={"source": message}, most=limits.group_calls_per_day)
    db.session.add(GroupCall(id=new_id(), group_id=post.group_id, account_id=actor.id))
    return called


def _caller_wanted(post: Post) -> GroupCaller | None:
    if post.group_id is None or NAME not in mentioned_handles(post.source):
        return None
    return db.session.scalar(select(Group.called_by).where(Group.id == post.group_id))
