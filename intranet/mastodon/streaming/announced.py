"""Announcements as live messages: https://docs.joinmastodon.org/entities/Announcement/"""

from __future__ import annotations

from typing import Any

from intranet.accounts.models import Account
from intranet.announcements import queries, showing
from intranet.announcements.models import AnnouncementStatus
from intranet.kernel.errors import NotFound
from intranet.mastodon.answers import moment
from intranet.mastodon.entities.content import content_of


def drawn(viewer: Account, announcement_id: int, language: str) -> dict[str, Any] | None:
    """The entity, in the viewer's language; None for whom it was not sent to, also when they may
    look at it because they manage it."""
    try:
        found = showing.show(viewer, announcement_id, language)
    except NotFound:
        return None
    card, text = found.card, found.text
    out = card.status is AnnouncementStatus.PUBLISHED and not found.expired
    if found.mine is None or text is None or not out:
        return None
    return {
        "id": str(card.id),
        "content": content_of(text.html),
        "starts_at": None,
        "ends_at": moment(card.expires_at),
        "all_day": False,
        "published_at": moment(card.published_at),
        "updated_at": moment(text.written_at),
        "read": found.mine.read_at is not None,
        "mentions": [],
        "statuses": [],
        "tags": [],
        "emojis": [],
        "reactions": [],
    }


def was_for(viewer: Account, announcement_id: int) -> bool:
    """Whether it was sent to the viewer."""
    return queries.recipient_row(viewer, announcement_id) is not None
