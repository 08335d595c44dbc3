"""Hashtags by how they begin. A hashtag is found only by who may read a post that carries it."""

from __future__ import annotations

from sqlalchemy import exists, select

from intranet.accounts.models import Account
from intranet.db import db
from intranet.kernel.text import canonical_hashtag
from intranet.posts.models import Hashtag, Post, PostHashtag
from intranet.posts.policies import listed_to

_LONGEST = 100  # characters of a hashtag


def beginning_with(viewer: Account, start: str, limit: int, offset: int = 0) -> list[str]:
    """Canonical names in their order."""
    canonical = canonical_hashtag(start.strip())
    if not canonical or "\0" in canonical or len(canonical) > _LONGEST:
        return []
    used = (
        exists()
        .where(PostHashtag.hashtag_id == Hashtag.id, PostHashtag.post_id == Post.id)
        .where(listed_to(viewer))
    )
    return list(
        db.session.scalars(
            select(Hashtag.name)
            .where(Hashtag.name.startswith(canonical, autoescape=True), used)
            .order_by(Hashtag.name)
            .offset(offset)
            .limit(limit)
        )
    )
