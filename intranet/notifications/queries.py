"""Reads that need nothing but notification rows; what they are about is read in inbox/."""

from __future__ import annotations

from sqlalchemy import func, select

from intranet.accounts.models import Account
from intranet.db import db
from intranet.notifications.models import Notification

UNREAD_CAP = 100  # counting stops here: the badge says 99+


def count_unread(viewer: Account) -> int:
    """How many notifications the viewer has not read, up to UNREAD_CAP."""
    some = (
        select(Notification.id)
        .where(Notification.recipient_id == viewer.id, Notification.read_at.is_(None))
        .limit(UNREAD_CAP)
        .subquery()
    )
    return db.session.scalar(select(func.count()).select_from(some)) or 0
