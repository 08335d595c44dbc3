"""Who need not confirm in the demo company: some are away for good reason, as everywhere."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select

from intranet.accounts.models import Account
from intranet.announcements import exemptions
from intranet.announcements.models import Announcement, AnnouncementRecipient, AnnouncementStatus
from intranet.db import db
from intranet.kernel.clock import in_the_past

_REASONS = ("En détachement chez un client jusqu’en mars", "On secondment until February")
_SIGN_IN = ("camille", "mathieu", "helene")


def let_off(now: dt.datetime) -> None:
    """Two people of every announcement that has to be confirmed, by its author, yesterday."""
    asked = db.session.scalars(
        select(Announcement)
        .where(
            Announcement.status == AnnouncementStatus.PUBLISHED,
            Announcement.requires_acknowledgement.is_(True),
            Announcement.published_at < now - dt.timedelta(days=2),
        )
        .order_by(Announcement.published_at)
    ).all()
    for announcement in asked:
        author = db.session.get_one(Account, announcement.author_id)
        away = db.session.scalars(
            select(Account)
            .join(AnnouncementRecipient, AnnouncementRecipient.account_id == Account.id)
            .where(
                AnnouncementRecipient.announcement_id == announcement.id,
                AnnouncementRecipient.acknowledged_revision.is_(None),
                Account.handle.not_in(_SIGN_IN),
            )
            .order_by(Account.handle.desc())
            .limit(len(_REASONS))
        ).all()
        with in_the_past(now - dt.timedelta(days=1)):
            for person in away:
                reason = _REASONS[1 if person.locale == "en" else 0]
                exemptions.exempt(author, announcement, person.id, reason)
