"""The viewer's filters on pages: what they hide is left out, what they warn of stands behind the
filter's title."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from intranet.filters.matching import Match, Matcher, matcher, strongest
from intranet.filters.models import FilterAction, FilterContext
from intranet.posts.cards import PostCard
from intranet.posts.threads import Thread
from intranet.timelines.queries import Kind
from intranet.web.identity import viewer

# What somebody saved, they want to find again.
_CONTEXTS = {
    Kind.HOME: FilterContext.HOME,
    Kind.GROUPS: FilterContext.HOME,
    Kind.LIST: FilterContext.HOME,
    Kind.ORGANISATION: FilterContext.PUBLIC,
    Kind.GROUP: FilterContext.PUBLIC,
    Kind.TAG: FilterContext.PUBLIC,
    Kind.ACCOUNT: FilterContext.ACCOUNT,
}


@dataclass(frozen=True, slots=True)
class Filtered:
    """The cards that are shown; `warnings` are titles of filters by entry."""

    cards: Sequence[PostCard]
    warnings: Mapping[int, str]


def filtered(cards: Sequence[PostCard], kind: Kind) -> Filtered:
    """The cards of a timeline of this kind."""
    context = _CONTEXTS.get(kind)
    return _read(cards, context) if context is not None and cards else Filtered(cards, {})


def thread(found: Thread) -> Thread:
    """A thread with its replies filtered. What begins it, and the reply that was asked for, are
    shown as they are."""
    asked = [reply.card for reply in found.replies if reply.card.id != found.focus_id]
    if not asked:
        return found
    read = _read(asked, FilterContext.THREAD)
    shown = {card.id for card in read.cards} | {found.focus_id}
    replies = tuple(
        replace(reply, warning=read.warnings.get(reply.card.entry_id))
        for reply in found.replies
        if reply.card.id in shown
    )
    return replace(found, replies=replies)


def _read(cards: Sequence[PostCard], context: FilterContext) -> Filtered:
    filters = matcher(viewer(), context)
    shown: list[PostCard] = []
    warnings: dict[int, str] = {}
    if not filters:
        return Filtered(cards, {})
    for card in cards:
        match = _match(filters, card)
        if match is not None and match.filter.action is FilterAction.HIDE:
            continue
        if match is not None:
            warnings[card.entry_id] = match.filter.title
        shown.append(_without_replies_that_match(filters, card))
    return Filtered(shown, warnings)


def _match(filters: Matcher, card: PostCard) -> Match | None:
    return strongest(filters.of_card(card), has_media=bool(card.media))


def _without_replies_that_match(filters: Matcher, card: PostCard) -> PostCard:
    """Below a card there is no room to fold: what would be, is read in the thread."""
    kept = tuple(reply for reply in card.latest_replies if _match(filters, reply) is None)
    return card if len(kept) == len(card.latest_replies) else replace(card, latest_replies=kept)
