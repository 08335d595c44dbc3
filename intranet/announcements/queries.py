"""Reads: one announcement, what waits for a viewer, and the lists."""

from __future__ import annotations

from sqlalchemy import select

from intranet.accounts.models import Account
from intranet.announcements import policies
from intranet.announcements.models import Announcement, AnnouncementRecipient
from intranet.db import db
from intranet.kernel.errors import NotFound


def get_visible(viewer: Account, announcement_id: int, *, lock: bool = False) -> Announcement:
    """The announcement, if the viewer may know that it exists; NotFound otherwise. `lock` holds it
    until the transaction ends."""
    wanted = select(Announcement).where(
        Announcement.id == announcement_id, policies.visible_to(viewer)
    )
    if lock:
        wanted = wanted.with_for_update()
    found = db.session.scalar(wanted.execution_options(populate_existing=True))
    if found is None:
        raise NotFound()
    return found


def get_manageable(viewer: Account, announcement_id: int, *, lock: bool = False) -> Announcement:
    """As `get_visible`, for who manages it; Forbidden to those who may only read it."""
    found = get_visible(viewer, announcement_id, lock=lock)
    policies.require_may_manage(viewer, found)
    return found


def recipient_row(viewer: Account, announcement_id: int) -> AnnouncementRecipient | None:
    """What the announcement is to the viewer; None when it was not for them."""
    return db.session.scalar(
        select(AnnouncementRecipient)
        .where(
            AnnouncementRecipient.announcement_id == announcement_id,
            AnnouncementRecipient.account_id == viewer.id,
        )
        .execution_options(populate_existing=True)
    )
