"""Posts that stand in the cards of others: what they quote or link to, a question's answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Row

from intranet.posts.cards import PostCard


def ids_within(rows: Iterable[Row[Any]]) -> set[int]:
    """The posts that stand in the cards of these rows, for those who may read them."""
    found = {
        number for row in rows for number in (row.quote_of_id, row.answer_id, row.link_post_id)
    }
    return found - {None}


def put_within(card: PostCard, row: Row[Any], found: Mapping[int, PostCard]) -> PostCard:
    """The card with the posts that stand in it; `found` are those that the viewer may read."""
    if card.deleted or not ids_within([row]):
        return card
    return replace(
        card,
        quoted=found.get(row.quote_of_id),
        answer=found.get(row.answer_id),
        linked=found.get(row.link_post_id),
    )
