"""Posts as the tokens that hear of them are shown them, drawn once where they are shown alike.

Every viewer's card and surroundings were read by rules that the database asked for that viewer
alone. Only where all of this came out the same, and is said in the same language and zone, one
drawing serves several; the tickets in its addresses are each token's own.
"""

from __future__ import annotations

import logging
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

import orjson

from intranet.accounts.models import Account
from intranet.letters.reader import reading
from intranet.mastodon.answers import settings_here
from intranet.mastodon.entities.statuses import entries
from intranet.mastodon.entities.surroundings import surroundings_from
from intranet.mastodon.streaming.gathering import Hearing
from intranet.mastodon.tickets import Form, blanks
from intranet.posts.cards import PostCard

log = logging.getLogger(__name__)

Posts = Mapping[int, "Shown"]


@dataclass(frozen=True, slots=True)
class Shown:
    """A post's JSON, and whether there is something to look at in it."""

    form: Form
    has_media: bool


class Drawings:
    """What was drawn so far of what was read at once."""

    def __init__(self) -> None:
        self._drawn: dict[Hashable, Posts] = {}

    def of_all(self, hearings: Iterable[Hearing]) -> list[Posts]:
        """By the ids of the posts that each hears of; nothing for who cannot be shown them."""
        return [self._of(hearing) for hearing in hearings]

    def _of(self, hearing: Hearing) -> Posts:
        if not hearing.cards:
            return {}
        viewer, cards = hearing.viewer, tuple(hearing.cards)
        locale = viewer.locale or settings_here().default_locale
        # Rows that are the same are one object: see ForEach. Filters hold for their owner alone.
        filtered = viewer.id if hearing.around["filters"] else None
        key = (cards, id(hearing.around), locale, viewer.time_zone, filtered)
        if key not in self._drawn:
            try:
                with reading(locale, viewer.time_zone):
                    self._drawn[key] = _draw(viewer, cards, hearing)
            except Exception:
                log.exception("a post could not be drawn for a program")
                return {}
        return self._drawn[key]


def _draw(viewer: Account, cards: tuple[PostCard, ...], hearing: Hearing) -> Posts:
    found = {}
    for card in cards:
        with blanks() as files:
            (entity,) = entries([card], surroundings_from(viewer, [card], hearing.around))
            text = orjson.dumps(entity).decode()
        has_media = bool((entity["reblog"] or entity)["media_attachments"])
        found[card.entry_id] = Shown(Form.of(text, files), has_media)
    return found
