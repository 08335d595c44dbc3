"""Notifications as live messages: the entities that lists of them hold, by their numbers."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from intranet.accounts.models import Account
from intranet.inbox import signals
from intranet.mastodon.entities.notifications import notifications


def drawn(viewer: Account, ids: Collection[int]) -> list[dict[str, Any]]:
    """The entities of these notifications of the viewer, the oldest first; those of no type that
    programs know, held aside, or about what the viewer may not see are left out. The number of
    statements does not depend on how many they are."""
    return notifications(viewer, signals.by_ids(viewer, ids))
