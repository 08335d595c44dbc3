"""Which hashtags somebody follows and shows, counted under the viewer's predicate."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import and_, func, select

from intranet.accounts.models import Account
from intranet.db import db
from intranet.db.keyset import keyed, page_from
from intranet.kernel.clock import utc_now
from intranet.kernel.ids import id_at, moment_of
from intranet.kernel.pagination import Cursor, Page
from intranet.posts.models import Hashtag, Post, PostHashtag
from intranet.posts.policies import listed_to
from intranet.tags.models import FeaturedTag, TagFollow

DAYS = 7
_MOST_COUNTED = 2000  # posts of the last days of one hashtag
_SUGGESTED = 10


@dataclass(frozen=True, slots=True)
class Tag:
    """A hashtag: its one name, and as it was first written."""

    id: int  # of the row that lists it
    name: str
    display: str


@dataclass(frozen=True, slots=True)
class Featured:
    """A hashtag on a profile: how many of its owner's posts with it the viewer may read, and the
    newest of them."""

    id: int
    name: str
    display: str
    count: int
    last_id: int | None


@dataclass(frozen=True, slots=True)
class Day:
    """How a hashtag was used on one day, as far as the viewer may read it."""

    date: dt.date
    posts: int
    accounts: int


def followers_among(names: Collection[str], account_ids: Collection[int]) -> frozenset[int]:
    """Which of these accounts follow one of the hashtags of these canonical names."""
    if not names or not account_ids:
        return frozenset()
    rows = (
        select(TagFollow.account_id)
        .join(Hashtag, Hashtag.id == TagFollow.hashtag_id)
        .where(Hashtag.name.in_(names), TagFollow.account_id.in_(account_ids))
    )
    return frozenset(db.session.scalars(rows))


def list_followed(viewer: Account, cursor: Cursor) -> Page[Tag]:
    """The hashtags that the viewer follows, the last followed first."""
    query = (
        select(TagFollow.id, Hashtag.name, Hashtag.display)
        .join(Hashtag, Hashtag.id == TagFollow.hashtag_id)
        .where(TagFollow.account_id == viewer.id)
    )
    rows = db.session.execute(keyed(query, TagFollow.id, cursor))
    tags = [Tag(row.id, row.name, row.display) for row in rows]
    return page_from(tags, cursor, lambda tag: tag.id)


def followed_among(viewer: Account, names: Collection[str]) -> set[str]:
    """Which of these canonical names the viewer follows: one statement."""
    return _among(TagFollow, viewer, names)


def featured_among(viewer: Account, names: Collection[str]) -> set[str]:
    """Which of these canonical names the viewer shows on their profile: one statement."""
    return _among(FeaturedTag, viewer, names)


def _among(
    model: type[TagFollow | FeaturedTag], viewer: Account, names: Collection[str]
) -> set[str]:
    if not names:
        return set()
    return set(
        db.session.scalars(
            select(Hashtag.name)
            .join(model, model.hashtag_id == Hashtag.id)
            .where(model.account_id == viewer.id, Hashtag.name.in_(names))
        )
    )


def featured_of(viewer: Account, account_id: int) -> list[Featured]:
    """What somebody shows on their profile, the first shown first: one statement."""
    written = (
        select(PostHashtag.hashtag_id, Post.id)
        .join(Post, Post.id == PostHashtag.post_id)
        .where(Post.author_id == account_id, listed_to(viewer))
        .subquery()
    )
    rows = db.session.execute(
        select(
            FeaturedTag.id,
            Hashtag.name,
            Hashtag.display,
            func.count(written.c.id),
            func.max(written.c.id),
        )
        .join(Hashtag, Hashtag.id == FeaturedTag.hashtag_id)
        .outerjoin(written, written.c.hashtag_id == FeaturedTag.hashtag_id)
        .where(FeaturedTag.account_id == account_id)
        .group_by(FeaturedTag.id, Hashtag.name, Hashtag.display)
        .order_by(FeaturedTag.id)
    )
    return [Featured(*row) for row in rows]


def featured_suggestions(viewer: Account) -> list[Tag]:
    """The hashtags that the viewer writes most and does not show yet."""
    used = func.count()
    rows = db.session.execute(
        select(Hashtag.id, Hashtag.name, Hashtag.display)
        .join(PostHashtag, PostHashtag.hashtag_id == Hashtag.id)
        .join(Post, Post.id == PostHashtag.post_id)
        .outerjoin(
            FeaturedTag,
            and_(FeaturedTag.hashtag_id == Hashtag.id, FeaturedTag.account_id == viewer.id),
        )
        .where(Post.author_id == viewer.id, listed_to(viewer), FeaturedTag.id.is_(None))
        .group_by(Hashtag.id, Hashtag.name, Hashtag.display)
        .order_by(used.desc(), Hashtag.name)
        .limit(_SUGGESTED)
    )
    return [Tag(*row) for row in rows]


def history(viewer: Account, name: str) -> list[Day]:
    """How the hashtag was used in the last seven days (UTC), today first: one statement."""
    today = utc_now().astimezone(dt.UTC).date()
    first = dt.datetime.combine(today - dt.timedelta(days=DAYS - 1), dt.time(), dt.UTC)
    rows = db.session.execute(
        select(Post.id, Post.author_id)
        .join(PostHashtag, PostHashtag.post_id == Post.id)
        .join(Hashtag, Hashtag.id == PostHashtag.hashtag_id)
        .where(Hashtag.name == name, Post.id > id_at(first), listed_to(viewer))
        .order_by(Post.id.desc())
        .limit(_MOST_COUNTED)
    )
    authors: dict[dt.date, list[int]] = {}
    for post_id, author_id in rows:
        authors.setdefault(moment_of(post_id).date(), []).append(author_id)
    days = [today - dt.timedelta(days=back) for back in range(DAYS)]
    return [Day(day, len(authors.get(day, ())), len(set(authors.get(day, ())))) for day in days]
