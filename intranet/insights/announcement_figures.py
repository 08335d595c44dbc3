"""How far an announcement reached: read and acknowledged over time, by department and by site.

Reading and acknowledging are distinct. Who was exempted counts as nobody. An acknowledgement
counts while it is of the text that holds now.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select

from intranet.accounts.models import Account
from intranet.announcements.models import Announcement, AnnouncementRecipient, AnnouncementText
from intranet.db import db
from intranet.insights import policies
from intranet.kernel.anonymity import Breakdown, Tally, breakdown
from intranet.kernel.errors import NotFound

_MOST_DAYS = 60
_recipient = AnnouncementRecipient


@dataclass(frozen=True, kw_only=True, slots=True)
class AnnouncementFigures:
    """`by_day` has cumulated (day in UTC, reads, acknowledgements). The breakdowns' one count is
    acknowledgements where these are required, reads otherwise."""

    id: int
    title: str
    published_at: dt.datetime
    requires_acknowledgement: bool
    recipients: int
    reads: int
    acknowledgements: int
    by_day: tuple[tuple[dt.date, int, int], ...]
    by_department: Breakdown
    by_site: Breakdown


def get_readable(viewer: Account, announcement_id: int) -> Announcement:
    """The announcement, if the viewer may read its figures; NotFound otherwise."""
    found = db.session.scalar(
        select(Announcement).where(
            Announcement.id == announcement_id, policies.readable_announcements(viewer)
        )
    )
    if found is None:
        raise NotFound
    return found


def title_of(announcement: Any = Announcement) -> ColumnElement[str]:
    """The newest title in the announcement's own language (a correlated subquery)."""
    return (
        select(AnnouncementText.title)
        .where(
            AnnouncementText.announcement_id == announcement.id,
            AnnouncementText.language == announcement.default_language,
        )
        .order_by(AnnouncementText.version.desc())
        .limit(1)
        .correlate(announcement)
        .scalar_subquery()
    )


def acknowledged(announcement: Any = Announcement) -> ColumnElement[bool]:
    """The recipient has acknowledged what holds now. Needs both tables in FROM."""
    return and_(
        _recipient.acknowledged_at.is_not(None),
        _recipient.acknowledged_revision >= announcement.revision,
    )


def announcement_figures(announcement: Announcement, minimum: int) -> AnnouncementFigures:
    """The figures, groups of fewer than `minimum` people folded. Six statements."""
    mine = (
        Announcement.id == announcement.id,
        _recipient.announcement_id == Announcement.id,
        _recipient.exempted_at.is_(None),
    )
    row = db.session.execute(
        select(func.count(), _sum(_recipient.read_at.is_not(None)), _sum(acknowledged())).where(
            *mine
        )
    ).one()
    done = (
        acknowledged() if announcement.requires_acknowledgement else _recipient.read_at.is_not(None)
    )
    title = db.session.scalar(select(title_of()).where(Announcement.id == announcement.id))
    published = announcement.published_at or announcement.created_at
    return AnnouncementFigures(
        id=announcement.id,
        title=title or "",
        published_at=published,
        requires_acknowledgement=announcement.requires_acknowledgement,
        recipients=row[0],
        reads=int(row[1]),
        acknowledgements=int(row[2]),
        by_day=_by_day(mine, published.date()),
        by_department=_groups(mine, _recipient.department, done, minimum),
        by_site=_groups(mine, _recipient.site, done, minimum),
    )


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _groups(
    mine: tuple[ColumnElement[bool], ...],
    by: Any,
    done: ColumnElement[bool],
    minimum: int,
) -> Breakdown:
    rows = db.session.execute(select(by, func.count(), _sum(done)).where(*mine).group_by(by))
    # Those of whom it is not known are a group like another.
    tallies = [Tally(name or "–", people, (int(number),)) for name, people, number in rows]
    return breakdown(tallies, minimum)


def _by_day(
    mine: tuple[ColumnElement[bool], ...], first: dt.date
) -> tuple[tuple[dt.date, int, int], ...]:
    reads = _days(mine, _recipient.read_at)
    confirmed = _days((*mine, acknowledged()), _recipient.acknowledged_at)
    seen = [*reads, *confirmed]
    if not seen:
        return ()
    last = max(seen)
    days = (max(last, first) - first).days
    points, read, done = [], 0, 0
    for number in range(days + 1):
        day = first + dt.timedelta(days=number)
        read += reads.get(day, 0)
        done += confirmed.get(day, 0)
        points.append((day, read, done))
    step = len(points) // _MOST_DAYS + 1
    return tuple(points[::-step][::-1])


def _days(mine: tuple[ColumnElement[bool], ...], moment: Any) -> dict[dt.date, int]:
    day = func.date(moment)
    rows = db.session.execute(
        select(day, func.count()).where(*mine, moment.is_not(None)).group_by(day)
    )
    return {dt.date.fromisoformat(str(found)): number for found, number in rows}
