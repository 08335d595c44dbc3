"""Status: https://docs.joinmastodon.org/entities/Status/"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from intranet.accounts.models import Account
from intranet.filters.matching import Matcher, matcher
from intranet.kernel.ids import moment_of
from intranet.mastodon.answers import absolute, moment
from intranet.mastodon.entities.accounts import accounts_by_id, profile_url
from intranet.mastodon.entities.content import content_of, tag_url
from intranet.mastodon.entities.filters import results
from intranet.mastodon.entities.media import attachment
from intranet.mastodon.entities.polls import poll
from intranet.mastodon.entities.preview_cards import event_cards
from intranet.posts import named
from intranet.posts.authors import authors_of
from intranet.posts.cards import PostCard
from intranet.posts.models import Visibility

FAVOURITE = "⭐"
# Mastodon's names say who reads: everybody here, or fewer.
VISIBILITY = {
    Visibility.ORGANISATION: "public",
    Visibility.FOLLOWERS: "private",
    Visibility.GROUP: "private",
    Visibility.AUDIENCE: "private",
    Visibility.DIRECT: "direct",
}


def status_url(handle: str, post_id: int) -> str:
    """The page of a post, for browsers."""
    return absolute(f"/@{handle}/{post_id}")


def statuses(viewer: Account, cards: Sequence[PostCard]) -> list[dict[str, Any]]:
    """The entities of these cards, in their order; the deleted are left out. The number of
    statements does not depend on how many they are."""
    living = [card for card in cards if not card.deleted]
    if not living:
        return []
    ids = {card.id for card in living}
    people = [card.author for card in living]
    people += [card.boosted_by for card in living if card.boosted_by is not None]
    drawing = _Drawing(
        accounts=accounts_by_id(viewer, people),
        mentions=named.mentions_of(ids),
        tags=named.hashtags_of(ids),
        parents=authors_of(viewer, {card.in_reply_to_id for card in living if card.in_reply_to_id}),
        filters=matcher(viewer),
        cards=event_cards(viewer, living),
    )
    return [drawing.entry(card) for card in living]


def status(viewer: Account, card: PostCard) -> dict[str, Any]:
    """The entity of one card."""
    return statuses(viewer, [card])[0]


class _Drawing:
    """What several statuses are made of, read once for all of them."""

    def __init__(
        self,
        accounts: dict[int, dict[str, Any]],
        mentions: dict[int, list[tuple[int, str]]],
        tags: dict[int, list[str]],
        parents: dict[int, int],
        filters: Matcher,
        cards: dict[int, dict[str, Any]],
    ) -> None:
        self._cards = cards
        self._accounts = accounts
        self._mentions = mentions
        self._tags = tags
        self._parents = parents
        self._filters = filters

    def entry(self, card: PostCard) -> dict[str, Any]:
        original = self._original(card)
        if card.boosted_by is None:
            return original
        booster = card.boosted_by
        # The boost itself is never the caller's to pin.
        entry = {name: value for name, value in original.items() if name != "pinned"}
        return entry | {
            "id": str(card.entry_id),
            "created_at": moment(moment_of(card.entry_id)),
            "uri": absolute(f"/posts/{card.entry_id}"),
            "url": status_url(booster.handle, card.entry_id),
            "account": self._accounts[booster.id],
            "reblog": original,
            "media_attachments": [],
            "mentions": [],
            "tags": [],
        }

    def _original(self, card: PostCard) -> dict[str, Any]:
        stars = [one for one in card.reactions if one.emoji == FAVOURITE]
        parent = self._parents.get(card.in_reply_to_id) if card.in_reply_to_id else None
        return {
            "id": str(card.id),
            "created_at": moment(card.created_at),
            "in_reply_to_id": str(card.in_reply_to_id) if parent else None,
            "in_reply_to_account_id": str(parent) if parent else None,
            "sensitive": card.sensitive,
            "spoiler_text": card.spoiler_text,
            "visibility": VISIBILITY[card.visibility],
            "language": card.language,
            "uri": absolute(f"/posts/{card.id}"),
            "url": status_url(card.author.handle, card.id),
            "replies_count": card.replies_count,
            "reblogs_count": card.boosts_count,
            "favourites_count": sum(one.count for one in stars),
            "quotes_count": 0,
            "edited_at": moment(card.edited_at),
            "favourited": any(one.mine for one in stars),
            "reblogged": card.boosted,
            "muted": card.muted,
            "bookmarked": card.bookmarked,
            "content": content_of(card.html),
            "filtered": results(self._filters.of_card(card), card.id),
            "reblog": None,
            "quote": None,
            "application": None,
            "account": self._accounts[card.author.id],
            "media_attachments": [attachment(one) for one in card.media],
            "mentions": [
                {"id": str(id_), "username": handle, "acct": handle, "url": profile_url(handle)}
                for id_, handle in self._mentions.get(card.id, ())
            ],
            "tags": [{"name": name, "url": tag_url(name)} for name in self._tags.get(card.id, ())],
            "emojis": [],
            "card": self._cards.get(card.id),
            "poll": poll(card.poll) if card.poll else None,
            # Said of what the caller can pin only, as documented.
            **({"pinned": card.on_profile} if card.may_pin_to_profile else {}),
        }
