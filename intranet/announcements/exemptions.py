"""Whoever need not confirm: said with a reason, recorded, and taken back again."""

from __future__ import annotations

from sqlalchemy import select, update

from intranet.accounts.models import Account
from intranet.announcements.models import Announcement, AnnouncementRecipient
from intranet.db import db
from intranet.evidence import ledger
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import Conflict, Invalid, NotFound
from intranet.kernel.messages import N_

REASON_LENGTH = 300


def get_recipient(announcement: Announcement, handle: str) -> tuple[Account, AnnouncementRecipient]:
    """The recipient with that handle; NotFound when it was not for them."""
    found = db.session.execute(
        select(Account, AnnouncementRecipient)
        .join(AnnouncementRecipient, AnnouncementRecipient.account_id == Account.id)
        .where(AnnouncementRecipient.announcement_id == announcement.id, Account.handle == handle)
    ).first()
    if found is None:
        raise NotFound
    return found.Account, found.AnnouncementRecipient


def exempt(actor: Account, announcement: Announcement, account_id: int, reason: str) -> None:
    """Let a recipient off, for a reason that stays in the ledger. The announcement comes from
    `reportable.get_named`. Invalid without a reason, Conflict when that is done already."""
    reason = " ".join(reason.split())
    if not reason:
        raise Invalid(fields={"reason": N_("Say why, in a few words.")})
    if len(reason) > REASON_LENGTH:
        raise Invalid(fields={"reason": N_("Please use at most 300 characters.")})
    changed = _change(
        announcement,
        account_id,
        AnnouncementRecipient.exempted_at.is_(None),
        exempted_at=utc_now(),
        exempted_by_id=actor.id,
        exemption_reason=reason,
    )
    if not changed:
        raise Conflict(N_("This person is exempted already."))
    ledger.append(
        announcement.id,
        "exempted",
        account_id=account_id,
        payload={"by": actor.id, "reason": reason},
    )


def withdraw(actor: Account, announcement: Announcement, account_id: int) -> None:
    """Ask the recipient again; Conflict when there was no exemption."""
    changed = _change(
        announcement,
        account_id,
        AnnouncementRecipient.exempted_at.is_not(None),
        exempted_at=None,
        exempted_by_id=None,
        exemption_reason="",
    )
    if not changed:
        raise Conflict(N_("This person is not exempted."))
    ledger.append(
        announcement.id,
        "exemption_withdrawn",
        account_id=account_id,
        payload={"by": actor.id},
    )


def _change(announcement: Announcement, account_id: int, *where: object, **values: object) -> bool:
    done = db.session.execute(
        update(AnnouncementRecipient)
        .where(
            AnnouncementRecipient.announcement_id == announcement.id,
            AnnouncementRecipient.account_id == account_id,
            *where,  # type: ignore[arg-type]  # conditions, whose type mypy loses in the star
        )
        .values(**values)
        .returning(AnnouncementRecipient.id)
    )
    return done.first() is not None
