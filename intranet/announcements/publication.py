"""An announcement goes out: the audience as it is then, and everything that follows, in one
transaction. Doing it twice is doing it once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, insert, literal, select

from intranet.accounts.models import Account
from intranet.announcements import policies, texts
from intranet.announcements.events import AnnouncementPublished
from intranet.announcements.models import (
    Announcement,
    AnnouncementRecipient,
    AnnouncementStatus,
    AnnouncementText,
    RecipientOrigin,
)
from intranet.audiences import rules
from intranet.db import UTCDateTime, db, record
from intranet.evidence import ledger
from intranet.interruptions import emergencies
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import Conflict, Invalid
from intranet.kernel.messages import N_
from intranet.kernel.text import escaped
from intranet.notifications.actions import notify
from intranet.notifications.models import NotificationKind
from intranet.posts import actions as posts
from intranet.posts.drafts import PostDraft, PostLimits
from intranet.posts.models import Visibility
from intranet.tasks.actions import enqueue

PUBLISH = "announcements.publish"  # payload: {"announcement_id": id}
MAIL = "announcements.mail"  # payload: {"announcement_id": id, "after": account id}
_LEDGER_BATCH = 500
_THREAD = PostLimits(max_length=5000, max_attachments=0)
_NOT_OUT = (
    AnnouncementStatus.DRAFT,
    AnnouncementStatus.IN_APPROVAL,
    AnnouncementStatus.SCHEDULED,
)


def require_ready(announcement: Announcement) -> None:
    """Invalid, under the field to mend, while something is missing that readers need."""
    known = texts.current(announcement.id)
    default = known.get(announcement.default_language)
    if default is None or not default.source:
        raise Invalid(fields={"source": N_("Write what is to be announced.")})
    if any(not text.source for text in known.values()):
        raise Invalid(fields={"source": N_("One of the languages has no text yet.")})
    if len({len(text.questions) for text in known.values()}) > 1:
        raise Invalid(
            fields={"questions": N_("Every language has to ask the same number of questions.")}
        )
    start = max(announcement.publish_at or utc_now(), utc_now())
    for name in ("acknowledge_by", "expires_at"):
        end = getattr(announcement, name)
        if end is not None and end <= start:
            raise Invalid(fields={name: N_("That would be over before it is out.")})
    if db.session.scalar(select(Account.id).where(_audience(announcement)).limit(1)) is None:
        raise Invalid(fields={"audience": N_("Nobody is in this audience.")})


def go(actor: Account, announcement: Announcement) -> None:
    """Publish now, or put it down for its time. The caller holds the row and has made sure that it
    is ready and, where that is asked for, approved."""
    policies.require_may_announce(actor, announcement.page_id)
    at = announcement.publish_at
    if at is not None and at > utc_now():
        announcement.status = AnnouncementStatus.SCHEDULED
        enqueue(PUBLISH, {"announcement_id": announcement.id}, run_at=at)
        db.session.flush()
        return
    publish(announcement)


def publish(announcement: Announcement) -> bool:
    """Send it to whoever is in its audience at this moment. The caller holds the row. False when
    it is out already or was taken back."""
    if announcement.status not in _NOT_OUT:
        return False
    now = utc_now()
    announcement.status = AnnouncementStatus.PUBLISHED
    announcement.published_at = now
    db.session.flush()
    recipients = take_in(announcement, RecipientOrigin.SNAPSHOT, now)
    known = texts.current(announcement.id)
    _write_down(announcement, known.values(), recipients, now)
    if announcement.takes_questions:
        _open_thread(announcement, known[announcement.default_language])
    urgent = _is_emergency(announcement, recipients)
    tell(announcement, recipients, urgent=urgent)
    record(AnnouncementPublished(announcement_id=announcement.id, author_id=announcement.author_id))
    return True


def take_in(
    announcement: Announcement,
    origin: RecipientOrigin,
    now: dt.datetime,
    only: ColumnElement[bool] | None = None,
) -> list[int]:
    """Make recipients of those in the audience who are none yet, with where they stand now: one
    INSERT ... SELECT. Gives their ids, ascending."""
    row = AnnouncementRecipient
    already = select(row.account_id).where(row.announcement_id == announcement.id)
    chosen = select(
        literal(announcement.id, BigInteger),
        Account.id,
        Account.id,
        literal(origin, row.origin.type),
        Account.department,
        Account.site,
        Account.manager_id,
        literal(now, UTCDateTime()),
        literal(0, BigInteger),
        literal(""),
    ).where(_audience(announcement), Account.id.not_in(already))
    if only is not None:
        chosen = chosen.where(only)
    names = (
        "announcement_id", "account_id", "id", "origin", "department", "site", "manager_id",
        "added_at", "reminders_sent", "exemption_reason",
    )  # fmt: skip
    statement = insert(row).from_select(names, chosen, include_defaults=False)
    return sorted(db.session.scalars(statement.returning(row.account_id)))


def tell(
    announcement: Announcement,
    recipient_ids: Sequence[int],
    kind: NotificationKind = NotificationKind.ANNOUNCEMENT,
    *,
    urgent: bool = False,
) -> None:
    """Notify these recipients, and remember to write to them if that was wished. `urgent` does not
    heed their working hours."""
    others = set(recipient_ids) - {announcement.author_id}
    notify(
        others,
        actor=voice_of(announcement),
        kind=kind,
        announcement_id=announcement.id,
        urgent=urgent,
    )
    if announcement.by_email and recipient_ids:
        payload: dict[str, Any] = {"announcement_id": announcement.id, "after": 0}
        enqueue(MAIL, payload | ({"urgent": True} if urgent else {}))


def _is_emergency(announcement: Announcement, recipient_ids: Sequence[int]) -> bool:
    """Whether it may interrupt people outside their hours: said so by somebody who may still do
    that, and written down for everybody here."""
    if not announcement.emergency_reason or announcement.emergency_by_id is None:
        return False
    sender = db.session.get(Account, announcement.emergency_by_id)
    if sender is None or not emergencies.may_send(sender):
        return False
    emergencies.write_down(sender, announcement.id, announcement.emergency_reason, recipient_ids)
    return True


def voice_of(announcement: Announcement) -> Account:
    """In whose name it speaks: the page's, or the author's."""
    return db.session.get_one(Account, announcement.page_id or announcement.author_id)


def write_recipients(
    announcement: Announcement, recipient_ids: Sequence[int], origin: RecipientOrigin
) -> None:
    """Recipients into the ledger, some hundreds an entry."""
    for start in range(0, len(recipient_ids), _LEDGER_BATCH):
        batch = list(recipient_ids[start : start + _LEDGER_BATCH])
        ledger.append(announcement.id, "recipient", payload={"origin": origin.value, "ids": batch})


def take_back(actor: Account, announcement: Announcement) -> None:
    """Make a draft again of what waits for approval or its time."""
    policies.require_may_manage(actor, announcement)
    waiting = (AnnouncementStatus.IN_APPROVAL, AnnouncementStatus.SCHEDULED)
    if announcement.status not in waiting:
        raise Conflict(N_("It is out already, or still a draft."))
    announcement.status = AnnouncementStatus.DRAFT
    announcement.approved_by_id = announcement.approved_at = None
    db.session.flush()


def said_of(text: AnnouncementText) -> dict[str, Any]:
    """What the ledger keeps of a text."""
    return {
        "language": text.language,
        "version": text.version,
        "revision": text.revision,
        "content_hash": text.content_hash,
    }


def _audience(announcement: Announcement) -> ColumnElement[bool]:
    return rules.matching(rules.read(announcement.audience_id))


def _write_down(
    announcement: Announcement, known: Any, recipient_ids: Sequence[int], now: dt.datetime
) -> None:
    rule = rules.read(announcement.audience_id)
    ledger.append(
        announcement.id,
        "published",
        payload={
            "revision": announcement.revision,
            "audience": {field.value: list(values) for field, values in rule.terms() if values},
            "recipients": len(recipient_ids),
            "recipients_digest": ledger.recipients_digest(recipient_ids),
            "texts": [said_of(text) for text in known],
            "author": announcement.author_id,
            "page": announcement.page_id,
            "approved_by": announcement.approved_by_id,
        },
        at=now,
    )
    write_recipients(announcement, recipient_ids, RecipientOrigin.SNAPSHOT)


def _open_thread(announcement: Announcement, text: AnnouncementText) -> None:
    """The post under which questions are asked, for the same audience; none of a page that was
    closed, or an author who became a guest, before its time came."""
    author = db.session.get_one(Account, announcement.author_id)
    if author.is_guest or not voice_of(announcement).is_active:
        return
    lead = texts.lead_of(text.source)
    title = escaped(text.title)
    post = posts.publish(
        author,
        PostDraft(
            source=f"[**{title}**](/announcements/{announcement.id})\n\n{lead}",
            visibility=Visibility.AUDIENCE,
            audience_id=announcement.audience_id,
            language=text.language,
            idempotency_key=f"announcement-{announcement.id}",
            as_page_id=announcement.page_id,
        ),
        _THREAD,
        reviewed=True,  # as far as announcements are, they have been
    )
    announcement.post_id = post.id
    db.session.flush()
