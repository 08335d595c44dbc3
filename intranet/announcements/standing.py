"""The announcements that are out and were for somebody, with their whole text: for programs."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from intranet.accounts.models import Account
from intranet.announcements.models import (
    Announcement,
    AnnouncementRecipient,
    AnnouncementText,
)
from intranet.announcements.waiting import is_out, to_confirm
from intranet.db import db
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import NotFound

MOST = 40
_row = AnnouncementRecipient


@dataclass(frozen=True, slots=True)
class Standing:
    """One announcement as one of its recipients has it."""

    id: int
    title: str
    source: str
    html: str
    language: str
    facts: tuple[tuple[str, str], ...]
    voice_name: str
    published_at: dt.datetime
    changed_at: dt.datetime
    expires_at: dt.datetime | None
    post_id: int | None  # of the questions below it
    read: bool
    to_confirm: bool
    requires_acknowledgement: bool


def list_standing(viewer: Account, language: str, *, with_read: bool) -> list[Standing]:
    """The newest MOST that were for the viewer and are out; without `with_read` only those that
    are neither read nor put away, or have still to be confirmed. One statement."""
    query = _select(viewer, language)
    if not with_read:
        query = query.where(
            or_(and_(_row.read_at.is_(None), _row.dismissed_at.is_(None)), to_confirm())
        )
    return _drawn(query.order_by(Announcement.id.desc()).limit(MOST))


def get_standing(viewer: Account, announcement_id: int, language: str) -> Standing:
    """One that was for the viewer and is out; NotFound otherwise."""
    found = _drawn(_select(viewer, language).where(Announcement.id == announcement_id))
    if not found:
        raise NotFound
    return found[0]


def _select(viewer: Account, language: str) -> Select[*tuple[Any, ...]]:
    """In the reader's language when that text is up to date, else in the first one."""
    shown = func.coalesce(
        _newest(language, up_to_date=True), _newest(Announcement.default_language)
    )
    return (
        select(Announcement, AnnouncementText, _row, Account.display_name, to_confirm())
        .join(_row, _row.announcement_id == Announcement.id)
        .join(AnnouncementText, AnnouncementText.id == shown)
        .join(Account, Account.id == func.coalesce(Announcement.page_id, Announcement.author_id))
        .where(_row.account_id == viewer.id, is_out(utc_now()))
        .execution_options(populate_existing=True)
    )


def _newest(language: object, *, up_to_date: bool = False) -> object:
    text = aliased(AnnouncementText)
    query = select(text.id).where(
        text.announcement_id == Announcement.id, text.language == language
    )
    if up_to_date:
        query = query.where(text.revision == Announcement.revision)
    newest = query.order_by(text.version.desc()).limit(1)
    return newest.correlate(Announcement).scalar_subquery()


def _drawn(query: Select[*tuple[Any, ...]]) -> list[Standing]:
    found = []
    for announcement, text, row, voice_name, must in db.session.execute(query):
        published_at = announcement.published_at or announcement.created_at
        found.append(
            Standing(
                id=announcement.id,
                title=text.title,
                source=text.source,
                html=text.html,
                language=text.language,
                facts=tuple((fact["value"], fact["label"]) for fact in text.facts),
                voice_name=voice_name,
                published_at=published_at,
                changed_at=max(published_at, text.created_at),
                expires_at=announcement.expires_at,
                post_id=announcement.post_id,
                read=row.read_at is not None or row.dismissed_at is not None,
                to_confirm=bool(must),
                requires_acknowledgement=announcement.requires_acknowledgement,
            )
        )
    return found
