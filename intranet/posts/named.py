"""Whom and what posts name: mentions and hashtags, for lists of posts the caller may show."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from operator import attrgetter
from typing import Any

from sqlalchemy import Row, select

from intranet.accounts.models import Account
from intranet.db import db
from intranet.db.together import Read
from intranet.posts.models import Hashtag, Mention, PostHashtag


def select_mentions(post_ids: Any) -> Read:
    """The rows that `mentions_from` reads; `post_ids` may be a parameter."""
    return (
        select(Mention.post_id, Account.id, Account.handle)
        .join(Account, Account.id == Mention.account_id)
        .where(Mention.post_id.in_(post_ids))
    )


def mentions_from(rows: Iterable[Row[Any]]) -> dict[int, list[tuple[int, str]]]:
    """Account id and handle of everybody named in each post."""
    found: dict[int, list[tuple[int, str]]] = {}
    for row in sorted(rows, key=attrgetter("id")):
        found.setdefault(row.post_id, []).append((row.id, row.handle))
    return found


def select_hashtags(post_ids: Any) -> Read:
    """The rows that `hashtags_from` reads; `post_ids` may be a parameter."""
    return (
        select(PostHashtag.post_id, Hashtag.name)
        .join(Hashtag, Hashtag.id == PostHashtag.hashtag_id)
        .where(PostHashtag.post_id.in_(post_ids))
    )


def hashtags_from(rows: Iterable[Row[Any]]) -> dict[int, list[str]]:
    """The canonical names of the hashtags of each post."""
    found: dict[int, list[str]] = {}
    for row in sorted(rows, key=attrgetter("name")):
        found.setdefault(row.post_id, []).append(row.name)
    return found


def hashtags_of(post_ids: Collection[int]) -> dict[int, list[str]]:
    """The same of these posts: one statement."""
    return hashtags_from(db.session.execute(select_hashtags(post_ids)))
