"""One announcement, as its page shows it to a viewer."""

from __future__ import annotations

from collections.abc import Mapping

from intranet.accounts import chips
from intranet.accounts.models import Account
from intranet.announcements import policies, queries, texts
from intranet.announcements.cards import (
    AnnouncementCard,
    AnnouncementView,
    LanguageChoice,
    MyReading,
    TextView,
)
from intranet.announcements.figures import figures_of
from intranet.announcements.models import (
    Announcement,
    AnnouncementRecipient,
    AnnouncementStatus,
    AnnouncementText,
)
from intranet.kernel.clock import utc_now
from intranet.media import queries as media


def show(
    viewer: Account, announcement_id: int, language: str, wanted: str = ""
) -> AnnouncementView:
    """The page, in the `wanted` language if there is one, else in the viewer's when that text is
    up to date, else in the default one. NotFound unless it is for the viewer. The number of
    statements does not depend on how many it was sent to."""
    announcement = queries.get_visible(viewer, announcement_id)
    known = texts.current(announcement.id)
    row = queries.recipient_row(viewer, announcement.id)
    manages = policies.manages(viewer, announcement)
    withdrawn = announcement.status is AnnouncementStatus.WITHDRAWN
    readable = manages or not withdrawn
    default = known.get(announcement.default_language)
    text = _chosen(announcement, known, language, wanted)
    people = chips.by_id(
        one
        for one in (announcement.author_id, announcement.page_id, announcement.approved_by_id)
        if one is not None
    )
    mine = _mine(announcement, row)
    voice = people[announcement.page_id or announcement.author_id]
    waits = announcement.status is AnnouncementStatus.IN_APPROVAL
    return AnnouncementView(
        card=_card(announcement, text, voice, mine),
        author=people[announcement.author_id],
        approved_by=people.get(announcement.approved_by_id or 0),
        audience_id=announcement.audience_id,
        revision=announcement.revision,
        text=_view(announcement, text, default) if readable and text is not None else None,
        languages=tuple(
            LanguageChoice(code, texts.is_stale(one, default))
            for code, one in sorted(
                known.items(), key=lambda item: (item[0] != announcement.default_language, item[0])
            )
        ),
        default_language=announcement.default_language,
        files=media.of_announcement(announcement.id) if readable else (),
        mine=mine,
        manages=manages,
        may_approve=waits and policies.may_approve(viewer, announcement),
        post_id=announcement.post_id if readable else None,
        pinned=announcement.pinned,
        by_email=announcement.by_email,
        joiner_days=announcement.joiner_days,
        takes_questions=announcement.takes_questions,
        reminders=tuple(announcement.reminders or ()),
        expired=announcement.expires_at is not None and announcement.expires_at <= utc_now(),
        figures=figures_of(announcement)
        if manages and announcement.published_at is not None
        else None,
    )


def _chosen(
    announcement: Announcement,
    known: Mapping[str, AnnouncementText],
    language: str,
    wanted: str,
) -> AnnouncementText | None:
    if wanted in known:
        return known[wanted]
    mine = known.get(language)
    if mine is not None and mine.revision == announcement.revision:
        return mine
    return known.get(announcement.default_language)


def _mine(announcement: Announcement, row: AnnouncementRecipient | None) -> MyReading | None:
    if row is None:
        return None
    said = row.acknowledged_revision
    done = said is not None and said >= announcement.revision
    late = announcement.acknowledge_by
    return MyReading(
        read_at=row.read_at,
        acknowledged_at=row.acknowledged_at if done else None,
        again=said is not None and not done,
        overdue=not done and late is not None and late < utc_now(),
        exempted=row.exempted_at is not None,
    )


def _card(
    announcement: Announcement,
    text: AnnouncementText | None,
    voice: chips.AccountChip,
    mine: MyReading | None,
) -> AnnouncementCard:
    return AnnouncementCard(
        id=announcement.id,
        title=text.title if text is not None else "",
        lead="",
        language=text.language if text is not None else announcement.default_language,
        status=announcement.status,
        voice=voice,
        published_at=announcement.published_at,
        publish_at=announcement.publish_at,
        created_at=announcement.created_at,
        expires_at=announcement.expires_at,
        withdrawn_at=announcement.withdrawn_at,
        requires_acknowledgement=announcement.requires_acknowledgement,
        acknowledge_by=announcement.acknowledge_by,
        approval_note=announcement.approval_note,
        read_at=mine.read_at if mine else None,
        acknowledged_at=mine.acknowledged_at if mine else None,
    )


def _view(
    announcement: Announcement, text: AnnouncementText, default: AnnouncementText | None
) -> TextView:
    return TextView(
        id=text.id,
        language=text.language,
        version=text.version,
        revision=text.revision,
        title=text.title,
        html=text.html,
        facts=tuple((fact["value"], fact["label"]) for fact in text.facts),
        questions=tuple((asked["text"], tuple(asked["options"])) for asked in text.questions),
        content_hash=text.content_hash,
        change_note=text.change_note,
        written_at=text.created_at,
        minutes=texts.reading_minutes(text.source),
        stale=texts.is_stale(text, default),
        current=text.revision == announcement.revision,
    )
