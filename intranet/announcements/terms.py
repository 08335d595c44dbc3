"""What may still be settled of an announcement that is out: until when it is to be confirmed and to
be read, whether it stays above the feed, and whether who is late is reminded."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from intranet.accounts.models import Account
from intranet.announcements import policies
from intranet.announcements.drafts import LADDER
from intranet.announcements.events import AnnouncementRevised
from intranet.announcements.models import Announcement, AnnouncementStatus
from intranet.db import db, record
from intranet.evidence import ledger
from intranet.evidence.verify import iso
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import Conflict, Invalid
from intranet.kernel.messages import N_


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """Times are aware. `reminds`: by the ladder that it has, or the usual one."""

    expires_at: dt.datetime | None
    acknowledge_by: dt.datetime | None
    pinned: bool
    reminds: bool


def change(
    actor: Account, announcement: Announcement, terms: Terms, *, four_eyes: bool = False
) -> None:
    """Settle it anew. Reminders follow the new deadline; another deadline goes into the evidence.
    What was over before may stay as it is, what is new lies ahead (Invalid per field). With
    `four_eyes` only somebody may do so who could approve it. The caller holds the row."""
    policies.require_may_manage(actor, announcement)
    policies.require_may_announce(actor, announcement.page_id)
    if announcement.status is not AnnouncementStatus.PUBLISHED:
        raise Conflict(N_("Only what is out can be changed this way."))
    if four_eyes:
        policies.require_may_approve(actor, announcement)
    before = announcement.acknowledge_by
    asks = announcement.requires_acknowledgement
    deadline = terms.acknowledge_by if asks else None
    _require_fitting(announcement, terms, deadline)
    announcement.expires_at, announcement.acknowledge_by = terms.expires_at, deadline
    announcement.pinned = terms.pinned
    usual = [dict(step) for step in LADDER]
    reminds = terms.reminds and deadline is not None
    announcement.reminders = (announcement.reminders or usual) if reminds else []
    if deadline != before:
        ledger.append(
            announcement.id,
            "deadline",
            payload={"by": actor.id, "before": _moment(before), "after": _moment(deadline)},
        )
    db.session.flush()
    record(
        AnnouncementRevised(
            announcement_id=announcement.id,
            revision=announcement.revision,
            author_id=announcement.author_id,
        )
    )


def _require_fitting(
    announcement: Announcement, terms: Terms, deadline: dt.datetime | None
) -> None:
    problems = {}
    now = utc_now()
    for name, value in (("expires_at", terms.expires_at), ("acknowledge_by", deadline)):
        if value is not None and value <= now and value != getattr(announcement, name):
            problems[name] = N_("That is over already.")
    if deadline is None:
        if announcement.requires_acknowledgement and terms.reminds:
            problems["acknowledge_by"] = N_("Reminders need a day until which to confirm.")
    elif terms.expires_at is not None and terms.expires_at < deadline:
        problems.setdefault("expires_at", N_("It must not expire before it has to be confirmed."))
    if problems:
        raise Invalid(fields=problems)


def _moment(value: dt.datetime | None) -> str:
    return "" if value is None else iso(value)
