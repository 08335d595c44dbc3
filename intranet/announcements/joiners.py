"""Whoever comes into the audience in the days after publication becomes a recipient too."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ColumnElement, or_, select

from intranet.accounts.events import PlaceChanged
from intranet.accounts.models import Account
from intranet.announcements import publication
from intranet.announcements.models import Announcement, AnnouncementStatus, RecipientOrigin
from intranet.db import db
from intranet.groups.events import MembershipChanged
from intranet.kernel.clock import utc_now

_AT_ONCE = 200


def add_all() -> int:
    """Everybody who is missing, of every announcement that still takes in; how many that were."""
    return sum(_add(announcement) for announcement in _open())


def follow(fact: PlaceChanged | MembershipChanged) -> None:
    """A new account, or one that has moved: what it comes into now is for it as well."""
    db.session.flush()
    for announcement in _open():
        _add(announcement, Account.id == fact.account_id)


def _open() -> list[Announcement]:
    """The announcements that still take joiners in. Which days are over is said by each row."""
    now = utc_now()
    rows = db.session.scalars(
        select(Announcement)
        .where(
            Announcement.status == AnnouncementStatus.PUBLISHED,
            Announcement.joiner_days > 0,
            Announcement.published_at > now - dt.timedelta(days=400),
            or_(Announcement.expires_at.is_(None), Announcement.expires_at > now),
        )
        .order_by(Announcement.id)
        .limit(_AT_ONCE)
    )
    return [
        row
        for row in rows
        if row.published_at is not None
        and row.published_at + dt.timedelta(days=row.joiner_days) > now
    ]


def _add(announcement: Announcement, only: ColumnElement[bool] | None = None) -> int:
    new = publication.take_in(announcement, RecipientOrigin.JOINER, utc_now(), only)
    if new:
        publication.write_recipients(announcement, new, RecipientOrigin.JOINER)
        publication.tell(announcement, new)
    return len(new)
