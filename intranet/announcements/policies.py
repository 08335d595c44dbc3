"""Who may see, write, approve and confirm announcements. The SQL clauses are the rule, and ask of
the viewer nothing but its id, so that hot statements can be built once for everybody."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import aliased

from intranet.accounts.models import Account, AccountKind, Role
from intranet.announcements.models import (
    Announcement,
    AnnouncementRecipient,
    AnnouncementStatus,
    AnnouncementText,
)
from intranet.db import db
from intranet.db.clauses import kept_per_viewer
from intranet.kernel.errors import Forbidden
from intranet.kernel.messages import N_
from intranet.pages import policies as page_policies
from intranet.pages.models import PageEditor
from intranet.pages.policies import REVIEWERS, WRITERS

_COMMUNICATORS = (Role.HR, Role.ADMINISTRATOR)
# What recipients may know of: a withdrawn one leaves a line.
OUT = (AnnouncementStatus.PUBLISHED, AnnouncementStatus.WITHDRAWN)


def is_communicator(viewer: Account) -> ColumnElement[bool]:
    """The viewer is human resources or an administrator, who may announce to everybody."""
    me = aliased(Account, name="announcing_me")
    return exists(
        select(me.id)
        .where(me.id == viewer.id, me.role.in_(_COMMUNICATORS), me.deactivated_at.is_(None))
        .correlate_except(me)
    )


def is_recipient(viewer: Account) -> ColumnElement[bool]:
    """It was for the viewer, also when the viewer was exempted from confirming it."""
    mine = aliased(AnnouncementRecipient, name="announced_to_me")
    return exists(
        select(mine.account_id)
        .where(mine.account_id == viewer.id, mine.announcement_id == Announcement.id)
        .correlate_except(mine)
    )


@kept_per_viewer
def may_manage(viewer: Account) -> ColumnElement[bool]:
    """The viewer writes it, sends it and sees who has read it: human resources, administrators and
    the writers of its page. Needs `Announcement` in FROM."""
    return or_(
        is_communicator(viewer),
        page_policies.has_role(viewer, WRITERS, Announcement.page_id),
    )


@kept_per_viewer
def visible_to(viewer: Account) -> ColumnElement[bool]:
    """The viewer may know that it exists: once it is out whom it was for, and at all times its
    author and who manages it. Needs `Announcement` in FROM."""
    return or_(
        and_(Announcement.status.in_(OUT), is_recipient(viewer)),
        Announcement.author_id == viewer.id,
        may_manage(viewer),
    )


@kept_per_viewer
def readable_by(viewer: Account) -> ColumnElement[bool]:
    """The viewer may read its text and files: as `visible_to`, but of a withdrawn one only who
    manages it."""
    return or_(
        and_(Announcement.status == AnnouncementStatus.PUBLISHED, is_recipient(viewer)),
        and_(
            Announcement.status != AnnouncementStatus.WITHDRAWN,
            Announcement.author_id == viewer.id,
        ),
        may_manage(viewer),
    )


def require_may_manage(actor: Account, announcement: Announcement) -> None:
    """Forbidden unless `may_manage`; the actor can already see it."""
    if not manages(actor, announcement):
        raise Forbidden(N_("Only those who may announce here may do that."))


def manages(actor: Account, announcement: Announcement) -> bool:
    """Whether the actor may manage it."""
    allowed = select(Announcement.id).where(Announcement.id == announcement.id, may_manage(actor))
    return db.session.scalar(allowed) is not None


def announces_for_all(actor: Account) -> bool:
    """Whether the actor may announce in the own name and in every page's."""
    return actor.role in _COMMUNICATORS


def may_announce(actor: Account) -> bool:
    """Human resources, administrators, and whoever writes for a page."""
    if announces_for_all(actor):
        return True
    writes = exists().where(PageEditor.account_id == actor.id, PageEditor.role.in_(WRITERS))
    return bool(db.session.scalar(select(writes)))


def require_may_announce(actor: Account, page_id: int | None) -> None:
    """Forbidden unless the actor may announce in this name: the own one (None) or a page's."""
    if announces_for_all(actor):
        return
    if page_id is None or page_policies.role_in(actor, page_id) not in WRITERS:
        raise Forbidden(N_("You may announce only in the name of a page that you write for."))


def may_approve(actor: Account, announcement: Announcement) -> bool:
    """Whether the actor can be the second pair of eyes: human resources, administrators, the
    page's owners and reviewers; never the author nor anybody who wrote one of its texts."""
    if actor.id in eyes_that_wrote(announcement):
        return False
    if announces_for_all(actor):
        return True
    page_id = announcement.page_id
    return page_id is not None and page_policies.role_in(actor, page_id) in REVIEWERS


def reviews(viewer: Account) -> ColumnElement[bool]:
    """The viewer is one of those who approve here. Needs `Announcement` in FROM; who wrote it is
    left out by `may_approve`."""
    return or_(
        is_communicator(viewer),
        page_policies.has_role(viewer, REVIEWERS, Announcement.page_id),
    )


def require_may_approve(actor: Account, announcement: Announcement) -> None:
    """Forbidden unless `may_approve`."""
    if not may_approve(actor, announcement):
        raise Forbidden(N_("Somebody who did not write it has to look at it."))


def eyes_that_wrote(announcement: Announcement) -> set[int]:
    """The author, and who wrote the current text of each language."""
    writers = db.session.scalars(
        select(AnnouncementText.written_by_id).where(
            AnnouncementText.announcement_id == announcement.id,
            AnnouncementText.written_by_id.is_not(None),
        )
    )
    return {announcement.author_id, *(one for one in writers if one is not None)}


def approvers(announcement: Announcement) -> list[int]:
    """The ids of all who could be the second pair of eyes."""
    reviews = exists().where(
        PageEditor.account_id == Account.id,
        PageEditor.page_id == announcement.page_id,
        PageEditor.role.in_(REVIEWERS),
    )
    rows = db.session.scalars(
        select(Account.id)
        .where(
            Account.kind == AccountKind.PERSON,
            Account.deactivated_at.is_(None),
            or_(Account.role.in_(_COMMUNICATORS), reviews),
            Account.id.not_in(eyes_that_wrote(announcement)),
        )
        .order_by(Account.id)
        .limit(200)
    )
    return list(rows)
