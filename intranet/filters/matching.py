"""Which filters a post meets: read once for a page, then without asking the database."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from intranet.accounts.models import Account
from intranet.filters.models import FilterAction, FilterContext
from intranet.filters.queries import FilterView, list_filters
from intranet.kernel.clock import utc_now
from intranet.kernel.text import plain_text
from intranet.posts.cards import PostCard


@dataclass(frozen=True, slots=True)
class Match:
    """A filter that a post meets, and because of what."""

    filter: FilterView
    keywords: tuple[str, ...]
    by_post: bool


class Matcher:
    """Some filters of one account. Its own posts meet none."""

    def __init__(self, owner_id: int, filters: Iterable[FilterView]) -> None:
        self._owner_id = owner_id
        self._filters = [
            (one, [(word.keyword, pattern(word.keyword, word.whole_word)) for word in one.keywords],
             {entry.post_id for entry in one.posts})
            for one in filters
        ]  # fmt: skip

    def __bool__(self) -> bool:
        return bool(self._filters)

    def of_card(self, card: PostCard) -> list[Match]:
        """The filters that the card meets: by its text, warning, files and their descriptions, and
        by the posts that stand in it."""
        if not self._filters or card.deleted:
            return []
        named = [text for one in card.media for text in (one.alt_text, one.file_name)]
        for inner in (card.quoted, card.answer, card.linked):
            if inner is not None and inner.author.id != self._owner_id:
                named += [plain_text(inner.source), inner.spoiler_text]
        return self.of_text(card.id, card.author.id, card.source, card.spoiler_text, *named)

    def of_text(self, post_id: int, author_id: int, source: str, *more: str) -> list[Match]:
        """The same from what a post says (Markdown) and further plain texts."""
        if not self._filters or author_id == self._owner_id:
            return []
        said = "\n".join((plain_text(source), *more))
        found = []
        for one, words, posts in self._filters:
            met = tuple(word for word, looks_for in words if looks_for.search(said))
            if met or post_id in posts:
                found.append(Match(one, met, post_id in posts))
        return found


def matcher(viewer: Account, context: FilterContext | None = None) -> Matcher:
    """The viewer's filters that have not expired, in this place or in all: one statement."""
    return matcher_of(viewer, list_filters(viewer), context)


def matcher_of(
    viewer: Account, filters: Iterable[FilterView], context: FilterContext | None = None
) -> Matcher:
    """The same of the viewer's filters that were read already."""
    now = utc_now()
    return Matcher(
        viewer.id,
        (
            one
            for one in filters
            if (one.expires_at is None or one.expires_at > now)
            and (context is None or context in one.contexts)
        ),
    )


def strongest(matches: Iterable[Match], *, has_media: bool) -> Match | None:
    """The match that counts for a page: hiding before warning. A page cannot blur, so that such
    a filter warns of posts with pictures or files, and leaves others alone."""
    shown = [one for one in matches if has_media or one.filter.action is not FilterAction.BLUR]
    hiding = [one for one in shown if one.filter.action is FilterAction.HIDE]
    return next(iter(hiding or shown), None)


@lru_cache(4096)
def pattern(keyword: str, whole_word: bool) -> re.Pattern[str]:
    """What a keyword looks for, in any case; linear, since it is taken literally."""
    escaped = r"\s+".join(re.escape(part) for part in keyword.split())
    if whole_word:
        before = r"\b" if re.match(r"\w", keyword) else ""
        after = r"\b" if re.search(r"\w\Z", keyword) else ""
        escaped = f"{before}{escaped}{after}"
    return re.compile(escaped, re.IGNORECASE)
