"""The lists of announcements: what waits, what was, and for authors what they write."""

from __future__ import annotations

import datetime as dt
import enum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select

from intranet.accounts import chips
from intranet.accounts.models import Account
from intranet.announcements import policies, texts
from intranet.announcements.cards import AnnouncementCard
from intranet.announcements.models import (
    Announcement,
    AnnouncementRecipient,
    AnnouncementStatus,
    AnnouncementText,
)
from intranet.announcements.waiting import is_out, text_for, to_confirm
from intranet.db import db
from intranet.kernel.clock import utc_now
from intranet.kernel.pagination import Cursor, Page, page_of

_row = AnnouncementRecipient


class Shelf(enum.StrEnum):
    """Which list."""

    CONFIRM = "confirm"  # to be confirmed by the viewer
    UNREAD = "unread"
    ARCHIVE = "archive"  # all that was for the viewer and needs nothing any more
    SENT = "sent"  # out, of those that the viewer manages
    DRAFTS = "drafts"  # not out yet
    APPROVAL = "approval"  # waits for the viewer's eyes


READERS = (Shelf.CONFIRM, Shelf.UNREAD, Shelf.ARCHIVE)
AUTHORS = (Shelf.DRAFTS, Shelf.SENT, Shelf.APPROVAL)


def shelf(viewer: Account, which: Shelf, cursor: Cursor, language: str) -> Page[AnnouncementCard]:
    """One page of a list, the newest first: one statement."""
    now = utc_now()
    query = (
        _cards(viewer, language)
        .where(_belongs(viewer, which, now))
        .order_by(Announcement.id.desc())
        .limit(cursor.limit + 1)
    )
    if cursor.before is not None:
        query = query.where(Announcement.id < cursor.before)
    cards = [card_from(row, now) for row in db.session.execute(query)]
    return page_of(cards, cursor.limit, lambda card: card.id)


def counts(viewer: Account, which: tuple[Shelf, ...]) -> dict[Shelf, int]:
    """How many stand in each of these lists: one statement."""
    now = utc_now()
    numbers = [
        func.count(Announcement.id).filter(_belongs(viewer, one, now)).label(one.value)
        for one in which
    ]
    found = db.session.execute(
        select(*numbers).select_from(Announcement).outerjoin(_row, _mine(viewer))
    ).one()
    return {one: found._mapping[one.value] for one in which}


def card_from(row: Any, now: dt.datetime) -> AnnouncementCard:
    """The card of a row of `_cards`."""
    announcement: Announcement = row[0]
    text: AnnouncementText = row[1]
    mine: AnnouncementRecipient | None = row[2]
    out = announcement.status is AnnouncementStatus.PUBLISHED and not (
        announcement.expires_at is not None and announcement.expires_at <= now
    )
    done = (
        mine is not None
        and mine.acknowledged_revision is not None
        and mine.acknowledged_revision >= announcement.revision
    )
    must = (
        mine is not None
        and out
        and announcement.requires_acknowledgement
        and mine.exempted_at is None
        and not done
    )
    withdrawn = announcement.status is AnnouncementStatus.WITHDRAWN
    return AnnouncementCard(
        id=announcement.id,
        title=text.title,
        lead="" if withdrawn else texts.lead_of(text.source),
        language=text.language,
        status=announcement.status,
        voice=chips.chip_from(row),
        published_at=announcement.published_at,
        publish_at=announcement.publish_at,
        created_at=announcement.created_at,
        expires_at=announcement.expires_at,
        withdrawn_at=announcement.withdrawn_at,
        requires_acknowledgement=announcement.requires_acknowledgement,
        acknowledge_by=announcement.acknowledge_by,
        approval_note=announcement.approval_note,
        read_at=mine.read_at if mine else None,
        acknowledged_at=mine.acknowledged_at if mine and done else None,
        to_confirm=must,
        again=must and mine is not None and mine.acknowledged_revision is not None,
        overdue=must
        and announcement.acknowledge_by is not None
        and announcement.acknowledge_by < now,
    )


def _cards(viewer: Account, language: str) -> Select[*tuple[Any, ...]]:
    return (
        select(Announcement, AnnouncementText, _row, *chips.COLUMNS)
        .select_from(Announcement)
        .join(AnnouncementText, AnnouncementText.id == text_for(language))
        .join(Account, Account.id == func.coalesce(Announcement.page_id, Announcement.author_id))
        .outerjoin(_row, _mine(viewer))
    )


def _mine(viewer: Account) -> ColumnElement[bool]:
    return and_(_row.announcement_id == Announcement.id, _row.account_id == viewer.id)


def _belongs(viewer: Account, which: Shelf, now: dt.datetime) -> ColumnElement[bool]:
    for_me = _row.account_id.is_not(None)
    unread = and_(for_me, is_out(now), _row.read_at.is_(None))
    status = Announcement.status
    if which is Shelf.CONFIRM:
        return and_(for_me, is_out(now), to_confirm())
    if which is Shelf.UNREAD:
        return and_(unread, not_(to_confirm()))
    if which is Shelf.ARCHIVE:
        still = and_(is_out(now), or_(to_confirm(), _row.read_at.is_(None)))
        return and_(for_me, status.in_(policies.OUT), not_(still))
    if which is Shelf.SENT:
        return and_(status.in_(policies.OUT), policies.may_manage(viewer))
    if which is Shelf.APPROVAL:
        return and_(
            status == AnnouncementStatus.IN_APPROVAL,
            Announcement.author_id != viewer.id,
            policies.reviews(viewer),
        )
    return and_(status.not_in(policies.OUT), policies.may_manage(viewer))
