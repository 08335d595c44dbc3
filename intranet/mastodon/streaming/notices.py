"""Notifications as live messages: https://docs.joinmastodon.org/entities/Notification/

Only what a standard type fits is told: clients may not know others.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from intranet.accounts.models import Account
from intranet.inbox import queries as inbox
from intranet.inbox.queries import InboxLine
from intranet.letters.pushes import TYPES
from intranet.mastodon.answers import moment
from intranet.mastodon.entities.accounts import accounts_by_id
from intranet.mastodon.entities.statuses import statuses
from intranet.notifications.models import NotificationKind
from intranet.posts.queries import cards


def type_of(kind: NotificationKind) -> str | None:
    """The standard type; None when there is none."""
    return TYPES.get(kind)


def drawn(viewer: Account, ids: Collection[int]) -> list[dict[str, Any]]:
    """The entities of these notifications of the viewer, the oldest first; the others, and those
    about what the viewer may not see, are left out. A constant number of statements."""
    lines = [
        entry.newest
        for entry in inbox.entries_of(viewer, ids)
        if type_of(entry.newest.kind) is not None
    ]
    posts = [line.post_id for line in lines if line.post_id is not None]
    shown = {
        entity["id"]: entity for entity in statuses(viewer, cards(viewer, posts, latest=False))
    }
    people = accounts_by_id(viewer, [line.actors[0] for line in lines])
    return [
        _entity(line, people[line.actors[0].id], shown.get(str(line.post_id)))
        for line in lines
        if line.post_id is None or str(line.post_id) in shown
    ]


def _entity(
    line: InboxLine, account: dict[str, Any], status: dict[str, Any] | None
) -> dict[str, Any]:
    return {
        "id": str(line.id),
        "type": type_of(line.kind),
        "created_at": moment(line.created_at),
        "group_key": f"ungrouped-{line.id}",
        "account": account,
        "status": status,
    }
