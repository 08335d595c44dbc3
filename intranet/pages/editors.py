"""Who speaks for a page: adding, changing, removing. A page keeps an owner."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import case, delete, select, update

from intranet.accounts import chips
from intranet.accounts import policies as account_policies
from intranet.accounts.chips import AccountChip
from intranet.accounts.models import Account, AccountKind, Role
from intranet.db import db
from intranet.db.once import insert_once
from intranet.kernel import text
from intranet.kernel.errors import Conflict, Invalid, NotFound
from intranet.kernel.messages import N_
from intranet.notifications.actions import forget_page, notify
from intranet.notifications.models import NotificationKind
from intranet.pages import policies
from intranet.pages.models import Page, PageEditor, PageRole

MOST_EDITORS = 80


@dataclass(frozen=True, slots=True)
class EditorRow:
    """Somebody with a role in the page."""

    account: AccountChip
    role: PageRole
    since: dt.datetime


def list_editors(viewer: Account, page: Page) -> tuple[EditorRow, ...]:
    """Owners first, then by how long they have been there. For those who have a role in the page
    and those who may manage it; Forbidden for others."""
    if policies.role_in(viewer, page.account_id) is None:
        policies.require_may_manage(viewer, page.account_id)
    order = case({role.value: place for place, role in enumerate(PageRole)}, value=PageEditor.role)
    rows = db.session.execute(
        chips.select_chips()
        .add_columns(PageEditor.role, PageEditor.created_at)
        .join(PageEditor, PageEditor.account_id == Account.id)
        .where(PageEditor.page_id == page.account_id)
        .order_by(order, PageEditor.id)
        .limit(MOST_EDITORS)
    )
    return tuple(EditorRow(chips.chip_from(row), row.role, row.created_at) for row in rows)


def add(actor: Account, page: Page, handle: str, role: PageRole) -> AccountChip:
    """Give a colleague a role, by handle; told by a notification. Who has one keeps it: Conflict.
    Invalid under `handle` for somebody who does not exist or is no colleague."""
    _hold(page)
    policies.require_may_manage(actor, page.account_id)
    wanted = handle.strip().removeprefix("@").lower()
    unknown = Invalid(fields={"handle": N_("There is no colleague with this handle.")})
    if not text.is_handle(wanted):
        raise unknown
    account = db.session.scalar(
        select(Account).where(
            Account.handle == wanted,
            Account.kind == AccountKind.PERSON,
            Account.role != Role.GUEST,
            Account.deactivated_at.is_(None),
            account_policies.visible_to(actor),
        )
    )
    if account is None:
        raise unknown
    if len(list_editors(actor, page)) >= MOST_EDITORS:
        raise Conflict(N_("A page can have %(most)s editors."), most=MOST_EDITORS)
    made = insert_once(PageEditor, page_id=page.account_id, account_id=account.id, role=role)
    if not made:
        raise Invalid(fields={"handle": N_("This colleague has a role already: change it below.")})
    notify(
        (account.id,),
        actor=actor,
        kind=NotificationKind.PAGE_INVITATION,
        page_id=page.account_id,
    )
    return chips.chip_of(account)


def set_role(actor: Account, page: Page, handle: str, role: PageRole) -> None:
    """Give an editor another role. The last owner stays one: Conflict."""
    _hold(page)
    policies.require_may_manage(actor, page.account_id)
    account_id, current = _editor(page, handle)
    if current is role:
        return
    if current is PageRole.OWNER:
        _require_another_owner(page, account_id)
    db.session.execute(
        update(PageEditor)
        .where(PageEditor.page_id == page.account_id, PageEditor.account_id == account_id)
        .values(role=role)
    )


def remove(actor: Account, page: Page, handle: str) -> None:
    """Take the role away, with what was told because of it. Everybody may give up their own; the
    last owner stays: Conflict."""
    _hold(page)
    if handle.lower() != actor.handle or policies.role_in(actor, page.account_id) is None:
        policies.require_may_manage(actor, page.account_id)
    account_id, current = _editor(page, handle)
    if current is PageRole.OWNER:
        _require_another_owner(page, account_id)
    db.session.execute(
        delete(PageEditor).where(
            PageEditor.page_id == page.account_id, PageEditor.account_id == account_id
        )
    )
    forget_page(account_id, page.account_id)


def _hold(page: Page) -> None:
    """Two changes of one page's editors follow one another: two owners who leave at once must not
    both find the other there. (SQLite has one writer anyway.)"""
    held = select(Page.account_id).where(Page.account_id == page.account_id)
    db.session.execute(held.with_for_update())


def _editor(page: Page, handle: str) -> tuple[int, PageRole]:
    row = db.session.execute(
        select(PageEditor.account_id, PageEditor.role)
        .join(Account, Account.id == PageEditor.account_id)
        .where(PageEditor.page_id == page.account_id, Account.handle == handle.lower())
    ).one_or_none()
    if row is None:
        raise NotFound()
    return row.account_id, row.role


def _require_another_owner(page: Page, account_id: int) -> None:
    other = db.session.scalar(
        select(PageEditor.account_id)
        .join(Account, Account.id == PageEditor.account_id)
        .where(
            PageEditor.page_id == page.account_id,
            PageEditor.role == PageRole.OWNER,
            PageEditor.account_id != account_id,
            Account.deactivated_at.is_(None),
        )
        .limit(1)
    )
    if other is None:
        raise Conflict(N_("A page needs an owner. Make another editor an owner first."))
