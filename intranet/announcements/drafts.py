"""Writing an announcement before it is out: its settings, its texts, its files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete as sql_delete

from intranet.accounts.mentions import html_of
from intranet.accounts.models import Account
from intranet.announcements import policies, texts
from intranet.announcements.models import Announcement, AnnouncementStatus, AnnouncementText
from intranet.announcements.texts import LANGUAGES, TextDraft
from intranet.audiences import actions as audiences
from intranet.audiences import queries as audience_queries
from intranet.audiences import rules
from intranet.audiences.rules import AudienceRule
from intranet.db import db
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import Conflict, Invalid, NotFound
from intranet.kernel.ids import new_id
from intranet.kernel.messages import N_
from intranet.media.actions import (
    attach_to_announcement,
    copy_to_announcement,
    purge_of_announcement,
)
from intranet.media.storage import Storage

MOST_FILES = 8
MOST_JOINER_DAYS = 366
# Towards the day: in the feed, then by e-mail, then to the manager of who is late.
LADDER: tuple[dict[str, Any], ...] = (
    {"days_before": 3, "channel": "feed"},
    {"days_before": 1, "channel": "email"},
    {"days_before": -1, "channel": "manager"},
)


@dataclass(kw_only=True, slots=True)
class AnnouncementDraft:
    """What a form settles beside the words. Whom it is for: `rule`, or a saved one by
    `audience_id`; with neither it stays what it was (everybody, when it is new). Times are aware;
    `reminds` is the ladder of reminders before and after the deadline."""

    page_id: int | None = None
    rule: AudienceRule | None = None
    audience_id: int | None = None
    save_as: str = ""
    joiner_days: int = 0
    expires_at: dt.datetime | None = None
    pinned: bool = True
    requires_acknowledgement: bool = False
    acknowledge_by: dt.datetime | None = None
    reminds: bool = False
    by_email: bool = False
    takes_questions: bool = True

    def __post_init__(self) -> None:
        problems = {}
        if not 0 <= self.joiner_days <= MOST_JOINER_DAYS:
            problems["joiner_days"] = N_("Between 0 and 366 days.")
        now = utc_now()
        if self.expires_at is not None and self.expires_at <= now:
            problems["expires_at"] = N_("That is over already.")
        if not self.requires_acknowledgement:
            self.acknowledge_by, self.reminds = None, False
        if self.acknowledge_by is not None:
            if self.acknowledge_by <= now:
                problems["acknowledge_by"] = N_("That is over already.")
            elif self.expires_at is not None and self.expires_at < self.acknowledge_by:
                problems["expires_at"] = N_("It must not expire before it has to be confirmed.")
        elif self.reminds:
            problems["acknowledge_by"] = N_("Reminders need a day until which to confirm.")
        if problems:
            raise Invalid(fields=problems)

    @property
    def values(self) -> dict[str, Any]:
        """The columns that the draft gives."""
        return {
            "page_id": self.page_id,
            "joiner_days": self.joiner_days,
            "expires_at": self.expires_at,
            "pinned": self.pinned,
            "requires_acknowledgement": self.requires_acknowledgement,
            "acknowledge_by": self.acknowledge_by,
            "reminders": [dict(step) for step in LADDER] if self.reminds else [],
            "by_email": self.by_email,
            "takes_questions": self.takes_questions,
        }


def create(
    actor: Account,
    draft: AnnouncementDraft,
    text: TextDraft,
    *,
    language: str,
    media_ids: Sequence[int] = (),
) -> Announcement:
    """A new draft in its first language. Forbidden unless the actor may announce in this name."""
    policies.require_may_announce(actor, draft.page_id)
    _require_language(language)
    announcement = Announcement(
        id=new_id(),
        author_id=actor.id,
        status=AnnouncementStatus.DRAFT,
        audience_id=_audience(actor, draft, None),
        default_language=language,
        revision=1,
        **draft.values,
    )
    db.session.add(announcement)
    db.session.flush()
    write_text(actor, announcement, language, text)
    attach_files(actor, announcement, media_ids)
    return announcement


def edit(
    actor: Account,
    announcement: Announcement,
    draft: AnnouncementDraft,
    text: TextDraft,
    *,
    media_ids: Sequence[int] = (),
) -> None:
    """Change a draft and its text in the default language."""
    require_draft(actor, announcement)
    if draft.page_id != announcement.page_id:
        policies.require_may_announce(actor, draft.page_id)
    before = announcement.audience_id
    announcement.audience_id = _audience(actor, draft, before)
    for name, value in draft.values.items():
        setattr(announcement, name, value)
    db.session.flush()
    if announcement.audience_id != before:
        audiences.forget_unused(before)
    write_text(actor, announcement, announcement.default_language, text)
    attach_files(actor, announcement, media_ids)


def write_text(
    actor: Account,
    announcement: Announcement,
    language: str,
    text: TextDraft,
    *,
    in_step: bool = True,
) -> AnnouncementText:
    """The draft's text in a language, in place of what stood there. With `in_step` it says the
    same as the default language does now. A text of the default language that changes while there
    are others makes those stale."""
    require_draft(actor, announcement)
    _require_language(language)
    known = texts.current(announcement.id)
    default = known.get(announcement.default_language)
    row = known.get(language)
    values = text.values | {"content_hash": texts.hash_of(language, text.values)}
    if row is None:
        row = AnnouncementText(
            announcement_id=announcement.id, language=language, version=1, revision=1
        )
        db.session.add(row)
    changed = row.content_hash != values["content_hash"]
    if changed and language == announcement.default_language and len(known) > 1:
        row.version += 1
    for name, value in values.items():
        setattr(row, name, value)
    row.html = html_of(text.source)
    if changed:
        row.written_by_id, row.created_at = actor.id, utc_now()
    if default is not None and language != announcement.default_language and in_step:
        row.based_on = default.version
    db.session.flush()
    return row


def remove_text(actor: Account, announcement: Announcement, language: str) -> None:
    """Take a language out of a draft; the default one stays."""
    require_draft(actor, announcement)
    if language == announcement.default_language:
        raise Conflict(N_("The first language stays."))
    db.session.execute(
        sql_delete(AnnouncementText).where(
            AnnouncementText.announcement_id == announcement.id,
            AnnouncementText.language == language,
        )
    )


def attach_files(actor: Account, announcement: Announcement, media_ids: Sequence[int]) -> None:
    """Let the announcement have these files and no others."""
    once = tuple(dict.fromkeys(media_ids))
    if len(once) > MOST_FILES:
        message = N_("Too many files: %(most)s at most.")
        raise Invalid(message, fields={"files": message}, most=MOST_FILES)
    attach_to_announcement(actor, once, announcement.id)


def duplicate(actor: Account, announcement: Announcement, storage: Storage) -> Announcement:
    """A new draft of the actor's with the same words, files, audience and settings; without its
    dates and who approved it."""
    policies.require_may_manage(actor, announcement)
    policies.require_may_announce(actor, announcement.page_id)
    copy = Announcement(
        id=new_id(),
        author_id=actor.id,
        page_id=announcement.page_id,
        status=AnnouncementStatus.DRAFT,
        audience_id=announcement.audience_id,
        joiner_days=announcement.joiner_days,
        default_language=announcement.default_language,
        revision=1,
        pinned=announcement.pinned,
        requires_acknowledgement=announcement.requires_acknowledgement,
        by_email=announcement.by_email,
        takes_questions=announcement.takes_questions,
    )
    db.session.add(copy)
    db.session.flush()
    known = texts.current(announcement.id)
    default = known.get(announcement.default_language)
    for text in known.values():
        db.session.add(
            AnnouncementText(
                announcement_id=copy.id,
                language=text.language,
                version=1,
                revision=1,
                # What had fallen behind is behind in the copy as well.
                based_on=0 if texts.is_stale(text, default) else 1,
                title=text.title,
                source=text.source,
                html=text.html,
                facts=text.facts,
                questions=text.questions,
                content_hash=text.content_hash,
                written_by_id=actor.id,
            )
        )
    db.session.flush()
    copy_to_announcement(actor, announcement.id, copy.id, storage)
    return copy


def delete(actor: Account, announcement: Announcement) -> None:
    """Throw a draft away, with its texts and files."""
    require_draft(actor, announcement)
    purge_of_announcement(announcement.id)
    audience_id = announcement.audience_id
    db.session.execute(
        sql_delete(Announcement)
        .where(Announcement.id == announcement.id)
        .execution_options(synchronize_session=False)
    )
    db.session.expunge(announcement)
    audiences.forget_unused(audience_id)


def require_draft(actor: Account, announcement: Announcement) -> None:
    """Forbidden unless the actor manages it, Conflict unless it is a draft."""
    policies.require_may_manage(actor, announcement)
    if announcement.status is not AnnouncementStatus.DRAFT:
        raise Conflict(N_("It is no draft any more. Take it back first."))


def _audience(actor: Account, draft: AnnouncementDraft, before: int | None) -> int:
    """The id of the audience that the draft names."""
    if draft.audience_id is not None:
        if draft.audience_id == before:
            return before
        try:
            return audience_queries.get_saved(actor, draft.audience_id).id
        except NotFound:
            raise Invalid(fields={"audience": N_("This audience is not there any more.")}) from None
    if draft.rule is None and before is not None:
        return before
    rule = draft.rule or AudienceRule()
    if before is not None and not draft.save_as and rules.read(before) == rule:
        return before
    return audiences.store(rule, actor, draft.save_as or None).id


def _require_language(language: str) -> None:
    if language not in LANGUAGES:
        raise Invalid(fields={"language": N_("There is no such language here.")})
