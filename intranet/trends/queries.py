"""Reads of the last count. It is about posts for everybody here, so that guests read nothing."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Select, exists, select

from intranet.accounts.models import Account
from intranet.db import db
from intranet.posts.models import Hashtag, Post, PostHashtag
from intranet.posts.policies import visible_to
from intranet.trends.models import Trend, TrendKind


@dataclass(frozen=True, slots=True)
class Day:
    """How often, and by how many people, something was used on a day (UTC)."""

    day: dt.date
    uses: int
    accounts: int


@dataclass(frozen=True, slots=True)
class Trending:
    """A hashtag's canonical name, or an address with what it is called."""

    subject: str
    title: str
    history: tuple[Day, ...]  # seven days, the newest first


def tags(viewer: Account, offset: int, limit: int) -> list[Trending]:
    """Hashtags of which the viewer may still read a post: one statement."""
    used = exists(
        select(PostHashtag.post_id)
        .join(Hashtag, Hashtag.id == PostHashtag.hashtag_id)
        .join(Post, Post.id == PostHashtag.post_id)
        .where(Hashtag.name == Trend.subject, visible_to(viewer))
        .correlate(Trend)
    )
    return _read(viewer, _of(TrendKind.TAG, offset, limit).where(used))


def links(viewer: Account, offset: int, limit: int) -> list[Trending]:
    """Addresses: one statement."""
    return _read(viewer, _of(TrendKind.LINK, offset, limit))


def post_ids(viewer: Account, offset: int, limit: int) -> list[int]:
    """Posts, to be read as the viewer's cards: one statement."""
    return [int(one.subject) for one in _read(viewer, _of(TrendKind.STATUS, offset, limit))]


def _of(kind: TrendKind, offset: int, limit: int) -> Select[Trend]:
    return select(Trend).where(Trend.kind == kind).order_by(Trend.rank).offset(offset).limit(limit)


def _read(viewer: Account, query: Select[Trend]) -> list[Trending]:
    if viewer.is_guest:
        return []
    return [
        Trending(
            row.subject,
            row.title,
            tuple(
                Day(dt.date.fromisoformat(one["day"]), one["uses"], one["accounts"])
                for one in row.history
            ),
        )
        for row in db.session.scalars(query)
    ]
