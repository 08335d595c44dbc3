"""Tag and FeaturedTag: https://docs.joinmastodon.org/entities/Tag/"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from intranet.accounts.models import Account
from intranet.kernel.ids import moment_of
from intranet.mastodon.entities.content import tag_url
from intranet.tags import queries
from intranet.tags.queries import Day, Featured


def tags(viewer: Account, names: Sequence[str]) -> list[dict[str, Any]]:
    """The entities of these canonical names, without their history: two statements."""
    followed = queries.followed_among(viewer, names)
    featured = queries.featured_among(viewer, names)
    return [
        {
            "id": name,
            "name": name,
            "url": tag_url(name),
            "history": [],
            "following": name in followed,
            "featuring": name in featured,
        }
        for name in names
    ]


def tag(viewer: Account, name: str) -> dict[str, Any]:
    """The entity of one name, with how it was used in the last days."""
    history = [_day(day) for day in queries.history(viewer, name)]
    return tags(viewer, [name])[0] | {"history": history}


def _day(day: Day) -> dict[str, str]:
    at = dt.datetime.combine(day.date, dt.time(), dt.UTC)
    return {
        "day": str(int(at.timestamp())),
        "uses": str(day.posts),
        "accounts": str(day.accounts),
    }


def featured_tag(one: Featured) -> dict[str, Any]:
    """https://docs.joinmastodon.org/entities/FeaturedTag/"""
    last = moment_of(one.last_id).date().isoformat() if one.last_id else None
    return {
        "id": str(one.id),
        "name": one.display,
        "url": tag_url(one.name),
        "statuses_count": str(one.count),
        "last_status_at": last,
    }
