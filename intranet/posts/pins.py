"""Posts held at the top of their group."""

from __future__ import annotations

from sqlalchemy import delete, func, select

from intranet.accounts.models import Account
from intranet.db import db
from intranet.db.once import insert_once
from intranet.groups.models import Group
from intranet.kernel.errors import Conflict
from intranet.kernel.messages import N_
from intranet.posts import policies
from intranet.posts.events import PostChanged
from intranet.posts.marks import removed
from intranet.posts.models import PinnedPost, Post
from intranet.posts.telling import tell

MAX_PINS = 5  # of one group


def pin(actor: Account, post: Post) -> None:
    """Hold the post at the top of its group; Conflict when there is no room left."""
    policies.require_may_pin(actor, post)
    assert post.group_id is not None
    # Two runners at once must not both find the last place free.
    db.session.execute(select(Group.id).where(Group.id == post.group_id).with_for_update())
    pinned = list(
        db.session.scalars(select(PinnedPost.post_id).where(PinnedPost.group_id == post.group_id))
    )
    if post.id in pinned:
        return
    if len(pinned) >= MAX_PINS:
        raise Conflict(
            N_("A group can hold %(most)s posts at the top. Unpin one first."), most=MAX_PINS
        )
    if insert_once(PinnedPost, post_id=post.id, group_id=post.group_id, pinned_by_id=actor.id):
        tell(PostChanged, post)


def unpin(actor: Account, post: Post) -> None:
    """Let it go down with the others."""
    policies.require_may_pin(actor, post)
    if removed(delete(PinnedPost).where(PinnedPost.post_id == post.id)):
        tell(PostChanged, post)


def pinned_ids(group_id: int) -> list[int]:
    """The pinned posts of a group, the last pinned first; `queries.cards` draws those that the
    viewer may see."""
    return list(
        db.session.scalars(
            select(PinnedPost.post_id)
            .where(PinnedPost.group_id == group_id)
            .order_by(PinnedPost.created_at.desc(), PinnedPost.post_id)
        )
    )


def pins_left(group_id: int) -> int:
    """How many more posts the group can hold at its top."""
    held = db.session.scalar(
        select(func.count()).select_from(PinnedPost).where(PinnedPost.group_id == group_id)
    )
    return max(MAX_PINS - (held or 0), 0)
