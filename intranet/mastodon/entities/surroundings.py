"""What statuses say beyond their cards: accounts, names, the viewer's filters, and the events they
tell of. All of it is one statement for a page, and everything in it is asked for the viewer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, bindparam

from intranet.accounts.models import Account
from intranet.accounts.readers import READER_ID, Reader, reader_of
from intranet.calendar import queries as events
from intranet.db import UTCDateTime
from intranet.db.together import Together
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
    """Of posts that the viewer may read: one statement."""
    chips = {card.author.id: card.author for card in posts}
    chips |= {card.boosted_by.id: card.boosted_by for card in posts if card.boosted_by is not None}
    parameters: dict[str, Any] = {
        "reader_id": viewer.id,
        "account_ids": list(chips),
        "post_ids": list({card.id for card in posts}),
    }
    replied = {card.in_reply_to_id for card in posts if card.in_reply_to_id is not None}
    if replied:
        parameters["parent_ids"] = list(replied)
    tells = any(map(tells_of_event, posts))
    if tells:
        parameters["now"] = utc_now()
    found = _reads(reader_of(viewer), bool(replied), tells).run(parameters)
    return Surroundings(
        accounts=accounts.accounts_from(chips, found),
        mentions=named.mentions_from(found["mentions"]),
        tags=named.hashtags_from(found["tags"]),
        parents={row.id: row.author_id for row in found.get("parents", ())},
        cards=event_cards(viewer, posts, events.cards_from(found.get("events", ()))),
        filters=matcher_of(viewer, filters.filters_from(found)),
    )


@cache
def _reads(reader: Reader, has_replies: bool, tells_of_events: bool) -> Together:
    viewer = reader.as_viewer
    reads = {
        **accounts.reads_of(viewer),
        **filters.reads_of(READER_ID),
        "mentions": named.select_mentions(_POST_IDS),
        "tags": named.select_hashtags(_POST_IDS),
    }
    if has_replies:
        reads["parents"] = select_authors(viewer, _PARENT_IDS)
    if tells_of_events:
        reads["events"] = events.select_of_posts(viewer, _POST_IDS, _NOW)
    return Together(reads)
