"""Who may look at what became of an announcement: figures, and names.

Figures: whoever speaks for it (its author, the writers of its page, human resources,
administrators). Names: its author, the owners of its page, human resources, administrators. A
manager sees the own reports, and only where the announcement's reminders climb to managers."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, literal, or_, select

from intranet.accounts.models import Account, Role
from intranet.announcements.models import Announcement, AnnouncementRecipient
from intranet.db import db
from intranet.kernel.errors import Forbidden, NotFound
from intranet.kernel.messages import N_
from intranet.pages.models import PageRole
from intranet.pages.policies import WRITERS, has_role

_EVERYTHING = (Role.HR, Role.ADMINISTRATOR)


def reports_to(viewer: Account) -> ColumnElement[bool]:
    """The viewer may read the figures. Needs `Announcement` in FROM."""
    return _told_to(viewer, WRITERS)


def names_to(viewer: Account) -> ColumnElement[bool]:
    """The viewer may read the names. Needs `Announcement` in FROM."""
    return _told_to(viewer, (PageRole.OWNER,))


def _told_to(viewer: Account, roles: tuple[PageRole, ...]) -> ColumnElement[bool]:
    return and_(
        Announcement.published_at.is_not(None),
        or_(
            literal(viewer.role in _EVERYTHING),
            Announcement.author_id == viewer.id,
            and_(
                Announcement.page_id.is_not(None),
                has_role(viewer, roles, Announcement.page_id),
            ),
        ),
    )


def get_reportable(viewer: Account, announcement_id: int) -> Announcement:
    """The published announcement whose figures the viewer may read. NotFound for all others: its
    recipients read it elsewhere, and a report says nothing to them."""
    found = db.session.scalar(
        select(Announcement).where(Announcement.id == announcement_id, reports_to(viewer))
    )
    if found is None:
        raise NotFound
    return found


def may_see_names(viewer: Account, announcement: Announcement) -> bool:
    """Whether the viewer may read who has confirmed and who has not."""
    return bool(
        db.session.scalar(
            select(exists().where(Announcement.id == announcement.id, names_to(viewer)))
        )
    )


def get_named(viewer: Account, announcement_id: int) -> Announcement:
    """The same for names: Forbidden for who may read only the figures."""
    found = get_reportable(viewer, announcement_id)
    if not may_see_names(viewer, found):
        raise Forbidden(N_("Names are for its author, the owners of its page and human resources."))
    return found


def climbs_to_managers(announcement: Announcement) -> bool:
    """Whether managers are told of their reports."""
    return any(step.get("channel") == "manager" for step in announcement.reminders or [])


def get_for_manager(viewer: Account, announcement_id: int) -> Announcement:
    """The announcement whose reminders climb to the viewer as the manager of a recipient;
    NotFound for everybody else."""
    found = db.session.scalar(
        select(Announcement).where(
            Announcement.id == announcement_id,
            Announcement.published_at.is_not(None),
            Announcement.withdrawn_at.is_(None),
            exists(
                select(AnnouncementRecipient.id)
                .join(Account, Account.id == AnnouncementRecipient.account_id)
                .where(
                    AnnouncementRecipient.announcement_id == Announcement.id,
                    Account.manager_id == viewer.id,
                )
            ),
        )
    )
    if found is None or not climbs_to_managers(found):
        raise NotFound
    return found
