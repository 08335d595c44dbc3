"""Quoting a post: only for those who may read what is quoted."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select, update

from intranet.accounts.models import Account
from intranet.db import db
from intranet.groups.chips import GroupChip
from intranet.groups.models import Group, GroupPrivacy
from intranet.kernel.errors import Invalid
from intranet.kernel.messages import N_
from intranet.kernel.pagination import Cursor, Page, page_of
from intranet.posts import policies
from intranet.posts.cards import PostCard
from intranet.posts.models import Post, Visibility
from intranet.posts.queries import get_visible_original
from intranet.posts.telling import who_still_read

_INSIDE_GROUP = N_("What is said in this group can be quoted only inside it.")
_GUESTS = N_("There are guests in this group who cannot read the quoted post.")
_FOLLOWERS = N_("A post for followers can be quoted only by its author, for the same followers.")
_NOT_THERE = N_("Not everybody whom this is for can read the quoted post.")
_PRIVATE = N_("Messages, and what is for chosen people, are not quoted elsewhere.")


def quotable(
    actor: Account,
    post: Post,
    quoted_id: int,
    addressed: Collection[int] | None,
    *,
    lock: bool = False,
) -> Post:
    """The original that the new post wants to quote. NotFound unless the actor may read it;
    Invalid under `audience` unless it is, by the rule of its audience, for everybody whom the new
    post is for. `addressed` are those of a direct one, `lock` as for `get_visible`."""
    quoted = get_visible_original(actor, quoted_id, lock=lock)
    refusal = _refusal(post, quoted, addressed)
    if refusal is not None:
        raise Invalid(refusal, fields={"audience": refusal})
    return quoted


def _refusal(post: Post, quoted: Post, addressed: Collection[int] | None) -> str | None:
    if post.root_id is not None and post.root_id == (quoted.root_id or quoted.id):
        return None  # the same thread has the same readers
    if quoted.visibility in (Visibility.DIRECT, Visibility.AUDIENCE):
        return _PRIVATE
    if post.visibility is Visibility.DIRECT:
        people = set(addressed or ())
        return None if who_still_read(quoted, people) >= people else _NOT_THERE
    if quoted.visibility is Visibility.FOLLOWERS:
        same = post.visibility is Visibility.FOLLOWERS
        return None if same and _owners_agree(post, quoted) else _FOLLOWERS
    if quoted.group_id is not None:
        if post.group_id == quoted.group_id:
            return None
        if db.session.get_one(Group, quoted.group_id).privacy is not GroupPrivacy.OPEN:
            return _INSIDE_GROUP
    # From here on all colleagues may read it, and no guests.
    if post.group_id is not None:
        return _GUESTS if db.session.get_one(Group, post.group_id).guests_count else None
    return _NOT_THERE if post.visibility is Visibility.AUDIENCE else None


def suits(quoted: PostCard, visibility: Visibility, group: GroupChip | None) -> bool:
    """Whether a post with this audience may quote the other: what a form offers. `quotable`
    decides."""
    if quoted.group is not None:
        if group is not None and group.id == quoted.group.id:
            return True
        if quoted.group.privacy is not GroupPrivacy.OPEN:
            return False
    if quoted.visibility is Visibility.FOLLOWERS:
        return visibility is Visibility.FOLLOWERS
    return group is None or not group.guests_count


def _owners_agree(post: Post, quoted: Post) -> bool:
    return policies.owner_of(post) == policies.owner_of(quoted)


def count(quoted_id: int, number: int) -> None:
    """Change how often a post is quoted."""
    db.session.execute(
        update(Post)
        .where(Post.id == quoted_id)
        .values(quotes_count=Post.quotes_count + number)
        .execution_options(synchronize_session=False)
    )


def list_quotes(viewer: Account, post_id: int, cursor: Cursor) -> Page[int]:
    """The posts that quote this one and that the viewer may read, the newest first. NotFound
    unless the viewer may read the post itself."""
    post = get_visible_original(viewer, post_id)
    query = select(Post.id).where(Post.quote_of_id == post.id, policies.visible_to(viewer))
    if cursor.before is not None:
        query = query.where(Post.id < cursor.before)
    if cursor.after is not None:
        query = query.where(Post.id > cursor.after)
    ids = db.session.scalars(query.order_by(Post.id.desc()).limit(cursor.limit + 1)).all()
    return page_of(ids, cursor.limit, lambda one: one)
