"""What happens to an announcement that is out: its words change, or it is taken back."""

from __future__ import annotations

from sqlalchemy import select

from intranet.accounts.mentions import html_of
from intranet.accounts.models import Account
from intranet.announcements import policies, publication, texts
from intranet.announcements.events import AnnouncementRevised, AnnouncementWithdrawn
from intranet.announcements.models import (
    Announcement,
    AnnouncementRecipient,
    AnnouncementStatus,
    AnnouncementText,
)
from intranet.announcements.texts import LANGUAGES, TextDraft
from intranet.db import db, record
from intranet.evidence import ledger
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import Conflict, Invalid
from intranet.kernel.messages import N_
from intranet.kernel.text import normalise
from intranet.notifications.actions import forget_announcement, notify
from intranet.notifications.models import NotificationKind

NOTE_LENGTH = 300


def revise(
    actor: Account,
    announcement: Announcement,
    language: str,
    text: TextDraft,
    *,
    material: bool,
    note: str = "",
    in_step: bool = True,
    four_eyes: bool = False,
) -> AnnouncementText:
    """The next version of a published text. A material change begins a revision: who had confirmed
    is asked anew, and told what changed by `note`, which it needs; it is made in the default
    language, and the others follow. A minor one there leaves them in step when `in_step`. With
    `four_eyes` only somebody may change it who could approve it. The caller holds the row."""
    policies.require_may_manage(actor, announcement)
    if announcement.status is not AnnouncementStatus.PUBLISHED:
        raise Conflict(N_("Only what is out can be changed this way."))
    if four_eyes:
        policies.require_may_approve(actor, announcement)
    if language not in LANGUAGES:
        raise Invalid(fields={"language": N_("There is no such language here.")})
    known = texts.current(announcement.id)
    _require_fitting(announcement, known, language, text)
    if material and language != announcement.default_language:
        raise Conflict(N_("Change the first language before the others follow."))
    words = _note(note, needed=material)
    before = known.get(language)
    default = known[announcement.default_language]
    if before is not None and before.content_hash == texts.hash_of(language, text.values):
        if before.revision == announcement.revision and not texts.is_stale(before, default):
            raise Invalid(fields={"source": N_("Nothing has changed in the text.")})
        if material:
            raise Invalid(fields={"source": N_("Nothing has changed in the text.")})
    if material:
        announcement.revision += 1
    row = _append(actor, announcement, language, text, before, words, material=material)
    if language != announcement.default_language:
        row.based_on = default.version
    elif in_step and not material:
        _carry_along(actor, announcement, known, default, row)
    db.session.flush()
    if material and announcement.requires_acknowledgement:
        _ask_anew(announcement)
    record(
        AnnouncementRevised(
            announcement_id=announcement.id,
            revision=announcement.revision,
            author_id=announcement.author_id,
        )
    )
    return row


def withdraw(actor: Account, announcement: Announcement) -> None:
    """Take it back: readers keep a line that says so. The caller holds the row."""
    policies.require_may_manage(actor, announcement)
    if announcement.status is not AnnouncementStatus.PUBLISHED:
        raise Conflict(N_("Only what is out can be withdrawn."))
    now = utc_now()
    announcement.status, announcement.withdrawn_at = AnnouncementStatus.WITHDRAWN, now
    db.session.flush()
    ledger.append(announcement.id, "withdrawn", payload={"by": actor.id}, at=now)
    forget_announcement(announcement.id)
    record(AnnouncementWithdrawn(announcement_id=announcement.id, author_id=announcement.author_id))


def _append(
    actor: Account,
    announcement: Announcement,
    language: str,
    text: TextDraft,
    before: AnnouncementText | None,
    note: str,
    *,
    material: bool,
) -> AnnouncementText:
    row = AnnouncementText(
        announcement_id=announcement.id,
        language=language,
        version=before.version + 1 if before else 1,
        revision=announcement.revision,
        based_on=None,
        html=html_of(text.source),
        content_hash=texts.hash_of(language, text.values),
        change_note=note,
        written_by_id=actor.id,
        **text.values,
    )
    return _write_down(announcement, row, material=material)


def _carry_along(
    actor: Account,
    announcement: Announcement,
    known: dict[str, AnnouncementText],
    old: AnnouncementText,
    new: AnnouncementText,
) -> None:
    """The other languages, where they were in step, say the same as the new version too: that is
    a version of theirs, with the words that they had."""
    for other in known.values():
        if other.language == announcement.default_language or texts.is_stale(other, old):
            continue
        row = AnnouncementText(
            announcement_id=announcement.id,
            language=other.language,
            version=other.version + 1,
            revision=announcement.revision,
            based_on=new.version,
            title=other.title,
            source=other.source,
            html=other.html,
            facts=other.facts,
            questions=other.questions,
            content_hash=other.content_hash,
            written_by_id=actor.id,
        )
        _write_down(announcement, row, material=False)


def _write_down(
    announcement: Announcement, row: AnnouncementText, *, material: bool
) -> AnnouncementText:
    db.session.add(row)
    db.session.flush()
    ledger.append(
        announcement.id,
        "text",
        payload=publication.said_of(row) | {"material": material, "note": row.change_note},
        at=row.created_at,
    )
    return row


def _ask_anew(announcement: Announcement) -> None:
    row = AnnouncementRecipient
    confirmed = db.session.scalars(
        select(row.account_id).where(
            row.announcement_id == announcement.id,
            row.acknowledged_revision < announcement.revision,
            row.exempted_at.is_(None),
        )
    )
    notify(
        list(confirmed),
        actor=publication.voice_of(announcement),
        kind=NotificationKind.ANNOUNCEMENT_REOPENED,
        announcement_id=announcement.id,
    )


def _require_fitting(
    announcement: Announcement, known: dict[str, AnnouncementText], language: str, text: TextDraft
) -> None:
    if not text.source:
        raise Invalid(fields={"source": N_("Write what is to be announced.")})
    asked = {len(one.questions) for name, one in known.items() if name != language}
    if asked and asked != {len(text.questions)}:
        raise Invalid(
            fields={"questions": N_("Every language has to ask the same number of questions.")}
        )


def _note(raw: str, *, needed: bool) -> str:
    words = " ".join(normalise(raw[: 10 * NOTE_LENGTH]).split())
    if needed and not words:
        raise Invalid(fields={"note": N_("Say what has changed: readers will see it.")})
    if len(words) > NOTE_LENGTH:
        raise Invalid(fields={"note": N_("This is too long.")})
    return words
