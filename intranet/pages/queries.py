"""Reads: one page, and in whose name somebody may write."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from intranet.accounts.chips import AccountChip, chip_from, select_chips
from intranet.accounts.models import Account
from intranet.db import db
from intranet.kernel.errors import NotFound
from intranet.pages import policies
from intranet.pages.models import Page, PageEditor

_MOST = 80


def get_visible(viewer: Account, handle: str) -> Page:
    """The page as it is now, with its `account`; NotFound when there is none that the viewer may
    see."""
    page = db.session.scalar(
        select(Page)
        .join(Page.account)
        .where(Account.handle == handle.lower(), policies.visible_to(viewer))
        .options(contains_eager(Page.account))
        .execution_options(populate_existing=True)
    )
    if page is None:
        raise NotFound()
    return page


def get_visible_by_id(viewer: Account, page_id: int) -> Page:
    """As `get_visible`, by the id of its account."""
    page = db.session.scalar(
        select(Page)
        .join(Page.account)
        .where(Page.account_id == page_id, policies.visible_to(viewer))
        .options(contains_eager(Page.account))
        .execution_options(populate_existing=True)
    )
    if page is None:
        raise NotFound()
    return page


def writable_by(viewer: Account) -> tuple[AccountChip, ...]:
    """The open pages in whose name the viewer may write, by name: one statement."""
    if viewer.is_guest:
        return ()
    rows = db.session.execute(
        select_chips()
        .join(PageEditor, PageEditor.page_id == Account.id)
        .where(
            PageEditor.account_id == viewer.id,
            PageEditor.role.in_(policies.WRITERS),
            Account.deactivated_at.is_(None),
        )
        .order_by(Account.sort_name, Account.id)
        .limit(_MOST)
    )
    return tuple(map(chip_from, rows))
