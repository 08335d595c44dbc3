"""Who may look at what became of an announcement: figures, and names.

Figures: whoever speaks for it (its author, the writers of its page, human resources,
administrators). Names: its author, the owners of its page, human resources, administrators. A
manager sees the own reports, and only where the announcement's reminders climb to managers."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, or_, select

from intranet.accounts.models import Account
from intranet.announcements import policies, queries
from intranet.announcements.models import Announcement, AnnouncementRecipient
from intranet.db import db
from intranet.kernel.errors import Forbidden, NotFound
from intranet.kernel.messages import N_
from intranet.pages.models import PageRole
from intranet.pages.policies import has_role


def figures_for(viewer: Account) -> ColumnElement[bool]:
    """The viewer may read the figures. Needs `Announcement` in FROM."""
    return or_(Announcement.author_id == viewer.id, policies.may_manage(viewer))


def names_for(viewer: Account) -> ColumnElement[bool]:
    """The viewer may read the names. Needs `Announcement` in FROM."""
    return or_(
        Announcement.author_id == viewer.id,
        policies.is_communicator(viewer),
        has_role(viewer, (PageRole.OWNER,), Announcement.page_id),
    )


def get_reportable(viewer: Account, announcement_id: int) -> Announcement:
    """The announcement whose figures the viewer may read: NotFound when it is not theirs to know
    of or not out yet, Forbidden for who only received it."""
    found = queries.get_visible(viewer, announcement_id)
    if found.published_at is None:
        raise NotFound
    if not _holds(found, figures_for(viewer)):
        raise Forbidden(N_("Its figures are for those who announce."))
    return found


def may_see_names(viewer: Account, announcement: Announcement) -> bool:
    """Whether the viewer may read who has confirmed and who has not."""
    return _holds(announcement, names_for(viewer))


def get_named(viewer: Account, announcement_id: int) -> Announcement:
    """The same for names: Forbidden also for who may read only the figures."""
    found = get_reportable(viewer, announcement_id)
    if not may_see_names(viewer, found):
        raise Forbidden(N_("Names are for its author, the owners of its page and human resources."))
    return found


def _holds(announcement: Announcement, clause: ColumnElement[bool]) -> bool:
    asked = select(Announcement.id).where(and_(Announcement.id == announcement.id, clause))
    return db.session.scalar(asked) is not None


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
