"""Opening an announcement, and putting it away from above the feed. Neither confirms anything."""

from __future__ import annotations

from sqlalchemy import update

from intranet.accounts.models import Account
from intranet.announcements import texts
from intranet.announcements.events import AnnouncementRead
from intranet.announcements.models import (
    Announcement,
    AnnouncementRecipient,
    AnnouncementStatus,
)
from intranet.db import db, record
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import Conflict
from intranet.kernel.messages import N_
from intranet.notifications.actions import mark_read as mark_notifications_read

_row = AnnouncementRecipient


def mark_read(actor: Account, announcement: Announcement, *, text_id: int | None = None) -> bool:
    """The actor has it on the screen, in the words of a text. True the first time only; what
    nobody sent to the actor is passed over. NotFound for a text of something else."""
    if announcement.status is not AnnouncementStatus.PUBLISHED:
        return False
    if text_id is not None:
        texts.get(announcement, text_id)
    done = db.session.execute(
        update(_row)
        .where(
            _row.announcement_id == announcement.id,
            _row.account_id == actor.id,
            _row.read_at.is_(None),
        )
        .values(read_at=utc_now(), read_text_id=text_id)
        .returning(_row.account_id)
        .execution_options(synchronize_session=False)
    )
    mark_notifications_read(actor, announcement_id=announcement.id)
    if done.first() is None:
        return False
    record(
        AnnouncementRead(
            announcement_id=announcement.id,
            account_id=actor.id,
            author_id=announcement.author_id,
        )
    )
    return True


def dismiss(actor: Account, announcement: Announcement) -> None:
    """Put it away from above the feed without reading it. Conflict for what has to be confirmed:
    that stays until it is."""
    if announcement.requires_acknowledgement:
        raise Conflict(N_("This one stays here until you have confirmed that you read it."))
    db.session.execute(
        update(_row)
        .where(
            _row.announcement_id == announcement.id,
            _row.account_id == actor.id,
            _row.dismissed_at.is_(None),
        )
        .values(dismissed_at=utc_now())
        .execution_options(synchronize_session=False)
    )
