"""Conversation: https://docs.joinmastodon.org/entities/Conversation/"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from intranet.accounts.models import Account
from intranet.conversations.queries import Conversation
from intranet.mastodon.entities.accounts import accounts_by_id
from intranet.mastodon.entities.statuses import statuses
from intranet.posts.queries import cards


def conversations(me: Account, found: Sequence[Conversation]) -> list[dict[str, Any]]:
    """The entities of these conversations, for somebody who is in them, in their order."""
    people = accounts_by_id(me, [chip for one in found for chip in one.people])
    last = cards(me, [one.last_post_id for one in found], latest=False)
    said = {entity["id"]: entity for entity in statuses(me, last)}
    return [
        {
            "id": str(one.row_id),
            "unread": one.unread,
            "accounts": [people[chip.id] for chip in one.people],
            "last_status": said.get(str(one.last_post_id)),
        }
        for one in found
    ]
