"""Who may read which figures. Figures never open what the reader could not see by itself."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, or_, true

from intranet.accounts.models import Account
from intranet.announcements.models import Announcement, AnnouncementStatus
from intranet.calendar.models import Event, EventHost, EventVisibility
from intranet.campaigns.policies import may_communicate
from intranet.kernel.errors import Forbidden
from intranet.kernel.messages import N_
from intranet.pages import policies as pages
from intranet.pages.models import PageRole

_EVERY_ROLE = tuple(PageRole)
_PUBLISHED = (AnnouncementStatus.PUBLISHED, AnnouncementStatus.WITHDRAWN)


def require_may_read_page(viewer: Account, page_id: int) -> None:
    """Forbidden unless the viewer has a role in the page, or speaks for the organisation."""
    if may_communicate(viewer) or pages.role_in(viewer, page_id) is not None:
        return
    raise Forbidden(N_("Only those who run the page see its figures."))


def require_may_read_all(viewer: Account) -> None:
    """Forbidden unless the viewer speaks for the organisation."""
    if not may_communicate(viewer):
        raise Forbidden(N_("Only human resources and administrators may do that."))


def _runs(viewer: Account, page_id: Any) -> ColumnElement[bool]:
    return pages.has_role(viewer, _EVERY_ROLE, page_id)


def readable_announcements(viewer: Account) -> ColumnElement[bool]:
    """The viewer may read the announcement's figures: as its author, with a role in its page, or
    speaking for the organisation. None before it is published. Needs `Announcement` in FROM."""
    if viewer.is_guest:
        return false()
    mine = or_(Announcement.author_id == viewer.id, _runs(viewer, Announcement.page_id))
    whose = true() if may_communicate(viewer) else mine
    return and_(Announcement.status.in_(_PUBLISHED), whose)


def readable_events(viewer: Account) -> ColumnElement[bool]:
    """The viewer may read the event's figures: whoever holds it, and for events of the whole
    organisation those who speak for it; no rank opens a group's. Needs `Event` in FROM."""
    if viewer.is_guest:
        return false()
    hosts = exists().where(EventHost.event_id == Event.id, EventHost.account_id == viewer.id)
    mine = or_(
        Event.organiser_id == viewer.id,
        Event.created_by_id == viewer.id,
        hosts,
        _runs(viewer, Event.organiser_id),
    )
    if not may_communicate(viewer):
        return mine
    for_all = and_(Event.visibility == EventVisibility.ORGANISATION, Event.group_id.is_(None))
    return or_(mine, for_all)
