"""Background work on announcements. Each body runs in a transaction of its own, maybe twice."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from intranet.accounts.models import Account
from intranet.announcements import joiners, publication
from intranet.announcements.models import Announcement, AnnouncementRecipient, AnnouncementStatus
from intranet.db import db
from intranet.kernel.clock import utc_now
from intranet.mail.actions import enqueue_mails
from intranet.tasks.actions import enqueue

ADD_JOINERS = "announcements.add_joiners"
_LETTERS = 1000  # of one task: some hundred milliseconds of SQLite's one writer


def publish(payload: dict[str, Any]) -> None:
    """Body of publication.PUBLISH: its time has come, unless it was taken back or put off."""
    announcement = _held(payload["announcement_id"])
    if announcement is None or announcement.status is not AnnouncementStatus.SCHEDULED:
        return
    if announcement.publish_at is not None and announcement.publish_at <= utc_now():
        publication.publish(announcement)


def add_joiners(_payload: dict[str, Any]) -> None:
    """Find those who came into an audience in ways that no fact tells of."""
    joiners.add_all()


def mail(payload: dict[str, Any]) -> None:
    """Body of publication.MAIL: a letter for each recipient, some at a time; the same recipient
    is written to once, however often this runs."""
    announcement = db.session.get(Announcement, payload["announcement_id"])
    if announcement is None or announcement.status is not AnnouncementStatus.PUBLISHED:
        return
    people = db.session.scalars(
        select(Account)
        .join(AnnouncementRecipient, AnnouncementRecipient.account_id == Account.id)
        .where(
            AnnouncementRecipient.announcement_id == announcement.id,
            Account.id > payload["after"],
            Account.email.is_not(None),
            Account.deactivated_at.is_(None),
        )
        .order_by(Account.id)
        .limit(_LETTERS)
    ).all()
    keys = {one.id: f"announcement:{announcement.id}:{one.id}" for one in people}
    urgent = {"urgent": True} if payload.get("urgent") else {}
    letter = {"announcement_id": announcement.id, **urgent}
    enqueue_mails("announcement", letter, keys, to=people)
    if len(people) == _LETTERS:
        enqueue(publication.MAIL, {**letter, "after": people[-1].id})


def _held(announcement_id: int) -> Announcement | None:
    return db.session.scalar(
        select(Announcement).where(Announcement.id == announcement_id).with_for_update()
    )
