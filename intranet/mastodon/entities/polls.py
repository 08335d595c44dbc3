"""Poll: https://docs.joinmastodon.org/entities/Poll/"""

from __future__ import annotations

from typing import Any

from intranet.mastodon.answers import moment
from intranet.polls.views import PollView


def poll(view: PollView) -> dict[str, Any]:
    """The entity of a poll; the votes of each answer are null while they are hidden."""
    return {
        "id": str(view.id),
        "expires_at": moment(view.expires_at),
        "expired": view.expired,
        "multiple": view.multiple,
        "votes_count": view.votes_count,
        "voters_count": view.voters_count,
        # Whose poll it is has nothing left to choose.
        "voted": view.voted or view.own,
        "own_votes": [number for number, one in enumerate(view.options) if one.chosen],
        "options": [{"title": one.title, "votes_count": one.votes} for one in view.options],
        "emojis": [],
    }
