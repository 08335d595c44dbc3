"""Hashtags by how they begin. A hashtag is found only by who may read a post that carries it."""

from __future__ import annotations

from difflib import SequenceMatcher

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from intranet.accounts.models import Account
from intranet.db import db
from intranet.kernel.text import canonical_hashtag
from intranet.posts.models import Hashtag, Post, PostHashtag
from intranet.posts.policies import listed_to

_LONGEST = 100  # characters of a hashtag
_SHORTEST = 4  # letters of a word whose spelling can be guessed
_WORDS = 4  # of a question that are looked at
_LOOKED_AT = 200
_ALIKE = 0.8


def beginning_with(viewer: Account, start: str, limit: int, offset: int = 0) -> list[str]:
    """Canonical names in their order."""
    canonical = canonical_hashtag(start.strip())
    if not canonical or "\0" in canonical or len(canonical) > _LONGEST:
        return []
    return list(
        db.session.scalars(
            select(Hashtag.name)
            .where(Hashtag.name.startswith(canonical, autoescape=True), _used(viewer))
            .order_by(Hashtag.name)
            .offset(offset)
            .limit(limit)
        )
    )


def nearly(viewer: Account, words: str) -> list[tuple[str, str]]:
    """Words that were typed, each with the hashtag that it nearly is: a guess at a slip of the
    fingers. Only hashtags that the viewer may find are guessed. One statement."""
    typed = [word for word in words.split() if _SHORTEST <= len(word) <= _LONGEST][:_WORDS]
    asked = {word: name for word in typed if (name := canonical_hashtag(word)) and "\0" not in name}
    if not asked:
        return []
    # The first letter is seldom the wrong one, and it is what the index can be asked for.
    near = [
        and_(
            Hashtag.name.startswith(name[0], autoescape=True),
            func.length(Hashtag.name).between(len(name) - 2, len(name) + 2),
        )
        for name in asked.values()
    ]
    known = db.session.scalars(
        select(Hashtag.name)
        .where(or_(*near), _used(viewer))
        .order_by(Hashtag.name)
        .limit(_LOOKED_AT)
    ).all()
    guessed = []
    for word, name in asked.items():
        alike = [(SequenceMatcher(None, name, one, autojunk=False).ratio(), one) for one in known]
        likeness, best = max(alike, default=(0.0, name))
        if likeness >= _ALIKE and best != name:
            guessed.append((word, best))
    return guessed


def _used(viewer: Account) -> ColumnElement[bool]:
    return (
        exists()
        .where(PostHashtag.hashtag_id == Hashtag.id, PostHashtag.post_id == Post.id)
        .where(listed_to(viewer))
    )
