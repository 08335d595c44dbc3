"""Posts held at the top of their group, or of the page that published them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, func, select

from intranet.accounts.models import Account
from intranet.db import db
from intranet.db.once import insert_once
from intranet.groups.models import Group
from intranet.kernel.errors import Conflict, DomainError
from intranet.kernel.messages import N_
from intranet.pages.models import Page
from intranet.posts import policies
from intranet.posts.events import PostChanged
from intranet.posts.marks import removed
from intranet.posts.models import PinnedPost, Post, ProfilePin
from intranet.posts.telling import tell

MAX_PINS = 5  # of one group, page or profile
Pin = type[PinnedPost] | type[ProfilePin]


def pin(actor: Account, post: Post) -> None:
    """Hold the post at the top; Conflict when there is no room left."""
    policies.require_may_pin(actor, post)
    # Two runners at once must not both find the last place free.
    if post.group_id is not None:
        db.session.execute(select(Group.id).where(Group.id == post.group_id).with_for_update())
        place = PinnedPost.group_id == post.group_id
        full = N_("A group can hold %(most)s posts at the top. Unpin one first.")
        row: dict[str, Any] = {"group_id": post.group_id, "pinned_by_id": actor.id}
    else:
        held = select(Page.account_id).where(Page.account_id == post.author_id)
        db.session.execute(held.with_for_update())
        place = PinnedPost.page_id == post.author_id
        full = N_("A page can hold %(most)s posts at the top. Unpin one first.")
        # By the page itself: which of its writers it was is nobody else's affair.
        row = {"page_id": post.author_id, "pinned_by_id": post.author_id}
    pinned = db.session.scalars(select(PinnedPost.post_id).where(place)).all()
    hold(PinnedPost, post, pinned, Conflict(full, most=MAX_PINS), **row)


def unpin(actor: Account, post: Post) -> None:
    """Let it go down with the others."""
    policies.require_may_pin(actor, post)
    let_go(PinnedPost, post)


def hold(model: Pin, post: Post, pinned: Sequence[int], full: DomainError, **row: Any) -> None:
    """Write the pin of a place that holds `pinned`; again changes nothing, and `full` is raised
    when there is no room left."""
    if post.id in pinned:
        return
    if len(pinned) >= MAX_PINS:
        raise full
    if insert_once(model, post_id=post.id, **row):
        tell(PostChanged, post)


def let_go(model: Pin, post: Post) -> None:
    """Remove the pin, if there is one."""
    if removed(delete(model).where(model.post_id == post.id)):
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


def pinned_on_page(page_id: int) -> list[int]:
    """The pinned posts of a page, the last pinned first, as `pinned_ids`."""
    return list(
        db.session.scalars(
            select(PinnedPost.post_id)
            .where(PinnedPost.page_id == page_id)
            .order_by(PinnedPost.created_at.desc(), PinnedPost.post_id)
        )
    )


def pins_left(group_id: int) -> int:
    """How many more posts the group can hold at its top."""
    held = db.session.scalar(
        select(func.count()).select_from(PinnedPost).where(PinnedPost.group_id == group_id)
    )
    return max(MAX_PINS - (held or 0), 0)
