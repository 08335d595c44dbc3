"""Confirming from an e-mail: a link that serves one person, one revision, once.

The token is 256 bits that nobody can guess: HMAC-SHA256 under the server's secret key over the
announcement, the person and the revision. It is worked out anew whenever a letter is written, so
that a letter which has to be sent twice says the same, and stands nowhere in clear: neither in the
outbox nor in the database, which keeps its SHA-256. It is worth something only while there is a
row for it, so a changed secret key does not break letters that are under way, and the key alone,
without a row, makes no link.
"""

from __future__ import annotations

import base64
import datetime as dt
import enum
import hashlib
import hmac
from dataclasses import dataclass

from sqlalchemy import select, update

from intranet.accounts.models import Account
from intranet.announcements.models import (
    Announcement,
    AnnouncementRecipient,
    AnnouncementStatus,
    ConfirmationLink,
)
from intranet.db import db
from intranet.db.once import insert_once
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import Conflict, NotFound
from intranet.kernel.messages import N_

LIFETIME = dt.timedelta(days=90)
_TOKEN_LENGTH = 43  # 32 bytes in base64 without padding


class LinkState(enum.StrEnum):
    """What a link is worth now."""

    OPEN = "open"
    USED = "used"  # or confirmed meanwhile by another door
    EXPIRED = "expired"
    SUPERSEDED = "superseded"  # another revision has to be read
    WITHDRAWN = "withdrawn"  # nothing is asked any more
    EXEMPTED = "exempted"


@dataclass(frozen=True, slots=True)
class FoundLink:
    """A link that exists: whose it is, for what, and what it is worth."""

    id: int
    state: LinkState
    account: Account
    announcement: Announcement
    revision: int
    confirmed_at: dt.datetime | None


def token_of(secret: str, announcement_id: int, account_id: int, revision: int) -> str:
    """The token of that person and revision, for an address."""
    words = f"confirm a reading\n{announcement_id}\n{account_id}\n{revision}"
    digest = hmac.new(secret.encode(), words.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def issue(announcement: Announcement, account: Account, secret: str) -> str:
    """The token of the announcement's revision for this recipient; its row is made at the first
    call. In a unit of work."""
    token = token_of(secret, announcement.id, account.id, announcement.revision)
    insert_once(
        ConfirmationLink,
        token_hash=_hash(token),
        announcement_id=announcement.id,
        account_id=account.id,
        revision=announcement.revision,
        expires_at=utc_now() + LIFETIME,
    )
    return token


def find(token: str) -> FoundLink:
    """The link of this token; NotFound when there is none, or its owner is gone."""
    if len(token) != _TOKEN_LENGTH or not token.isascii():
        raise NotFound
    row = db.session.execute(
        select(ConfirmationLink, Account, Announcement, AnnouncementRecipient)
        .join(Account, Account.id == ConfirmationLink.account_id)
        .join(Announcement, Announcement.id == ConfirmationLink.announcement_id)
        .join(
            AnnouncementRecipient,
            (AnnouncementRecipient.announcement_id == ConfirmationLink.announcement_id)
            & (AnnouncementRecipient.account_id == ConfirmationLink.account_id),
        )
        .where(ConfirmationLink.token_hash == _hash(token), Account.deactivated_at.is_(None))
    ).first()
    if row is None:
        raise NotFound
    link, account, announcement, recipient = row
    return FoundLink(
        id=link.id,
        state=_state(link, announcement, recipient),
        account=account,
        announcement=announcement,
        revision=link.revision,
        confirmed_at=recipient.acknowledged_at,
    )


def use(link: FoundLink) -> None:
    """Use the link up; Conflict unless it is open and this call is the first. In the same
    transaction as what it confirms."""
    used = db.session.execute(
        update(ConfirmationLink)
        .where(ConfirmationLink.id == link.id, ConfirmationLink.used_at.is_(None))
        .values(used_at=utc_now())
        .returning(ConfirmationLink.id)
    )
    if link.state is not LinkState.OPEN or used.first() is None:
        raise Conflict(N_("This link has been used or is no longer valid."))


def _state(
    link: ConfirmationLink, announcement: Announcement, recipient: AnnouncementRecipient
) -> LinkState:
    now = utc_now()
    over = announcement.expires_at is not None and announcement.expires_at <= now
    if announcement.status is not AnnouncementStatus.PUBLISHED or over:
        return LinkState.WITHDRAWN
    if link.revision != announcement.revision:
        return LinkState.SUPERSEDED
    if link.used_at or (recipient.acknowledged_revision or 0) >= announcement.revision:
        return LinkState.USED
    if recipient.exempted_at is not None:
        return LinkState.EXEMPTED
    return LinkState.EXPIRED if link.expires_at <= now else LinkState.OPEN


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("ascii")).hexdigest()
