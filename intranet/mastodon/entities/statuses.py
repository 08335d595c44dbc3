"""Status: https://docs.joinmastodon.org/entities/Status/"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from intranet.accounts.models import Account
from intranet.kernel.ids import moment_of
from intranet.mastodon.answers import absolute, moment
from intranet.mastodon.entities.accounts import profile_url
from intranet.mastodon.entities.content import content_of, tag_url
from intranet.mastodon.entities.filters import results
from intranet.mastodon.entities.media import attachment
from intranet.mastodon.entities.polls import poll
from intranet.mastodon.entities.praise import praise_line
from intranet.mastodon.entities.preview_cards import link_card
from intranet.mastodon.entities.surroundings import Surroundings, surroundings
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
    """The entities of these cards, in their order; the deleted are left out. One statement."""
    living = [card for card in cards if not card.deleted]
    if not living:
        return []
    return entries(living, surroundings(viewer, living))


def entries(cards: Sequence[PostCard], around: Surroundings) -> list[dict[str, Any]]:
    """The same of living ones, with what stands around them: no statement."""
    return [_entry(card, around) for card in cards]


def status(viewer: Account, card: PostCard) -> dict[str, Any]:
    """The entity of one card."""
    return statuses(viewer, [card])[0]


def _entry(card: PostCard, around: Surroundings) -> dict[str, Any]:
    original = _original(card, around)
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
        "account": around.accounts[booster.id],
        "reblog": original,
        "media_attachments": [],
        "mentions": [],
        "tags": [],
    }


def _original(card: PostCard, around: Surroundings) -> dict[str, Any]:
    stars = [one for one in card.reactions if one.emoji == FAVOURITE]
    parent = around.parents.get(card.in_reply_to_id) if card.in_reply_to_id else None
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
        "quotes_count": card.quotes_count,
        "edited_at": moment(card.edited_at),
        "favourited": any(one.mine for one in stars),
        "reblogged": card.boosted,
        "muted": card.muted,
        "bookmarked": card.bookmarked,
        "content": praise_line(card) + content_of(card.html),
        "filtered": results(around.filters.of_card(card), card.id),
        "reblog": None,
        "quote": _quote(card, around),
        "application": None,
        "account": around.accounts[card.author.id],
        "media_attachments": [attachment(one) for one in card.media],
        "mentions": [
            {"id": str(id_), "username": handle, "acct": handle, "url": profile_url(handle)}
            for id_, handle in around.mentions.get(card.id, ())
        ],
        "tags": [{"name": name, "url": tag_url(name)} for name in around.tags.get(card.id, ())],
        "emojis": [],
        "card": around.cards.get(card.id) or link_card(card),
        "poll": poll(card.poll) if card.poll else None,
        # Said of what the caller can pin only, as documented.
        **({"pinned": card.on_profile} if card.may_pin_to_profile else {}),
    }


def _quote(card: PostCard, around: Surroundings) -> dict[str, Any] | None:
    """https://docs.joinmastodon.org/entities/Quote/ ; within a quoted status a ShallowQuote."""
    if not card.is_quote:
        return None
    if card.quotes is None:
        return {"state": "deleted", "quoted_status": None}
    if card.quoted is None:
        return {"state": "unauthorized", "quoted_status": None}
    inner = card.quoted
    nested = None
    if inner.is_quote:
        gone = inner.quotes is None
        nested = {
            "state": "deleted" if gone else "accepted",
            "quoted_status_id": None if gone else str(inner.quotes),
        }
    return {"state": "accepted", "quoted_status": _original(inner, around) | {"quote": nested}}
