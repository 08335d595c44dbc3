"""In whose name somebody may announce."""

from __future__ import annotations

from sqlalchemy import select

from intranet.accounts.chips import AccountChip, chip_from, select_chips
from intranet.accounts.models import Account
from intranet.announcements import policies
from intranet.db import db
from intranet.pages.models import Page, PageEditor
from intranet.pages.policies import WRITERS

_MOST = 80


def pages_of(viewer: Account) -> tuple[AccountChip, ...]:
    """The pages in whose name the viewer may announce, by name: all of them for human resources
    and administrators, for others those that they write for."""
    query = (
        select_chips()
        .join(Page, Page.account_id == Account.id)
        .where(Account.deactivated_at.is_(None))
        .order_by(Account.sort_name, Account.id)
        .limit(_MOST)
    )
    if not policies.announces_for_all(viewer):
        own = select(PageEditor.page_id).where(
            PageEditor.account_id == viewer.id, PageEditor.role.in_(WRITERS)
        )
        query = query.where(Page.account_id.in_(own))
    return tuple(chip_from(row) for row in db.session.execute(query))
