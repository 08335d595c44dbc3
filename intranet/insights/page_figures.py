"""What became of a page: followers by week, what people did with its posts, clicks."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select

from intranet.accounts.chips import AccountChip, chip_of
from intranet.accounts.models import Account
from intranet.campaigns.models import Campaign, LinkDay, TrackedLink
from intranet.db import db
from intranet.kernel import text
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import NotFound
from intranet.pages import policies as pages
from intranet.pages.models import Page
from intranet.posts import policies as posts
from intranet.posts.models import Bookmark, Post, Reaction
from intranet.relationships.models import Follow

WEEKS = 13
_BEST = 5
_EXCERPT = 120


@dataclass(frozen=True, slots=True)
class Week:
    """`begins` is a Monday; `followers` how many of today's were there when it ended."""

    begins: dt.date
    followers: int
    new_followers: int
    posts: int
    clicks: int


@dataclass(frozen=True, slots=True)
class BestPost:
    """A post and how often people did something with it."""

    id: int
    excerpt: str
    created_at: dt.datetime
    reactions: int
    replies: int
    boosts: int
    saves: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PageFigures:
    """Of the last WEEKS weeks, the running one included."""

    page: AccountChip
    is_public: bool
    followers: int
    posts: int
    reactions: int
    replies: int
    boosts: int
    saves: int
    clicks: int
    weeks: tuple[Week, ...]
    best: tuple[BestPost, ...]


def get_page(viewer: Account, handle: str) -> tuple[Page, AccountChip]:
    """The page of this handle, if the viewer may see it; NotFound otherwise."""
    row = db.session.execute(
        select(Page, Account)
        .join(Account, Account.id == Page.account_id)
        .where(Account.handle == handle, pages.visible_to(viewer))
    ).first()
    if row is None:
        raise NotFound
    return row.Page, chip_of(row.Account)


def page_figures(viewer: Account, page: Page, chip: AccountChip, today: dt.date) -> PageFigures:
    """The figures; of posts, those that the viewer may read. Seven statements, however many rows
    there are."""
    page_id = page.account_id
    mondays = [_monday(today) - dt.timedelta(weeks=number) for number in range(WEEKS)][::-1]
    since = _midnight(mondays[0])
    own = (
        Post.author_id == page_id,
        Post.root_id.is_(None),
        Post.boost_of_id.is_(None),
        Post.created_at >= since,
        posts.visible_to(viewer),
    )
    ids = select(Post.id).where(*own)
    total = func.coalesce
    count, replies, boosts = db.session.execute(
        select(
            func.count(),
            total(func.sum(Post.replies_count), 0),
            total(func.sum(Post.boosts_count), 0),
        ).where(*own)
    ).one()
    reactions = db.session.scalar(select(func.count()).where(Reaction.post_id.in_(ids)))
    saves = db.session.scalar(select(func.count()).where(Bookmark.post_id.in_(ids)))
    weeks = _weeks(page_id, mondays, own)
    return PageFigures(
        page=chip,
        is_public=page.is_public,
        followers=weeks[-1].followers,
        posts=count,
        reactions=reactions or 0,
        replies=int(replies),
        boosts=int(boosts),
        saves=saves or 0,
        clicks=sum(week.clicks for week in weeks),
        weeks=weeks,
        best=_best(own),
    )


def _weeks(
    page_id: int, mondays: list[dt.date], own: tuple[ColumnElement[bool], ...]
) -> tuple[Week, ...]:
    starts = [_midnight(day) for day in mondays]
    ends = [*starts[1:], utc_now() + dt.timedelta(days=1)]
    spans = list(zip(starts, ends, strict=True))
    total = func.coalesce

    def within(moment: Any) -> list[Any]:
        return [
            total(func.sum(case((and_(moment >= start, moment < end), 1), else_=0)), 0)
            for start, end in spans
        ]

    follows = db.session.execute(
        select(func.count(), *within(Follow.created_at)).where(Follow.followee_id == page_id)
    ).one()
    written = db.session.execute(select(*within(Post.created_at)).where(*own)).one()
    by_day = db.session.execute(
        select(LinkDay.day, func.sum(LinkDay.clicks))
        .join(TrackedLink, TrackedLink.id == LinkDay.link_id)
        .join(Campaign, Campaign.id == TrackedLink.campaign_id)
        .where(Campaign.page_id == page_id, LinkDay.day >= mondays[0])
        .group_by(LinkDay.day)
    )
    clicks = dict.fromkeys(mondays, 0)
    for day, number in by_day:
        if _monday(day) in clicks:
            clicks[_monday(day)] += int(number)
    everybody, gained = int(follows[0]), [int(number) for number in follows[1:]]
    return tuple(
        Week(
            begins=monday,
            followers=everybody - sum(gained[number + 1 :]),
            new_followers=gained[number],
            posts=int(written[number]),
            clicks=clicks[monday],
        )
        for number, monday in enumerate(mondays)
    )


def _best(own: tuple[ColumnElement[bool], ...]) -> tuple[BestPost, ...]:
    reactions = (
        select(func.count()).where(Reaction.post_id == Post.id).correlate(Post).scalar_subquery()
    )
    saves = (
        select(func.count()).where(Bookmark.post_id == Post.id).correlate(Post).scalar_subquery()
    )
    score = (reactions + saves + Post.replies_count + Post.boosts_count).label("score")
    rows = db.session.execute(
        select(Post, reactions.label("reactions"), saves.label("saves"), score)
        .where(*own)
        .order_by(score.desc(), Post.id.desc())
        .limit(_BEST)
    )
    return tuple(
        BestPost(
            id=row.Post.id,
            excerpt=row.Post.spoiler_text or text.plain_text_from_html(row.Post.html, _EXCERPT),
            created_at=row.Post.created_at,
            reactions=row.reactions,
            replies=row.Post.replies_count,
            boosts=row.Post.boosts_count,
            saves=row.saves,
        )
        for row in rows
        if row.score
    )


def _monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.UTC)
