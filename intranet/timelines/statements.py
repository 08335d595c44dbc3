"""Which posts each timeline holds, as SQL: ids only, newest first, under `listed_to`.

Every statement reads no more than the page's size from each stream, so that its cost does not
depend on how much there is. Building one costs more than running it: each is built once for each
kind of reader, with the reader and the cursor as parameters (`parameters`).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    String,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
    text,
    true,
    union,
)
from sqlalchemy.orm import aliased

from intranet.accounts.models import Account
from intranet.accounts.readers import Reader
from intranet.db import UTCDateTime
from intranet.groups.models import Membership
from intranet.kernel.clock import utc_now
from intranet.kernel.ids import MAX_ID
from intranet.kernel.pagination import Cursor
from intranet.lists.models import ListMember, PeopleList
from intranet.posts.models import Bookmark, Hashtag, Post, PostHashtag, Visibility
from intranet.posts.policies import listed_to, visible_to
from intranet.relationships.models import Follow
from intranet.tags.models import TagFollow
from intranet.timelines import wishes
from intranet.timelines.models import HomeEntry

Ids = Select[int]
Builder = Callable[[Reader], Ids]

BEFORE = bindparam("before", type_=BigInteger)
AFTER = bindparam("after", type_=BigInteger)
SUBJECT = bindparam("subject", type_=BigInteger)  # the group or account it is about
NAME = bindparam("name", type_=String)  # the hashtag's canonical name
LIMIT = bindparam("page_limit", type_=BigInteger)
NOW = bindparam("now", type_=UTCDateTime)  # mutes end


def parameters(viewer: Account, cursor: Cursor, **more: Any) -> dict[str, Any]:
    """What any of the statements is executed with."""
    return {
        "reader_id": viewer.id,
        "before": MAX_ID if cursor.before is None else cursor.before,
        "after": cursor.after or 0,
        "home_from": viewer.home_from,
        "page_limit": cursor.limit,
        "now": utc_now(),
        **more,
    }


@cache
def home(reader: Reader) -> Ids:
    """The home as it is kept: entries, and the newest of the few wide streams, which are never
    fanned out. Ends where the reader's home begins."""
    entries = (
        select(HomeEntry.post_id.label("id"))
        .join(Post, Post.id == HomeEntry.post_id)
        .where(
            HomeEntry.account_id == reader.id,
            _within(HomeEntry.post_id),
            _listed_to(reader),
            *_in_home(reader),
        )
        .order_by(HomeEntry.post_id.desc())
        .limit(LIMIT)
        .cte("entries")
    )
    # When the entries alone fill the page, no pulled post older than them all can be in it.
    least = (
        select(case((func.count() == LIMIT, func.min(entries.c.id)), else_=0))
        .select_from(entries)
        .scalar_subquery()
    )
    people = _pulled_people(reader, least, text("subscription.wide"))
    groups = _pulled_groups(reader, text("subscription.wide"), *_in_home(reader), Post.id >= least)
    tags = _pulled_tags(reader, least)
    return _merged(select(entries.c.id), people, groups, tags, least=reader.home_from)


@cache
def home_from_streams(reader: Reader) -> Ids:
    """The same posts, read from every stream the viewer subscribes to: for pages older than what
    is kept. Costs some microseconds for each subscription."""
    own = _posts(reader, Post.author_id == reader.id, Post.root_id.is_(None), *_in_home(reader))
    people = _pulled_people(reader, 0)
    groups = _pulled_groups(reader, true(), *_in_home(reader))
    return _merged(own, people, groups, _pulled_tags(reader, 0))


@cache
def in_home(reader: Reader) -> Ids:
    """Those posts between the ends of the cursor that `home` shows, or, where they are older than
    what is kept, `home_from_streams`. Reads all that lies between: meant for single posts."""
    kept = Post.id >= reader.home_from
    entry = aliased(HomeEntry)
    follow, membership, tag = aliased(Follow), aliased(Membership), aliased(TagFollow)
    is_kept = exists().where(entry.account_id == reader.id, entry.post_id == Post.id)
    follows = exists().where(
        follow.follower_id == reader.id,
        follow.followee_id == Post.author_id,
        or_(follow.wide, ~kept),
    )
    belongs = exists().where(
        membership.account_id == reader.id,
        membership.group_id == Post.group_id,
        or_(membership.wide, ~kept),
    )
    follows_tag = exists().where(
        PostHashtag.post_id == Post.id,
        tag.hashtag_id == PostHashtag.hashtag_id,
        tag.account_id == reader.id,
    )
    return _posts(
        reader,
        Post.root_id.is_(None),
        or_(
            case((kept, is_kept), else_=Post.author_id == reader.id),
            and_(Post.group_id.is_(None), follows),
            belongs,
            and_(Post.visibility == Visibility.ORGANISATION, follows_tag),
        ),
        *_in_home(reader),
    )


@cache
def my_groups(reader: Reader) -> Ids:
    """The posts of the viewer's groups."""
    return _pulled_groups(reader, true(), Post.boost_of_id.is_(None), wishes.not_muted(reader, NOW))


@cache
def organisation(reader: Reader) -> Ids:
    """What is for the whole organisation, each post once."""
    return _posts(
        reader,
        # Spelt out, or the partial index is not used: a parameter might hold anything.
        text("post.visibility = 'organisation'"),
        Post.root_id.is_(None),
        Post.boost_of_id.is_(None),
        wishes.not_muted(reader, NOW),
    )


@cache
def group(reader: Reader) -> Ids:
    """The posts of one group; none when the viewer may not read it."""
    return _posts(
        reader,
        Post.group_id == SUBJECT,
        Post.root_id.is_(None),
        Post.boost_of_id.is_(None),
    )


@cache
def account(reader: Reader) -> Ids:
    """What one person posted and boosted, as far as the viewer may read it."""
    return _posts(reader, Post.author_id == SUBJECT, Post.root_id.is_(None))


@cache
def hashtag(reader: Reader) -> Ids:
    """The posts and replies that carry the hashtag of this canonical name."""
    tag = select(Hashtag.id).where(Hashtag.name == NAME).scalar_subquery()
    return (
        select(PostHashtag.post_id.label("id"))
        .join(Post, Post.id == PostHashtag.post_id)
        .where(
            PostHashtag.hashtag_id == tag,
            _within(PostHashtag.post_id),
            _listed_to(reader),
            wishes.not_muted(reader, NOW),
        )
        .order_by(PostHashtag.post_id.desc())
        .limit(LIMIT)
    )


@cache
def people_list(reader: Reader) -> Ids:
    """What the people of one of the reader's lists, `SUBJECT`, wrote and passed on, in groups too
    as far as the reader may read it, and the replies that the list asks for."""
    return of_list(reader, SUBJECT)


def of_list(reader: Reader, list_id: Any) -> Ids:
    """The same of a list that something else names."""
    subscription = aliased(ListMember, name="subscription")
    newest = _posts(
        reader,
        Post.author_id == subscription.account_id,
        or_(Post.root_id.is_(None), wishes.reply_in_list(reader, subscription)),
        wishes.not_muted(reader, NOW),
    ).correlate(subscription)
    own = select(PeopleList.id).where(PeopleList.id == list_id, PeopleList.owner_id == reader.id)
    return _newest_of_each(reader, subscription, newest, subscription.list_id.in_(own))


@cache
def saved(reader: Reader) -> Select[int, int]:
    """The viewer's bookmarks, newest first: (bookmark id, post id). The cursor is of bookmarks."""
    return _bookmarks(reader)


@cache
def saved_in_folder(reader: Reader) -> Select[int, int]:
    """Those in the folder `SUBJECT`."""
    return _bookmarks(reader, Bookmark.folder_id == SUBJECT)


def _bookmarks(reader: Reader, *where: Any) -> Select[int, int]:
    return (
        select(Bookmark.id, Bookmark.post_id)
        .join(Post, Post.id == Bookmark.post_id)
        .where(
            Bookmark.account_id == reader.id,
            *where,
            _within(Bookmark.id),
            # One's own choice, not a list that others fill: direct ones too.
            visible_to(reader.as_viewer),
        )
        .order_by(Bookmark.id.desc())
        .limit(LIMIT)
    )


def _listed_to(reader: Reader) -> ColumnElement[bool]:
    return listed_to(reader.as_viewer)


def _within(column: Any) -> ColumnElement[bool]:
    return and_(column < BEFORE, column > AFTER)


def _posts(reader: Reader, *where: Any) -> Ids:
    return (
        select(Post.id.label("id"))
        .where(*where, _within(Post.id), _listed_to(reader))
        .order_by(Post.id.desc())
        .limit(LIMIT)
    )


def _pulled_people(reader: Reader, least: Any, *which: Any) -> Ids:
    subscription = aliased(Follow, name="subscription")
    newest = _posts(
        reader,
        Post.author_id == subscription.followee_id,
        Post.id >= least,
        Post.group_id.is_(None),
        Post.root_id.is_(None),
        *_in_home(reader),
    ).correlate(subscription)
    return _newest_of_each(
        reader, subscription, newest, subscription.follower_id == reader.id, *which
    )


def _pulled_groups(reader: Reader, which: Any, *posts: Any) -> Ids:
    subscription = aliased(Membership, name="subscription")
    newest = _posts(
        reader, Post.group_id == subscription.group_id, Post.root_id.is_(None), *posts
    ).correlate(subscription)
    return _newest_of_each(
        reader, subscription, newest, subscription.account_id == reader.id, which
    )


def _pulled_tags(reader: Reader, least: Any) -> Ids:
    """What is for everybody and carries a hashtag that the reader follows."""
    subscription = aliased(TagFollow, name="subscription")
    newest = (
        select(PostHashtag.post_id.label("id"))
        .join(Post, Post.id == PostHashtag.post_id)
        .where(
            PostHashtag.hashtag_id == subscription.hashtag_id,
            _within(PostHashtag.post_id),
            PostHashtag.post_id >= least,
            Post.visibility == Visibility.ORGANISATION,
            Post.root_id.is_(None),
            _listed_to(reader),
            *_in_home(reader),
        )
        .order_by(PostHashtag.post_id.desc())
        .limit(LIMIT)
        .correlate(subscription)
    )
    return _newest_of_each(reader, subscription, newest, subscription.account_id == reader.id)


def _newest_of_each(reader: Reader, subscription: Any, newest: Ids, *which: Any) -> Ids:
    """The newest posts over all subscriptions, from the newest few of each."""
    if reader.dialect == "postgresql":
        few = newest.lateral("few")
        found = select(few.c.id).select_from(subscription).join(few, true())
        identity: Any = few.c.id
    else:
        # SQLite has no LATERAL, but looks rows up by a correlated IN with a limit.
        post = aliased(Post, name="pulled")
        found = (
            select(post.id.label("id")).select_from(subscription).join(post, post.id.in_(newest))
        )
        identity = post.id
    return found.where(*which).order_by(identity.desc()).limit(LIMIT)


def _merged(*arms: Ids, least: Any = 0) -> Ids:
    merged = union(*(select(arm.subquery().c.id) for arm in arms)).subquery("merged")
    return select(merged.c.id).where(merged.c.id >= least).order_by(merged.c.id.desc()).limit(LIMIT)


def _in_home(reader: Reader) -> tuple[ColumnElement[bool], ...]:
    """What the reader wants in the home of what is meant for it."""
    return (
        wishes.seen_first(reader, NOW),
        wishes.not_muted(reader, NOW),
        wishes.wanted_of_follow(reader),
        wishes.not_read_apart(reader),
    )
