"""What statuses say beyond their cards: accounts, names, the viewer's filters, and the events they
tell of. All of it is one statement for a page, and everything in it is asked for the viewer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, bindparam

from intranet.accounts.chips import AccountChip
from intranet.accounts.models import Account
from intranet.accounts.readers import EachReader, Reader, for_each, kinds_of, reader_of
from intranet.calendar import queries as events
from intranet.db import UTCDateTime
from intranet.db.together import ForEach, Rows, Together
from intranet.filters import queries as filters
from intranet.filters.matching import Matcher, matcher_of
from intranet.kernel.clock import utc_now
from intranet.mastodon.entities import accounts
from intranet.mastodon.entities.preview_cards import event_cards, tells_of_event
from intranet.posts import named
from intranet.posts.authors import select_authors
from intranet.posts.cards import PostCard

_POST_IDS = bindparam("post_ids", type_=BigInteger, expanding=True)
_PARENT_IDS = bindparam("parent_ids", type_=BigInteger, expanding=True)
_NOW = bindparam("now", type_=UTCDateTime())


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Of some posts; by the ids of accounts, or of posts."""

    accounts: dict[int, dict[str, Any]]
    mentions: dict[int, list[tuple[int, str]]]
    tags: dict[int, list[str]]
    parents: dict[int, int]  # who wrote what is answered, as far as the viewer may read it
    cards: dict[int, dict[str, Any]]
    filters: Matcher


def surroundings(viewer: Account, posts: Sequence[PostCard]) -> Surroundings:
    """Of posts that the viewer may read, and of those that stand in them: one statement."""
    asked = _parameters(_with_quoted(posts))
    reads = _reads(reader_of(viewer), "parent_ids" in asked, "now" in asked)
    return surroundings_from(viewer, posts, reads.run({**asked, "reader_id": viewer.id}))


def rows_for_each(
    viewers: Sequence[Account], posts: Sequence[PostCard]
) -> dict[int, dict[str, Rows]]:
    """What `surroundings_from` reads, by the viewer's id; `posts` are those of all of them. One
    statement for each kind of viewer."""
    asked = _parameters(_with_quoted(posts))
    found: dict[int, dict[str, Rows]] = {}
    for kind, some in kinds_of(viewers).items():
        reads = _reads_for_each(kind, "parent_ids" in asked, "now" in asked)
        found |= reads.run({**asked, "each_ids": [viewer.id for viewer in some]})
    return found


def surroundings_from(
    viewer: Account, posts: Sequence[PostCard], found: Mapping[str, Rows]
) -> Surroundings:
    """The surroundings of posts as the viewer sees them."""
    posts = _with_quoted(posts)
    return Surroundings(
        accounts=accounts.accounts_from(_chips(posts), found),
        mentions=named.mentions_from(found["mentions"]),
        tags=named.hashtags_from(found["tags"]),
        parents={row.id: row.author_id for row in found.get("parents", ())},
        cards=event_cards(viewer, posts, events.cards_from(found.get("events", ()))),
        filters=matcher_of(viewer, filters.filters_from(found)),
    )


def _with_quoted(posts: Sequence[PostCard]) -> list[PostCard]:
    return [*posts, *(card.quoted for card in posts if card.quoted is not None)]


def _chips(posts: Iterable[PostCard]) -> dict[int, AccountChip]:
    chips = {card.author.id: card.author for card in posts}
    boosters = (card.boosted_by for card in posts)
    return chips | {one.id: one for one in boosters if one is not None}


def _parameters(posts: Sequence[PostCard]) -> dict[str, Any]:
    """What the reads of these posts are run with; replies and events only where there are any."""
    asked: dict[str, Any] = {
        "account_ids": list(_chips(posts)),
        "post_ids": list({card.id for card in posts}),
    }
    replied = {card.in_reply_to_id for card in posts if card.in_reply_to_id is not None}
    if replied:
        asked["parent_ids"] = list(replied)
    if any(map(tells_of_event, posts)):
        asked["now"] = utc_now()
    return asked


@cache
def _reads_for_each(reader: EachReader, has_replies: bool, tells_of_events: bool) -> ForEach:
    return for_each(_reads(reader, has_replies, tells_of_events))


@cache
def _reads(reader: Reader, has_replies: bool, tells_of_events: bool) -> Together:
    viewer = reader.as_viewer
    reads = {
        **accounts.reads_of(viewer),
        **filters.reads_of(viewer.id),
        "mentions": named.select_mentions(_POST_IDS),
        "tags": named.select_hashtags(_POST_IDS),
    }
    if has_replies:
        reads["parents"] = select_authors(viewer, _PARENT_IDS)
    if tells_of_events:
        reads["events"] = events.select_of_posts(viewer, _POST_IDS, _NOW)
    return Together(reads)
