"""What a reader does not want to read, of what they may read: mutes, boosts, languages, lists.

Clauses on `Post` for the timelines. They are decided when reading, so that whatever is muted,
followed or undone later holds at once for what is older too.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, literal, or_, select
from sqlalchemy.orm import aliased

from intranet.accounts.readers import Reader
from intranet.groups.models import Membership
from intranet.lists.models import ListMember, PeopleList, RepliesPolicy
from intranet.posts.models import Post
from intranet.posts.policies import not_withheld
from intranet.relationships.models import Follow
from intranet.relationships.policies import muted_by

FRESH = (7 * 24 * 60 * 60 * 1000) << 22  # a week, in ids


def not_muted(reader: Reader, now: Any) -> ColumnElement[bool]:
    """Neither written nor passed on by somebody whom the reader has muted, nor passed on from
    one. What the reader wrote or passed on stays."""
    original = aliased(Post, name="muted_original")
    passed_on = exists(
        select(original.id).where(
            original.id == Post.boost_of_id, original.author_id.in_(muted_by(reader.id, now))
        )
    )
    return or_(
        Post.author_id == reader.id,
        and_(Post.author_id.not_in(muted_by(reader.id, now)), ~passed_on),
    )


def wanted_of_follow(reader: Reader) -> ColumnElement[bool]:
    """Not a boost of somebody whose boosts the reader does not want, nor in a language that the
    reader does not want of them. Posts in groups come by the group."""
    follow = aliased(Follow, name="narrowed")
    spoken = literal("%,") + func.coalesce(Post.language, "") + literal(",%")
    return ~exists(
        select(follow.id).where(
            follow.follower_id == reader.id,
            follow.followee_id == Post.author_id,
            Post.group_id.is_(None),
            or_(
                and_(follow.boosts.is_(False), Post.boost_of_id.is_not(None)),
                and_(
                    follow.languages.is_not(None),
                    Post.language.is_not(None),
                    follow.languages.not_like(spoken),
                ),
            ),
        )
    )


def not_read_apart(reader: Reader) -> ColumnElement[bool]:
    """Not by somebody in a list that the reader reads instead of the home. Posts in groups come
    by the group."""
    return or_(Post.group_id.is_not(None), Post.author_id.not_in(_read_apart(reader)))


def _read_apart(reader: Reader) -> Any:
    member, mine = aliased(ListMember), aliased(PeopleList)
    return (
        select(member.account_id)
        .join(mine, mine.id == member.list_id)
        .where(mine.owner_id == reader.id, mine.exclusive)
    )


def reply_in_list(reader: Reader, membership: Any) -> ColumnElement[bool]:
    """A reply that the list shows: to whom, its policy says. `membership` is the alias of
    ListMember in an enclosing FROM that says which list."""
    one = aliased(PeopleList, name="one")
    parent = aliased(Post, name="parent")
    member = aliased(ListMember, name="answered_member")
    follow = aliased(Follow, name="answered_follow")
    in_list = exists(
        select(member.id).where(member.list_id == one.id, member.account_id == parent.author_id)
    )
    followed = exists(
        select(follow.id).where(
            follow.follower_id == reader.id, follow.followee_id == parent.author_id
        )
    )
    return exists(
        select(one.id)
        .join(parent, parent.id == Post.in_reply_to_id)
        .where(
            one.id == membership.list_id,
            or_(
                and_(one.replies_policy == RepliesPolicy.LIST, in_list),
                and_(
                    one.replies_policy == RepliesPolicy.FOLLOWED,
                    or_(followed, parent.author_id == reader.id),
                ),
                and_(
                    one.replies_policy != RepliesPolicy.NONE,
                    parent.author_id == Post.author_id,
                ),
            ),
        )
        .correlate(Post, membership)
    )


def seen_first(reader: Reader, now: Any) -> ColumnElement[bool]:
    """Not a boost of what the viewer's home shows anyway: by its own stream or an earlier boost,
    within a week. Decided when reading: it stays true whatever is followed or undone later."""
    original = aliased(Post, name="original")
    earlier = aliased(Post, name="earlier")
    return or_(
        Post.boost_of_id.is_(None),
        and_(
            ~exists(
                select(original.id).where(
                    original.id == Post.boost_of_id,
                    original.id > Post.id - FRESH,
                    original.deleted_at.is_(None),
                    _subscribed(reader, original),
                )
            ),
            ~exists(
                select(earlier.id).where(
                    earlier.boost_of_id == Post.boost_of_id,
                    earlier.id < Post.id,
                    earlier.id > Post.id - FRESH,
                    earlier.deleted_at.is_(None),
                    _subscribed(reader, earlier, boosts=True),
                    # What the home does not show has not been seen in it.
                    earlier.author_id.not_in(muted_by(reader.id, now)),
                    or_(
                        earlier.group_id.is_not(None),
                        earlier.author_id.not_in(_read_apart(reader)),
                    ),
                    not_withheld(reader.as_viewer, earlier),
                )
            ),
        ),
    )


def _subscribed(reader: Reader, post: Any, *, boosts: bool = False) -> ColumnElement[bool]:
    follow = aliased(Follow, name="of_author")
    member = aliased(Membership, name="of_group")
    followed = select(follow.id).where(
        follow.follower_id == reader.id, follow.followee_id == post.author_id
    )
    if boosts:
        followed = followed.where(follow.boosts)
    return or_(
        post.author_id == reader.id,
        and_(post.group_id.is_(None), exists(followed)),
        exists(
            select(member.id).where(
                member.account_id == reader.id, member.group_id == post.group_id
            )
        ),
    )
