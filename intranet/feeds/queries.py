"""What a feed holds: decided at each reading, through the eyes of whose address it is."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import aliased

from intranet.accounts import policies as account_policies
from intranet.accounts.models import Account
from intranet.db import db
from intranet.feeds.models import TOUCH_AFTER, Feed, FeedKind
from intranet.groups import policies as group_policies
from intranet.groups.models import Group
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import NotFound
from intranet.kernel.pagination import Cursor
from intranet.oauth.digests import digest
from intranet.posts.cards import PostCard
from intranet.posts.models import Hashtag, Post, PostHashtag
from intranet.posts.policies import listed_to
from intranet.posts.queries import cards
from intranet.search.models import SavedSearch
from intranet.search.queries import newest_ids
from intranet.search.resolving import resolve

ENTRIES = 30
_FORMAT = 1  # of what is drawn; with another one every reader fetches it anew


@dataclass(frozen=True, slots=True)
class Subject:
    """What a feed is of, as its owner may know it now. `name` is None when they no longer may;
    `key` is the handle, the slug, the hashtag, or the id of the saved search."""

    name: str | None
    key: str = ""


@dataclass(frozen=True, slots=True)
class FeedLine:
    """A feed of one's own, in a list."""

    id: int
    kind: FeedKind
    subject: Subject
    created_at: dt.datetime
    last_used_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """A feed that was asked for by its address."""

    account: Account
    feed: Feed
    subject: Subject
    touch_due: bool  # last_used_at is old enough to be worth a write


@dataclass(frozen=True, slots=True)
class State:
    """What a feed holds at one moment. The same `tag` is the same answer."""

    post_ids: tuple[int, ...]
    tag: str
    updated: dt.datetime


def list_feeds(viewer: Account) -> list[FeedLine]:
    """The viewer's feeds, the newest first: one statement."""
    return [
        FeedLine(feed.id, feed.kind, _subject(feed, *names), feed.created_at, feed.last_used_at)
        for feed, *names in _with_names(viewer, Feed.account_id == viewer.id)
    ]


def find(token: str) -> FoundFeed:
    """Whose address this is: a living one of an active account; NotFound otherwise."""
    row = db.session.execute(
        select(Account, Feed)
        .join(Feed, Feed.account_id == Account.id)
        .where(Feed.token_hash == digest(token), Account.deactivated_at.is_(None))
    ).one_or_none()
    if row is None:
        raise NotFound
    account, feed = row
    ((_, *names),) = _with_names(account, Feed.id == feed.id)
    used: dt.datetime | None = feed.last_used_at
    due = used is None or used < utc_now() - TOUCH_AFTER
    return FoundFeed(account, feed, _subject(feed, *names), due)


def state(found: FoundFeed) -> State:
    """Which posts it holds now, the newest that the owner may read, and what tells this answer
    from another one: one statement, two more for a search. It reads no text."""
    ids = _ids(found.account, found.feed) if found.subject.name is not None else ()
    author = aliased(Account)
    rows = (
        db.session.execute(
            select(Post.id, Post.created_at, Post.edited_at, author.display_name)
            .join(author, author.id == Post.author_id)
            .where(Post.id.in_(ids))
            .order_by(Post.id.desc())
        ).all()
        if ids
        else ()
    )
    said = repr((_FORMAT, found.feed.id, found.subject, [tuple(row) for row in rows]))
    return State(
        tuple(ids),
        hashlib.sha256(said.encode()).hexdigest()[:32],
        max((row.edited_at or row.created_at for row in rows), default=found.feed.created_at),
    )


def entries(found: FoundFeed, held: State) -> list[PostCard]:
    """The posts of it, drawn."""
    return cards(found.account, held.post_ids, latest=False)


def _ids(viewer: Account, feed: Feed) -> Sequence[int]:
    if feed.kind is FeedKind.SEARCH:
        saved = db.session.get_one(SavedSearch, feed.search_id)
        search = resolve(viewer, saved.query)
        if search.problems:
            return ()  # without what it can no longer name it would find something else
        return newest_ids(viewer, search, Cursor(limit=ENTRIES))[:ENTRIES]
    return db.session.scalars(
        select(Post.id)
        .where(_belongs(feed), Post.boost_of_id.is_(None), listed_to(viewer))
        .order_by(Post.id.desc())
        .limit(ENTRIES)
    ).all()


def _belongs(feed: Feed) -> ColumnElement[bool]:
    if feed.kind is FeedKind.HASHTAG:
        tag = select(Hashtag.id).where(Hashtag.name == feed.hashtag).scalar_subquery()
        return exists().where(PostHashtag.hashtag_id == tag, PostHashtag.post_id == Post.id)
    own = Post.author_id == feed.profile_id
    return (own if feed.kind is FeedKind.PROFILE else Post.group_id == feed.group_id) & (
        Post.root_id.is_(None)
    )


def _with_names(viewer: Account, which: ColumnElement[bool]) -> Sequence[Any]:
    """Feeds with what the viewer may know of their subjects. Each predicate stands in the join of
    its own table."""
    seen = (
        select(Account.id, Account.handle, Account.display_name)
        .where(account_policies.visible_to(viewer))
        .subquery()
    )
    person = aliased(seen)
    return db.session.execute(
        select(
            Feed,
            person.c.handle,
            person.c.display_name,
            Group.slug,
            Group.name,
            SavedSearch.id,
            SavedSearch.name,
        )
        .outerjoin(person, person.c.id == Feed.profile_id)
        .outerjoin(Group, (Group.id == Feed.group_id) & group_policies.readable_by(viewer))
        .outerjoin(SavedSearch, SavedSearch.id == Feed.search_id)
        .where(which)
        .order_by(Feed.id.desc())
        .limit(100)
    ).all()


def _subject(
    feed: Feed,
    handle: str | None,
    display_name: str | None,
    slug: str | None,
    group: str | None,
    search_id: int | None,
    search: str | None,
) -> Subject:
    if feed.kind is FeedKind.HASHTAG:
        return Subject(f"#{feed.hashtag}", feed.hashtag or "")
    if feed.kind is FeedKind.PROFILE:
        return Subject(display_name, handle or "")
    if feed.kind is FeedKind.GROUP:
        return Subject(group, slug or "")
    return Subject(search, str(search_id or ""))
