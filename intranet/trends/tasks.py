"""Counts what the organisation talks about. Only posts for everybody here are looked at: what is
said in groups, to followers or to an audience adds to no number."""

from __future__ import annotations

import datetime as dt
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, literal, select, union
from sqlalchemy.orm import aliased

from intranet.db import db
from intranet.kernel.clock import utc_now
from intranet.kernel.ids import id_at, moment_of
from intranet.kernel.text.links import links_in
from intranet.posts.models import Hashtag, Post, PostHashtag, Reaction, Visibility
from intranet.trends.models import Trend, TrendKind

COUNT = "trends.count"
DAYS = 7
KEPT = 40  # of each kind
FEWEST = 2  # people: what one person repeats is no trend
# What one count reads at most, of each kind: the newest posts with a hashtag, root posts, posts
# with a link. In a week in which more is written, what is older than these counts for nothing.
_MOST_POSTS = 20_000
_AT_ONCE = 50  # texts read for links, after which the requests of this process have their turn
_HALF_LIFE_HOURS = 24


@dataclass
class _Use:
    """Who used something on which day."""

    days: dict[dt.date, list[int]] = field(default_factory=lambda: defaultdict(list))
    score: float = 0.0
    title: str = ""

    @property
    def people(self) -> set[int]:
        return {one for day in self.days.values() for one in day}


def look(_payload: dict[str, Any]) -> list[Trend]:
    """Count. Takes seconds where much is written, and writes nothing."""
    now = utc_now()
    since = id_at(now - dt.timedelta(days=DAYS))
    return [
        *_ranked(TrendKind.TAG, _tags(since, now), now),
        *_statuses(since, now),
        *_ranked(TrendKind.LINK, _links(since, now), now),
    ]


def keep(rows: Iterable[Trend]) -> None:
    """Put this count in the place of the last one."""
    db.session.execute(delete(Trend))
    db.session.add_all(rows)
    db.session.flush()


def _for_everybody(since: int) -> ColumnElement[bool]:
    return and_(
        Post.visibility == Visibility.ORGANISATION,
        Post.deleted_at.is_(None),
        Post.boost_of_id.is_(None),
        Post.id > since,
    )


def _tags(since: int, now: dt.datetime) -> dict[str, _Use]:
    rows = db.session.execute(
        select(Hashtag.name, Post.id, Post.author_id)
        .join(PostHashtag, PostHashtag.hashtag_id == Hashtag.id)
        .join(Post, Post.id == PostHashtag.post_id)
        .where(_for_everybody(since))
        .order_by(Post.id.desc())
        .limit(_MOST_POSTS)
    )
    uses: dict[str, _Use] = defaultdict(_Use)
    for name, post_id, author_id in rows:
        _use(uses[name], post_id, author_id, now)
    return uses


def _links(since: int, now: dt.datetime) -> dict[str, _Use]:
    rows = db.session.execute(
        select(Post.id, Post.author_id, Post.html)
        .where(_for_everybody(since), Post.html.contains('href="http'))
        .order_by(Post.id.desc())
        .limit(_MOST_POSTS)
        .execution_options(yield_per=_AT_ONCE)
    )
    uses: dict[str, _Use] = defaultdict(_Use)
    for some in rows.partitions():
        for post_id, author_id, html in some:
            for href, title in links_in(html).items():
                _use(uses[href], post_id, author_id, now)
                uses[href].title = uses[href].title or title
        time.sleep(0)
    return uses


def _use(use: _Use, post_id: int, author_id: int, now: dt.datetime) -> None:
    at = moment_of(post_id)
    use.days[at.date()].append(author_id)
    use.score += _weight(at, now)


def _weight(at: dt.datetime, now: dt.datetime) -> float:
    """What is new counts for more: half as much each day."""
    hours = max(0.0, (now - at).total_seconds() / 3600)
    return float(0.5 ** (hours / _HALF_LIFE_HOURS))


def _statuses(since: int, now: dt.datetime) -> Iterable[Trend]:
    """Posts that several others have answered, passed on or reacted to: each of them counts once
    for each of the three."""
    roots = and_(_for_everybody(since), Post.root_id.is_(None))
    oldest = db.session.scalar(
        select(Post.id).where(roots).order_by(Post.id.desc()).offset(_MOST_POSTS - 1).limit(1)
    )
    if oldest is not None:
        roots = and_(roots, Post.id >= oldest)
    boost, reply = aliased(Post, name="boost"), aliased(Post, name="reply")
    given = union(
        select(Post.id.label("post_id"), Reaction.account_id.label("by"), literal(1).label("how"))
        .join(Reaction, Reaction.post_id == Post.id)
        .where(roots, Reaction.account_id != Post.author_id),
        select(Post.id, boost.author_id, literal(2))
        .join(boost, boost.boost_of_id == Post.id)
        .where(roots, boost.deleted_at.is_(None), boost.author_id != Post.author_id),
        select(Post.id, reply.author_id, literal(3))
        .join(reply, reply.root_id == Post.id)
        .where(roots, reply.deleted_at.is_(None), reply.author_id != Post.author_id),
    ).subquery("given")
    rows = db.session.execute(
        select(given.c.post_id, func.count())
        .group_by(given.c.post_id)
        .having(func.count(given.c.by.distinct()) >= FEWEST)
    )
    scored = [(number * _weight(moment_of(post_id), now), post_id) for post_id, number in rows]
    best = sorted(scored, reverse=True)[:KEPT]
    return [
        _row(TrendKind.STATUS, rank, str(post_id), now)
        for rank, (_score, post_id) in enumerate(best)
    ]


def _ranked(kind: TrendKind, uses: dict[str, _Use], now: dt.datetime) -> Iterable[Trend]:
    several = {name: use for name, use in uses.items() if len(use.people) >= FEWEST}
    best = sorted(several.items(), key=lambda item: (-item[1].score, item[0]))[:KEPT]
    return [
        _row(kind, rank, name, now, title=use.title, history=_history(use, now.date()))
        for rank, (name, use) in enumerate(best)
    ]


def _history(use: _Use, today: dt.date) -> list[dict[str, Any]]:
    days = [today - dt.timedelta(days=back) for back in range(DAYS)]
    return [
        {
            "day": day.isoformat(),
            "uses": len(use.days.get(day, ())),
            "accounts": len(set(use.days.get(day, ()))),
        }
        for day in days
    ]


def _row(kind: TrendKind, rank: int, subject: str, now: dt.datetime, **more: Any) -> Trend:
    return Trend(kind=kind, rank=rank, subject=subject, counted_until=now, **more)
