"""Who may see and change posts. `visible_to` is the one predicate of every surface: lists,
search, counters, media, sockets, notifications. The SQL clause is the rule."""

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import aliased

from intranet.accounts.models import Account
from intranet.accounts.policies import may_moderate
from intranet.db import db
from intranet.groups import policies as group_policies
from intranet.groups.models import Group, GroupPrivacy
from intranet.kernel.errors import Forbidden
from intranet.kernel.messages import N_
from intranet.posts.models import Post, Visibility
from intranet.relationships.models import Follow


def audience_includes(viewer: Account) -> ColumnElement[bool]:
    """The post is, or before its deletion was, for the viewer."""
    mine = Post.group_id.in_(group_policies.groups_of(viewer.id))
    if viewer.is_guest:
        return mine
    # Under names of their own: the query around may read groups and follows itself.
    group, follow = aliased(Group), aliased(Follow)
    open_groups = select(group.id).where(group.privacy == GroupPrivacy.OPEN)
    followed = select(follow.followee_id).where(follow.follower_id == viewer.id)
    return or_(
        Post.visibility == Visibility.ORGANISATION,
        and_(
            Post.visibility == Visibility.GROUP,
            or_(mine, Post.group_id.in_(open_groups)),
        ),
        and_(
            Post.visibility == Visibility.FOLLOWERS,
            or_(Post.author_id == viewer.id, Post.author_id.in_(followed)),
        ),
    )


def visible_to(viewer: Account) -> ColumnElement[bool]:
    """The viewer may read the post. Needs `Post` in FROM; replies carry their root's audience,
    boosts their original's."""
    return and_(Post.deleted_at.is_(None), audience_includes(viewer))


def may_edit(actor: Account, author_id: int) -> bool:
    """Only its author edits a post."""
    return actor.id == author_id


def require_may_edit(actor: Account, post: Post) -> None:
    """Forbidden unless the actor wrote the post."""
    if not may_edit(actor, post.author_id) or post.boost_of_id is not None:
        raise Forbidden(N_("Only the author may edit a post."))


def may_delete(actor: Account, author_id: int, *, runs_group: bool) -> bool:
    """Its author, the group's owners and moderators, and the organisation's moderators."""
    return actor.id == author_id or runs_group or may_moderate(actor)


def require_may_delete(actor: Account, post: Post) -> None:
    """Forbidden unless `may_delete`; the actor can already see the post."""
    runs_group = post.group_id is not None and bool(
        db.session.scalar(select(group_policies.runs(actor, post.group_id)))
    )
    if not may_delete(actor, post.author_id, runs_group=runs_group):
        raise Forbidden(N_("Only the author or a moderator may delete a post."))
