"""Whom and what posts name: mentions and hashtags, for lists of posts the caller may show."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from intranet.accounts.models import Account
from intranet.db import db
from intranet.posts.models import Hashtag, Mention, PostHashtag


def mentions_of(post_ids: Collection[int]) -> dict[int, list[tuple[int, str]]]:
    """Account id and handle of everybody named in each post: one statement."""
    if not post_ids:
        return {}
    rows = db.session.execute(
        select(Mention.post_id, Account.id, Account.handle)
        .join(Account, Account.id == Mention.account_id)
        .where(Mention.post_id.in_(post_ids))
        .order_by(Mention.post_id, Account.id)
    )
    found: dict[int, list[tuple[int, str]]] = {}
    for post_id, account_id, handle in rows:
        found.setdefault(post_id, []).append((account_id, handle))
    return found


def hashtags_of(post_ids: Collection[int]) -> dict[int, list[str]]:
    """The canonical names of the hashtags of each post: one statement."""
    if not post_ids:
        return {}
    rows = db.session.execute(
        select(PostHashtag.post_id, Hashtag.name)
        .join(Hashtag, Hashtag.id == PostHashtag.hashtag_id)
        .where(PostHashtag.post_id.in_(post_ids))
        .order_by(PostHashtag.post_id, Hashtag.name)
    )
    found: dict[int, list[str]] = {}
    for post_id, name in rows:
        found.setdefault(post_id, []).append(name)
    return found
