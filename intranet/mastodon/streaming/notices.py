"""Notifications as live messages: the same as in their list."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from intranet.accounts.models import Account
from intranet.inbox import signals
from intranet.mastodon.entities.notifications import notifications


def drawn(viewer: Account, ids: Collection[int]) -> list[dict[str, Any]]:
    """The entities of these notifications of the viewer, the oldest first; the others, and those
    about what the viewer may not see, are left out. A constant number of statements."""
    return notifications(viewer, signals.by_ids(viewer, ids))
