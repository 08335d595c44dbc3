"""What stands above a viewer's feed until it is confirmed or read. Every page draws the count, so
the statement is built once."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, func, or_, select
from sqlalchemy.orm import aliased

from intranet.accounts.models import Account
from intranet.accounts.readers import READER_ID
from intranet.announcements.cards import Waiting, WaitingItem
from intranet.announcements.models import (
    Announcement,
    AnnouncementRecipient,
    AnnouncementStatus,
    AnnouncementText,
)
from intranet.db import UTCDateTime, db
from intranet.kernel.clock import utc_now

SHOWN = 3
_row = AnnouncementRecipient


def waiting_for(viewer: Account, language: str) -> Waiting:
    """What waits for the viewer, titles in this language where there is one: one statement."""
    return _read(_first(), viewer, language)


def all_waiting_for(viewer: Account, language: str) -> Waiting:
    """The same to the last item."""
    return _read(_statement(), viewer, language)


def _read(statement: Select[Any], viewer: Account, language: str) -> Waiting:
    now = utc_now()
    rows = db.session.execute(
        statement, {"reader_id": viewer.id, "language": language, "now": now}
    ).all()
    if not rows:
        return Waiting()
    items = tuple(
        WaitingItem(
            id=row.id,
            title=row.title,
            voice_name=row.display_name,
            to_confirm=bool(row.to_confirm),
            again=row.acknowledged_revision is not None,
            acknowledge_by=row.acknowledge_by,
            overdue=row.acknowledge_by is not None and row.acknowledge_by < now,
        )
        for row in rows
    )
    return Waiting(items, rows[0].total, int(rows[0].all_to_confirm))


def to_confirm() -> ColumnElement[bool]:
    """The recipient has still to confirm this revision. Needs `Announcement` and
    `AnnouncementRecipient` in FROM."""
    return and_(
        Announcement.requires_acknowledgement,
        _row.exempted_at.is_(None),
        or_(
            _row.acknowledged_revision.is_(None),
            _row.acknowledged_revision < Announcement.revision,
        ),
    )


def is_out(now: Any) -> ColumnElement[bool]:
    """Published, and neither withdrawn nor expired. Needs `Announcement` in FROM."""
    return and_(
        Announcement.status == AnnouncementStatus.PUBLISHED,
        or_(Announcement.expires_at.is_(None), Announcement.expires_at > now),
    )


def text_for(language: Any) -> Any:
    """The id of the text that a reader of this language is shown in lists: in it, or in the
    default language. Needs `Announcement` in FROM."""
    return func.coalesce(_newest(language), _newest(Announcement.default_language))


def _newest(language: Any) -> Any:
    text = aliased(AnnouncementText)
    return (
        select(text.id)
        .where(text.announcement_id == Announcement.id, text.language == language)
        .order_by(text.version.desc())
        .limit(1)
        .correlate(Announcement)
        .scalar_subquery()
    )


@cache
def _first() -> Select[Any]:
    return _statement().limit(SHOWN)


@cache
def _statement() -> Select[Any]:
    now = bindparam("now", type_=UTCDateTime())
    must = to_confirm()
    new = and_(
        Announcement.pinned,
        Announcement.requires_acknowledgement.is_(False),
        _row.read_at.is_(None),
        _row.dismissed_at.is_(None),
    )
    return (
        select(
            Announcement.id,
            AnnouncementText.title,
            Account.display_name,
            Announcement.acknowledge_by,
            _row.acknowledged_revision,
            case((must, 1), else_=0).label("to_confirm"),
            func.count().over().label("total"),
            func.sum(case((must, 1), else_=0)).over().label("all_to_confirm"),
        )
        .select_from(_row)
        .join(Announcement, Announcement.id == _row.announcement_id)
        .join(AnnouncementText, AnnouncementText.id == text_for(bindparam("language")))
        .join(Account, Account.id == func.coalesce(Announcement.page_id, Announcement.author_id))
        .where(_row.account_id == READER_ID, is_out(now), or_(must, new))
        .order_by(
            case((must, 0), else_=1),
            case((Announcement.acknowledge_by.is_(None), 1), else_=0),
            Announcement.acknowledge_by,
            Announcement.id.desc(),
        )
    )
