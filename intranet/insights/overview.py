"""What the organisation said lately and what became of it, for those who speak for it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select

from intranet.accounts.chips import COLUMNS, AccountChip, chip_from
from intranet.accounts.models import Account
from intranet.announcements.models import Announcement, AnnouncementRecipient
from intranet.calendar.models import Event, Occurrence, Rsvp
from intranet.campaigns import policies as campaign_policies
from intranet.campaigns.models import Campaign, LinkDay, TrackedLink
from intranet.db import db
from intranet.insights import policies
from intranet.insights.announcement_figures import acknowledged, title_of
from intranet.kernel.clock import utc_now
from intranet.pages import policies as page_policies
from intranet.pages.models import Page
from intranet.posts import policies as post_policies
from intranet.posts.models import Post

DAYS = 90
_MOST = 40


@dataclass(frozen=True, slots=True)
class AnnouncementLine:
    """One announcement of the span."""

    id: int
    title: str
    published_at: dt.datetime
    requires_acknowledgement: bool
    recipients: int
    reads: int
    acknowledgements: int


@dataclass(frozen=True, slots=True)
class PageLine:
    """One page; posts of the span."""

    chip: AccountChip
    followers: int
    posts: int


@dataclass(frozen=True, slots=True)
class EventLine:
    """One date; `came` of those who were checked in."""

    event_id: int
    title: str
    starts_at: dt.datetime
    going: int
    waiting: int
    came: int


@dataclass(frozen=True, slots=True)
class CampaignLine:
    """One campaign; clicks of the span."""

    id: int
    name: str
    clicks: int


@dataclass(frozen=True, slots=True)
class Overview:
    """The last DAYS days; each list has at most 40 lines."""

    announcements: tuple[AnnouncementLine, ...]
    pages: tuple[PageLine, ...]
    events: tuple[EventLine, ...]
    campaigns: tuple[CampaignLine, ...]


def overview(viewer: Account, today: dt.date) -> Overview:
    """All four lists, as far as the viewer may see. Four statements."""
    policies.require_may_read_all(viewer)
    since = utc_now() - dt.timedelta(days=DAYS)
    return Overview(
        _announcements(viewer, since),
        _pages(viewer, since),
        _events(viewer, since),
        _campaigns(viewer, today - dt.timedelta(days=DAYS)),
    )


def _announcements(viewer: Account, since: dt.datetime) -> tuple[AnnouncementLine, ...]:
    recipient = AnnouncementRecipient

    def counted(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    there = recipient.account_id.is_not(None) & recipient.exempted_at.is_(None)
    rows = db.session.execute(
        select(
            Announcement,
            title_of().label("title"),
            counted(there).label("recipients"),
            counted(there & recipient.read_at.is_not(None)).label("reads"),
            counted(there & acknowledged()).label("acknowledgements"),
        )
        .outerjoin(recipient, recipient.announcement_id == Announcement.id)
        .where(Announcement.published_at >= since, policies.readable_announcements(viewer))
        .group_by(Announcement.id)
        .order_by(Announcement.published_at.desc(), Announcement.id.desc())
        .limit(_MOST)
    )
    return tuple(
        AnnouncementLine(
            row.Announcement.id,
            row.title or "",
            row.Announcement.published_at,
            row.Announcement.requires_acknowledgement,
            int(row.recipients),
            int(row.reads),
            int(row.acknowledgements),
        )
        for row in rows
    )


def _pages(viewer: Account, since: dt.datetime) -> tuple[PageLine, ...]:
    written = (
        select(func.count())
        .where(
            Post.author_id == Page.account_id,
            Post.root_id.is_(None),
            Post.boost_of_id.is_(None),
            Post.created_at >= since,
            post_policies.visible_to(viewer),
        )
        .correlate(Page)
        .scalar_subquery()
    )
    query: Select[*tuple[Any, ...]] = (
        select(*COLUMNS, Account.followers_count, written.label("written"))
        .join(Page, Page.account_id == Account.id)
        .where(page_policies.visible_to(viewer), Account.deactivated_at.is_(None))
        .order_by(Account.followers_count.desc(), Account.id)
        .limit(_MOST)
    )
    rows = db.session.execute(query)
    return tuple(PageLine(chip_from(row), row.followers_count, row.written) for row in rows)


def _events(viewer: Account, since: dt.datetime) -> tuple[EventLine, ...]:
    came = (
        select(func.count())
        .where(Rsvp.occurrence_id == Occurrence.id, Rsvp.checked_in_at.is_not(None))
        .correlate(Occurrence)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Event.id, Event.title, Occurrence, came.label("came"))
        .join(Event, Event.id == Occurrence.event_id)
        .where(
            Occurrence.starts_at >= since,
            Occurrence.starts_at < utc_now() + dt.timedelta(days=DAYS),
            Occurrence.cancelled_at.is_(None),
            Event.cancelled_at.is_(None),
            policies.readable_events(viewer),
        )
        .order_by(Occurrence.starts_at.desc(), Occurrence.id.desc())
        .limit(_MOST)
    )
    return tuple(
        EventLine(
            row.id,
            row.Occurrence.changes.get("title") or row.title,
            row.Occurrence.starts_at,
            row.Occurrence.going_count,
            row.Occurrence.waiting_count,
            row.came,
        )
        for row in rows
    )


def _campaigns(viewer: Account, since: dt.date) -> tuple[CampaignLine, ...]:
    clicks = func.sum(LinkDay.clicks).label("clicks")
    rows = db.session.execute(
        select(Campaign.id, Campaign.name, clicks)
        .join(TrackedLink, TrackedLink.campaign_id == Campaign.id)
        .join(LinkDay, LinkDay.link_id == TrackedLink.id)
        .where(LinkDay.day >= since, campaign_policies.visible_to(viewer))
        .group_by(Campaign.id, Campaign.name)
        .order_by(clicks.desc(), Campaign.id)
        .limit(_MOST)
    )
    return tuple(CampaignLine(row.id, row.name, int(row.clicks)) for row in rows)
