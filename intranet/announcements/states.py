"""Where each recipient stands, said once as SQL: the report, its lists, its totals and the
reminders all ask the same."""

from __future__ import annotations

import enum

from sqlalchemy import ColumnElement, and_, case, literal, or_

from intranet.accounts.models import Account
from intranet.announcements.models import Announcement, AnnouncementRecipient
from intranet.kernel.clock import utc_now


class State(enum.StrEnum):
    """What a recipient has done. The first that applies, in this order."""

    EXEMPTED = "exempted"
    CONFIRMED = "confirmed"  # or read, where nothing is to be confirmed
    ANEW = "anew"  # confirmed an earlier revision
    OVERDUE = "overdue"
    READ = "read"
    WAITING = "waiting"


def state_of(announcement: Announcement) -> ColumnElement[str]:
    """The state of a recipient, as its word. Needs `AnnouncementRecipient` in FROM."""
    row = AnnouncementRecipient
    exempted = (row.exempted_at.is_not(None), literal(State.EXEMPTED.value))
    read = (row.read_at.is_not(None), literal(State.READ.value))
    waiting = literal(State.WAITING.value)
    if not announcement.requires_acknowledgement:
        return case(exempted, read, else_=waiting)
    late = announcement.acknowledge_by is not None and announcement.acknowledge_by < utc_now()
    return case(
        exempted,
        (row.acknowledged_revision >= announcement.revision, literal(State.CONFIRMED.value)),
        (row.acknowledged_revision.is_not(None), literal(State.ANEW.value)),
        *(((literal(True), literal(State.OVERDUE.value)),) if late else (read,)),
        else_=waiting,
    )


def owes(announcement: Announcement) -> ColumnElement[bool]:
    """The recipient has still to confirm this revision, and can: not exempted, not gone. Needs
    `AnnouncementRecipient` and `Account` in FROM."""
    row = AnnouncementRecipient
    return and_(
        row.announcement_id == announcement.id,
        row.exempted_at.is_(None),
        or_(
            row.acknowledged_revision.is_(None),
            row.acknowledged_revision < announcement.revision,
        ),
        Account.deactivated_at.is_(None),
    )


def may_be_confirmed(announcement: Announcement) -> bool:
    """Whether anybody is still asked to confirm it: required, out, not withdrawn, not expired."""
    return (
        announcement.requires_acknowledgement
        and announcement.published_at is not None
        and announcement.withdrawn_at is None
        and (announcement.expires_at is None or announcement.expires_at > utc_now())
    )
