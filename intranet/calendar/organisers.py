"""In whose name somebody may make an event."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from intranet.accounts import chips
from intranet.accounts import policies as account_policies
from intranet.accounts.chips import AccountChip
from intranet.accounts.models import Account
from intranet.db import db
from intranet.groups import queries as groups
from intranet.groups.chips import GroupChip
from intranet.pages import policies as page_policies
from intranet.pages.models import Page


@dataclass(frozen=True, slots=True)
class Organisers:
    """The pages one writes for (with the ids of the public ones) and the groups one is in."""

    pages: tuple[AccountChip, ...]
    public_ids: frozenset[int]
    groups: tuple[GroupChip, ...]


def organisers(actor: Account) -> Organisers:
    """What the actor may choose from besides itself: two statements."""
    rows = db.session.execute(
        chips.select_chips()
        .add_columns(Page.is_public)
        .join(Page, Page.account_id == Account.id)
        .where(
            page_policies.has_role(actor, page_policies.WRITERS), Account.deactivated_at.is_(None)
        )
        .order_by(Account.sort_name, Account.id)
        .limit(80)
    ).all()
    return Organisers(
        pages=tuple(map(chips.chip_from, rows)),
        public_ids=frozenset(row.account_id for row in rows if row.is_public),
        groups=groups.audiences(actor),
    )


def handles_of(actor: Account, handles: list[str]) -> dict[str, int]:
    """The ids of people by handle, as far as the actor may see them."""
    if not handles:
        return {}
    found = chips.select_chips().where(
        Account.handle.in_(handles),
        Account.deactivated_at.is_(None),
        account_policies.visible_to(actor),
    )
    return {row.handle: row.account_id for row in db.session.execute(found)}


def page_id_of(handle: str) -> int | None:
    """The id of a page; None when nothing has this handle."""
    return db.session.scalar(
        select(Page.account_id)
        .join(Account, Account.id == Page.account_id)
        .where(Account.handle == handle.lower())
    )
