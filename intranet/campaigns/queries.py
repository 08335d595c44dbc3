"""Reads of campaigns, their links, and how often those were followed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from intranet.accounts import chips
from intranet.accounts.chips import AccountChip
from intranet.accounts.models import Account
from intranet.campaigns import policies
from intranet.campaigns.models import Campaign, LinkDay, TrackedLink
from intranet.db import db
from intranet.kernel.errors import NotFound
from intranet.kernel.pagination import Cursor, page_of
from intranet.kernel.pagination import Page as Listing
from intranet.pages import policies as pages
from intranet.pages.models import Page, PageRole

MOST_LINKS = 80


@dataclass(frozen=True, slots=True)
class LinkView:
    """A short link; `is_open` also says whether its campaign is."""

    id: int
    code: str
    target: str
    label: str
    clicks: int
    is_open: bool


@dataclass(frozen=True, slots=True)
class CampaignEntry:
    """One line of the list. `page` None: of the organisation."""

    id: int
    name: str
    page: AccountChip | None
    links: int
    clicks: int
    created_at: dt.datetime
    is_open: bool


def get_visible(viewer: Account, campaign_id: int) -> Campaign:
    """The campaign, if the viewer may see it; NotFound otherwise."""
    campaign = db.session.scalar(
        select(Campaign).where(Campaign.id == campaign_id, policies.visible_to(viewer))
    )
    if campaign is None:
        raise NotFound
    return campaign


def get_link(campaign: Campaign, link_id: int) -> TrackedLink:
    """A link of the campaign; NotFound when it has no such one."""
    link = db.session.scalar(
        select(TrackedLink).where(TrackedLink.id == link_id, TrackedLink.campaign_id == campaign.id)
    )
    if link is None:
        raise NotFound
    return link


def find_open(code: str) -> TrackedLink | None:
    """The link behind a short address, while it and its campaign are open."""
    return db.session.scalar(
        select(TrackedLink)
        .join(Campaign, Campaign.id == TrackedLink.campaign_id)
        .where(
            TrackedLink.code == code, TrackedLink.closed_at.is_(None), Campaign.closed_at.is_(None)
        )
    )


def list_visible(viewer: Account, cursor: Cursor) -> Listing[CampaignEntry]:
    """The campaigns that the viewer may see, newest first. Two statements."""
    links = (
        select(func.count())
        .where(TrackedLink.campaign_id == Campaign.id)
        .correlate(Campaign)
        .scalar_subquery()
    )
    clicks = (
        select(func.coalesce(func.sum(LinkDay.clicks), 0))
        .join(TrackedLink, TrackedLink.id == LinkDay.link_id)
        .where(TrackedLink.campaign_id == Campaign.id)
        .correlate(Campaign)
        .scalar_subquery()
    )
    query = (
        select(Campaign, links.label("links"), clicks.label("clicks"))
        .where(policies.visible_to(viewer))
        .order_by(Campaign.id.desc())
        .limit(cursor.limit + 1)
    )
    if cursor.before is not None:
        query = query.where(Campaign.id < cursor.before)
    rows = db.session.execute(query).all()
    named = chips.by_id(row.Campaign.page_id for row in rows if row.Campaign.page_id)
    entries = [
        CampaignEntry(
            id=row.Campaign.id,
            name=row.Campaign.name,
            page=named.get(row.Campaign.page_id),
            links=row.links,
            clicks=int(row.clicks),
            created_at=row.Campaign.created_at,
            is_open=row.Campaign.closed_at is None,
        )
        for row in rows
    ]
    return page_of(entries, cursor.limit, lambda entry: entry.id)


def links_of(campaign: Campaign) -> list[LinkView]:
    """The campaign's links, most followed first. One statement."""
    clicks = func.coalesce(func.sum(LinkDay.clicks), 0).label("clicks")
    rows = db.session.execute(
        select(TrackedLink, clicks)
        .outerjoin(LinkDay, LinkDay.link_id == TrackedLink.id)
        .where(TrackedLink.campaign_id == campaign.id)
        .group_by(TrackedLink.id)
        .order_by(clicks.desc(), TrackedLink.id)
        .limit(MOST_LINKS)
    )
    return [
        LinkView(
            id=row.TrackedLink.id,
            code=row.TrackedLink.code,
            target=row.TrackedLink.target,
            label=row.TrackedLink.label,
            clicks=int(row.clicks),
            is_open=row.TrackedLink.closed_at is None and campaign.closed_at is None,
        )
        for row in rows
    ]


def clicks_by_day(
    condition: ColumnElement[bool], since: dt.date, until: dt.date
) -> list[tuple[dt.date, int]]:
    """How often links that meet `condition` (over TrackedLink and Campaign) were followed, a pair
    for every day from `since` to `until`."""
    counted: dict[dt.date, int] = {
        day: int(clicks)
        for day, clicks in db.session.execute(
            select(LinkDay.day, func.sum(LinkDay.clicks))
            .join(TrackedLink, TrackedLink.id == LinkDay.link_id)
            .join(Campaign, Campaign.id == TrackedLink.campaign_id)
            .where(condition, LinkDay.day >= since, LinkDay.day <= until)
            .group_by(LinkDay.day)
        )
    }
    days = [since + dt.timedelta(days=number) for number in range((until - since).days + 1)]
    return [(day, counted.get(day, 0)) for day in days]


def days_by_link(campaign: Campaign) -> list[tuple[dt.date, str, str, str, int]]:
    """Day, code, label, target and clicks of every day that had any: what is exported."""
    rows = db.session.execute(
        select(LinkDay.day, TrackedLink.code, TrackedLink.label, TrackedLink.target, LinkDay.clicks)
        .join(TrackedLink, TrackedLink.id == LinkDay.link_id)
        .where(TrackedLink.campaign_id == campaign.id)
        .order_by(LinkDay.day, TrackedLink.id)
    )
    return [(row.day, row.code, row.label, row.target, row.clicks) for row in rows]


def pages_with_campaigns(viewer: Account) -> list[AccountChip]:
    """The pages for which the viewer may make campaigns, by name."""
    query = chips.select_chips().join(Page, Page.account_id == Account.id)
    if not policies.may_communicate(viewer):
        query = query.where(pages.has_role(viewer, pages.WRITERS))
    rows = db.session.execute(
        query.where(Account.deactivated_at.is_(None), pages.visible_to(viewer))
        .order_by(Account.sort_name, Account.id)
        .limit(80)
    )
    return [chips.chip_from(row) for row in rows]


def page_of_campaign(campaign: Campaign) -> AccountChip | None:
    """The page whose campaign it is; None: the organisation's."""
    if campaign.page_id is None:
        return None
    return chips.by_id([campaign.page_id]).get(campaign.page_id)


def may_look(viewer: Account) -> bool:
    """Whether campaigns are any of the viewer's business."""
    if viewer.is_guest:
        return False
    if policies.may_communicate(viewer):
        return True
    mine = select(Page.account_id).where(pages.has_role(viewer, tuple(PageRole))).limit(1)
    return db.session.scalar(mine) is not None
