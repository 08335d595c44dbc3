"""What hangs on the posts of a page: files, reactions and polls, in one statement for all."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Row, bindparam, case, func, select

from intranet.accounts.models import Account
from intranet.accounts.readers import EachReader, Reader, for_each, reader_of
from intranet.db.together import ForEach, Read, Rows, Together
from intranet.media import queries as media
from intranet.media.views import MediaView
from intranet.polls import queries as polls
from intranet.polls.views import PollView
from intranet.posts.cards import ReactionCount
from intranet.posts.models import Reaction

_POST_IDS = bindparam("post_ids", type_=BigInteger, expanding=True)


@dataclass(frozen=True, slots=True)
class Parts:
    """By the id of the post; nothing for a post without."""

    media: dict[int, tuple[MediaView, ...]] = field(default_factory=dict)
    reactions: dict[int, tuple[ReactionCount, ...]] = field(default_factory=dict)
    polls: dict[int, PollView] = field(default_factory=dict)


def parts_of(
    viewer: Account, post_ids: Collection[int], own_ids: Collection[int], *, with_polls: bool
) -> Parts:
    """The parts of posts that the viewer may read, of which it wrote `own_ids`."""
    if not post_ids:
        return Parts()
    found = _reads(reader_of(viewer), with_polls).run(
        {"reader_id": viewer.id, "post_ids": list(post_ids)}
    )
    return parts_from(found, own_ids)


def rows_for_each(
    reader: EachReader, viewers: Iterable[Account], post_ids: Collection[int], *, with_polls: bool
) -> dict[int, dict[str, Rows]]:
    """What `parts_from` reads, by the viewer's id: one statement."""
    ids = [viewer.id for viewer in viewers]
    return _reads_for_each(reader, with_polls).run({"each_ids": ids, "post_ids": list(post_ids)})


def parts_from(found: Mapping[str, Rows], own_ids: Collection[int]) -> Parts:
    """The parts as one viewer sees them."""
    return Parts(
        media=media.views_of_posts(found["media"]),
        reactions=_counts(found["reactions"]),
        polls=polls.views_of_posts(found.get("polls", ()), own_ids),
    )


@cache
def _reads(reader: Reader, with_polls: bool) -> Together:
    """Most pages have no poll, and do not ask for any."""
    viewer = reader.as_viewer
    reads = {"media": media.select_of_posts(_POST_IDS), "reactions": _reactions(viewer)}
    if with_polls:
        reads["polls"] = polls.select_of_posts(viewer, _POST_IDS)
    return Together(reads)


@cache
def _reads_for_each(reader: EachReader, with_polls: bool) -> ForEach:
    return for_each(_reads(reader, with_polls))


def _reactions(viewer: Account) -> Read:
    """Who gave what, counted."""
    return (
        select(
            Reaction.post_id,
            Reaction.emoji,
            func.count().label("given"),
            func.min(Reaction.created_at).label("first_at"),
            func.max(case((Reaction.account_id == viewer.id, 1), else_=0)).label("mine"),
        )
        .where(Reaction.post_id.in_(_POST_IDS))
        .group_by(Reaction.post_id, Reaction.emoji)
    )


def _counts(rows: Iterable[Row[Any]]) -> dict[int, tuple[ReactionCount, ...]]:
    found: dict[int, list[ReactionCount]] = {}
    for row in sorted(rows, key=lambda row: (-row.given, row.first_at, row.emoji)):
        counts = found.setdefault(row.post_id, [])
        counts.append(ReactionCount(row.emoji, row.given, bool(row.mine)))
    return {post_id: tuple(counts) for post_id, counts in found.items()}
