"""Notification: https://docs.joinmastodon.org/entities/Notification/"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from intranet.accounts.models import Account
from intranet.inbox.signals import Signal
from intranet.mastodon.answers import moment
from intranet.mastodon.entities.accounts import accounts_by_id
from intranet.mastodon.entities.statuses import statuses
from intranet.notifications.standard import TYPES
from intranet.posts.queries import cards

# What many people do to one post, or to one person, is said in one line.
GROUPED = ("favourite", "reblog", "follow")
SPAN = dt.timedelta(hours=12)


def group_key(signal: Signal, grouped: Sequence[str] = GROUPED) -> str:
    """What the notification is gathered under: the same type, the same post, the same half of a
    day; `ungrouped-ID` for one that stands alone."""
    type_ = TYPES[signal.kind]
    if type_ not in grouped or type_ not in GROUPED:
        return f"ungrouped-{signal.id}"
    span = int(signal.created_at.timestamp()) // int(SPAN.total_seconds())
    about = f"-{signal.post_id}" if signal.post_id else ""
    return f"{type_}{about}-{span}"


def notifications(viewer: Account, signals: Sequence[Signal]) -> list[dict[str, Any]]:
    """The entities, in their order; without those whose post has just gone. The number of
    statements does not depend on how many they are."""
    people = accounts_by_id(viewer, (signal.actor for signal in signals))
    posts = posts_of(viewer, (signal.post_id for signal in signals))
    return [
        {
            "id": str(signal.id),
            "type": TYPES[signal.kind],
            "created_at": moment(signal.created_at),
            "group_key": group_key(signal),
            "filtered": signal.held,
            "account": people[signal.actor.id],
            **({"status": posts[signal.post_id]} if signal.post_id else {}),
        }
        for signal in signals
        if signal.post_id is None or signal.post_id in posts
    ]


def posts_of(viewer: Account, ids: Iterable[int | None]) -> dict[int, dict[str, Any]]:
    """The statuses of these posts by id, those that the viewer may see."""
    wanted = list(dict.fromkeys(id_ for id_ in ids if id_ is not None))
    if not wanted:
        return {}
    drawn = statuses(viewer, cards(viewer, wanted, latest=False))
    return {int(entity["id"]): entity for entity in drawn}
