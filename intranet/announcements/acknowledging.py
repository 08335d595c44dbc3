""" "I have read it": recorded once for each revision, bound to the words that were shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import func, select, update

from intranet.accounts.models import Account
from intranet.announcements import queries, texts
from intranet.announcements.events import AnnouncementAcknowledged
from intranet.announcements.models import (
    Acknowledgement,
    Announcement,
    AnnouncementRecipient,
    AnnouncementStatus,
    AnnouncementText,
    Door,
)
from intranet.db import db, record
from intranet.db.once import insert_once
from intranet.evidence import ledger
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import Conflict, Forbidden, Invalid
from intranet.kernel.messages import N_
from intranet.notifications.actions import mark_read as mark_notifications_read


def acknowledge(
    actor: Account,
    announcement: Announcement,
    *,
    text_id: int,
    answers: Sequence[int] = (),
    door: Door = Door.WEB,
) -> dt.datetime:
    """Record that the actor has read this revision in the words of this text; the time that counts,
    which is the first one's however often it is said. Forbidden to whom it is not for, Conflict
    when there is nothing to confirm or the substance has changed since the text was shown, Invalid
    under `question-N` for a wrong answer: then nothing is recorded."""
    # Shared: those who confirm do not wait for each other, but a change of substance does.
    announcement = db.session.scalars(
        select(Announcement)
        .where(Announcement.id == announcement.id)
        .with_for_update(read=True)
        .execution_options(populate_existing=True)
    ).one()
    row = queries.recipient_row(actor, announcement.id)
    if row is None or row.exempted_at is not None:
        raise Forbidden(N_("You do not have to confirm this one."))
    _require_open(announcement)
    text = texts.get(announcement, text_id)
    done = _first_time(actor, announcement)
    if done is not None and text.revision == announcement.revision:
        return done
    if text.revision != announcement.revision:
        raise Conflict(
            N_("It has changed since you opened it. Please read it again before you confirm.")
        )
    _require_right(text, answers)
    now = utc_now()
    made = insert_once(
        Acknowledgement,
        announcement_id=announcement.id,
        account_id=actor.id,
        revision=announcement.revision,
        text_id=text.id,
        content_hash=text.content_hash,
        language=text.language,
        door=door,
        created_at=now,
    )
    if not made:  # the other one has committed: the unique index says so
        first = _first_time(actor, announcement)
        assert first is not None
        return first
    _keep(actor, announcement, text, now)
    ledger.append(
        announcement.id,
        "acknowledged",
        account_id=actor.id,
        payload={
            "revision": announcement.revision,
            "language": text.language,
            "version": text.version,
            "content_hash": text.content_hash,
            "door": door.value,
            "questions_passed": len(text.questions),
        },
        at=now,
    )
    mark_notifications_read(actor, announcement_id=announcement.id)
    record(
        AnnouncementAcknowledged(
            announcement_id=announcement.id,
            account_id=actor.id,
            author_id=announcement.author_id,
        )
    )
    return now


def wrong_answers(text: AnnouncementText, answers: Sequence[int]) -> list[int]:
    """The places of the questions that were not answered rightly."""
    return [
        number
        for number, asked in enumerate(text.questions)
        if number >= len(answers) or answers[number] != asked["answer"]
    ]


def _require_open(announcement: Announcement) -> None:
    if (
        announcement.status is not AnnouncementStatus.PUBLISHED
        or not announcement.requires_acknowledgement
    ):
        raise Conflict(N_("There is nothing to confirm here."))
    if announcement.expires_at is not None and announcement.expires_at <= utc_now():
        raise Conflict(N_("It has expired: there is nothing to confirm any more."))


def _require_right(text: AnnouncementText, answers: Sequence[int]) -> None:
    wrong = wrong_answers(text, answers)
    if wrong:
        message = N_("Not yet: read it again, then answer once more. Nothing was recorded.")
        raise Invalid(
            message,
            fields={f"question-{number}": N_("That is not what it says.") for number in wrong},
        )


def _first_time(actor: Account, announcement: Announcement) -> dt.datetime | None:
    return db.session.scalar(
        select(Acknowledgement.created_at).where(
            Acknowledgement.announcement_id == announcement.id,
            Acknowledgement.account_id == actor.id,
            Acknowledgement.revision == announcement.revision,
        )
    )


def _keep(
    actor: Account, announcement: Announcement, text: AnnouncementText, now: dt.datetime
) -> None:
    row = AnnouncementRecipient
    db.session.execute(
        update(row)
        .where(row.announcement_id == announcement.id, row.account_id == actor.id)
        .values(
            acknowledged_at=now,
            acknowledged_revision=announcement.revision,
            read_at=func.coalesce(row.read_at, now),
            read_text_id=func.coalesce(row.read_text_id, text.id),
        )
        .execution_options(synchronize_session=False)
    )
