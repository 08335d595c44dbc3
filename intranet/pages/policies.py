"""Who may run a page and speak in its name. Every member of the organisation may see every page;
guests see none."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, exists, false, select, true
from sqlalchemy.orm import aliased

from intranet.accounts.models import Account, Role
from intranet.accounts.policies import may_administer
from intranet.db import db
from intranet.kernel.errors import Forbidden
from intranet.kernel.messages import N_
from intranet.pages.models import Page, PageEditor, PageRole

WRITERS = (PageRole.OWNER, PageRole.EDITOR, PageRole.REVIEWER)
REVIEWERS = (PageRole.OWNER, PageRole.REVIEWER)
# Who may make pages and announce to the organisation.
_COMMUNICATORS = (Role.HR, Role.ADMINISTRATOR)


def visible_to(viewer: Account) -> ColumnElement[bool]:
    """The viewer may see the page. Needs `Page` in FROM."""
    return false() if viewer.is_guest else true()


def has_role(
    viewer: Account, roles: tuple[PageRole, ...], page_id: Any = Page.account_id
) -> ColumnElement[bool]:
    """The viewer has one of these roles in the page (a correlated EXISTS)."""
    own = aliased(PageEditor)
    return exists().where(own.page_id == page_id, own.account_id == viewer.id, own.role.in_(roles))


def role_in(actor: Account, page_id: int) -> PageRole | None:
    """What the actor is in the page; None for everybody else."""
    return db.session.scalar(
        select(PageEditor.role).where(
            PageEditor.page_id == page_id, PageEditor.account_id == actor.id
        )
    )


def may_create(actor: Account) -> bool:
    """Human resources and administrators make pages."""
    return actor.role in _COMMUNICATORS


def require_may_create(actor: Account) -> None:
    """Forbidden unless `may_create`."""
    if not may_create(actor):
        raise Forbidden(N_("Only human resources and administrators may do that."))


def require_role(actor: Account, page_id: int, roles: tuple[PageRole, ...]) -> None:
    """Forbidden unless the actor has one of these roles in the page."""
    if role_in(actor, page_id) not in roles:
        raise Forbidden(N_("Your role in this page does not allow that."))


def may_manage(actor: Account, role: PageRole | None) -> bool:
    """Owners decide who speaks for the page; administrators too, so that no page is left without
    anybody."""
    return role is PageRole.OWNER or may_administer(actor)


def require_may_manage(actor: Account, page_id: int) -> None:
    """Forbidden unless `may_manage`."""
    if not may_manage(actor, role_in(actor, page_id)):
        raise Forbidden(N_("Only the page's owners may do that."))
