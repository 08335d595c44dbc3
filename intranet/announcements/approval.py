"""Four eyes: whoever wrote it sends it, and somebody else lets it out or gives it back."""

from __future__ import annotations

import datetime as dt

from intranet.accounts.models import Account
from intranet.announcements import policies, publication
from intranet.announcements.drafts import require_draft
from intranet.announcements.models import Announcement, AnnouncementStatus
from intranet.db import db
from intranet.interruptions import emergencies
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import Conflict, Invalid
from intranet.kernel.messages import N_
from intranet.kernel.text import normalise
from intranet.notifications.actions import notify
from intranet.notifications.models import NotificationKind

NOTE_LENGTH = 500


def send(
    actor: Account,
    announcement: Announcement,
    *,
    at: dt.datetime | None,
    four_eyes: bool,
    emergency: str = "",
) -> None:
    """Let a finished draft out, now (`at` None) or at a time; with `four_eyes` only once somebody
    else has approved it. Invalid while it is not ready. `emergency` is the reason to interrupt
    people outside their hours; Forbidden unless the actor may. The caller holds the row."""
    require_draft(actor, announcement)
    policies.require_may_announce(actor, announcement.page_id)
    if at is not None and at <= utc_now():
        raise Invalid(fields={"publish_at": N_("That is over already.")})
    announcement.publish_at = at
    announcement.emergency_reason = emergencies.reason_from(actor, emergency)
    announcement.emergency_by_id = actor.id if announcement.emergency_reason else None
    publication.require_ready(announcement)
    if not four_eyes:
        publication.go(actor, announcement)
        return
    approvers = policies.approvers(announcement)
    if not approvers:
        raise Conflict(N_("Nobody else here could approve it. Ask an administrator for help."))
    announcement.status = AnnouncementStatus.IN_APPROVAL
    announcement.approved_by_id = announcement.approved_at = None
    announcement.approval_note = ""
    db.session.flush()
    notify(
        approvers,
        actor=actor,
        kind=NotificationKind.APPROVAL_REQUEST,
        announcement_id=announcement.id,
    )


def approve(actor: Account, announcement: Announcement) -> None:
    """The second pair of eyes has read it: out it goes, or waits for its time. The caller holds
    the row."""
    _require_waiting(actor, announcement)
    publication.require_ready(announcement)
    announcement.approved_by_id, announcement.approved_at = actor.id, utc_now()
    publication.go(actor, announcement)
    _answer(actor, announcement)


def send_back(actor: Account, announcement: Announcement, note: str) -> None:
    """Give it back with a note on what to mend. The caller holds the row."""
    _require_waiting(actor, announcement)
    words = normalise(note[: 10 * NOTE_LENGTH]).strip()
    if not words:
        raise Invalid(fields={"note": N_("Say what is to be mended.")})
    if len(words) > NOTE_LENGTH:
        raise Invalid(fields={"note": N_("This is too long.")})
    announcement.status = AnnouncementStatus.DRAFT
    announcement.approval_note = words
    db.session.flush()
    _answer(actor, announcement)


def _require_waiting(actor: Account, announcement: Announcement) -> None:
    policies.require_may_approve(actor, announcement)
    if announcement.status is not AnnouncementStatus.IN_APPROVAL:
        raise Conflict(N_("It does not wait for approval any more."))


def _answer(actor: Account, announcement: Announcement) -> None:
    notify(
        [announcement.author_id],
        actor=actor,
        kind=NotificationKind.APPROVAL_ANSWER,
        announcement_id=announcement.id,
    )
