"""Who may see and run campaigns: human resources and administrators all of them, the people of a
page those of their page. The SQL clause is the rule."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, true

from intranet.accounts.models import Account, Role
from intranet.campaigns.models import Campaign
from intranet.kernel.errors import Forbidden
from intranet.kernel.messages import N_
from intranet.pages import policies as pages
from intranet.pages.models import PageRole

_EVERY_ROLE = tuple(PageRole)
_COMMUNICATORS = (Role.HR, Role.ADMINISTRATOR)


def may_communicate(actor: Account) -> bool:
    """Whether the actor speaks for the whole organisation."""
    return actor.role in _COMMUNICATORS


def visible_to(viewer: Account) -> ColumnElement[bool]:
    """The viewer may see the campaign and its figures. Needs `Campaign` in FROM."""
    if viewer.is_guest:
        return false()
    if may_communicate(viewer):
        return true()
    return pages.has_role(viewer, _EVERY_ROLE, Campaign.page_id)


def may_run(actor: Account, page_id: int | None) -> bool:
    """Whether the actor makes and closes campaigns and links here."""
    if actor.is_guest:
        return False
    if may_communicate(actor):
        return True
    return page_id is not None and pages.role_in(actor, page_id) in pages.WRITERS


def require_may_run(actor: Account, page_id: int | None) -> None:
    """Forbidden unless `may_run`."""
    if not may_run(actor, page_id):
        raise Forbidden(N_("Only those who write for the page may do that."))
