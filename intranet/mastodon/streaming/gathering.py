"""What several tokens are to hear of posts, read for all of them at once.

Whether a post is in a stream's timeline, and what is drawn then, is read for all viewers in a few
statements, in which the database asks every rule anew for each viewer: nothing is passed on from
one to another.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from intranet.accounts.models import Account
from intranet.db.together import Rows
from intranet.kernel.domain_events import DomainEvent
from intranet.mastodon.entities import surroundings
from intranet.mastodon.streaming.audience import Holding, PostFact
from intranet.mastodon.streaming.line import Line
from intranet.mastodon.streaming.streams import Stream
from intranet.oauth.tokens import Access
from intranet.posts.cards import PostCard
from intranet.posts.events import PostChanged, PostPublished
from intranet.posts.queries import cards_for_each

Listening = tuple[Line, Stream]


@dataclass(frozen=True, slots=True)
class Errand:
    """One fact, and which subscriptions of one token may have to hear of it."""

    fact: DomainEvent
    to: tuple[Listening, ...]
    notification_id: int | None = None


@dataclass(slots=True)
class Hearing:
    """One living token with its errands; `gather` fills in the posts: which streams hold each, the
    cards of those that the viewer may see, and what stands around them."""

    access: Access
    viewer: Account
    errands: Sequence[Errand]
    held: dict[int, frozenset[Stream]] = field(default_factory=dict)
    cards: list[PostCard] = field(default_factory=list)
    around: Mapping[str, Rows] = field(default_factory=dict)


def gather(hearings: Sequence[Hearing]) -> None:
    """Read the posts that these tokens hear of. The number of statements does not depend on how
    many tokens there are; between them the requests of this process have their turn."""
    _hold(hearings)
    wanted = sorted({post_id for one in hearings for post_id in one.held})
    if not wanted:
        return
    viewers = list({one.viewer.id: one.viewer for one in hearings if one.held}.values())
    time.sleep(0)
    drawn = cards_for_each(viewers, wanted)
    living = {id_: [card for card in cards if not card.deleted] for id_, cards in drawn.items()}
    everything = [card for cards in living.values() for card in cards]
    if not everything:
        return
    time.sleep(0)
    around = surroundings.rows_for_each(viewers, everything)
    for one in hearings:
        if one.held:
            one.cards = [card for card in living[one.viewer.id] if card.entry_id in one.held]
            one.around = around[one.viewer.id]


def _hold(hearings: Sequence[Hearing]) -> None:
    """Find out which streams hold which posts."""
    held = Holding()
    for one in hearings:
        for stream, post in _asked(one):
            held.ask(one.viewer, stream, post)
    held.answer()
    for one in hearings:
        found: dict[int, set[Stream]] = defaultdict(set)
        for stream, post in _asked(one):
            if held.holds(one.viewer, stream, post):
                found[post.post_id].add(stream)
        one.held = {post_id: frozenset(streams) for post_id, streams in found.items()}


def _asked(hearing: Hearing) -> Iterator[tuple[Stream, PostFact]]:
    for errand in hearing.errands:
        if isinstance(errand.fact, PostPublished | PostChanged):
            for _line, stream in errand.to:
                if hearing.access.may(stream.scope):
                    yield stream, errand.fact
