"""Announcements as live messages: the same as in their list."""

from __future__ import annotations

from typing import Any

from intranet.accounts.models import Account
from intranet.announcements import queries
from intranet.announcements.standing import get_standing
from intranet.kernel.errors import NotFound
from intranet.mastodon.entities.announcements import announcements


def drawn(viewer: Account, announcement_id: int, language: str) -> dict[str, Any] | None:
    """The entity, in the viewer's language; None for whom it was not sent to, also when they may
    look at it because they manage it."""
    try:
        found = get_standing(viewer, announcement_id, language)
    except NotFound:
        return None
    return announcements(viewer, [found])[0]


def was_for(viewer: Account, announcement_id: int) -> bool:
    """Whether it was sent to the viewer."""
    return queries.recipient_row(viewer, announcement_id) is not None
