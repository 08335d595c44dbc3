"""Catching up: what concerns the reader, what may interest them, and how much else there is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from intranet.accounts.models import Account
from intranet.catchup import asked, duties, interest, ranking, spans
from intranet.catchup.asked import AskedPost, AskedThread
from intranet.catchup.duties import Duty
from intranet.catchup.reasons import Reason
from intranet.catchup.spans import Span
from intranet.catchup.weights import Feature, completed
from intranet.db import db
from intranet.filters.matching import Match, Matcher, matcher, strongest
from intranet.filters.models import FilterAction, FilterContext
from intranet.kernel.clock import utc_now
from intranet.kernel.ids import moment_of
from intranet.posts.cards import PostCard
from intranet.posts.models import Post
from intranet.posts.queries import cards

PAGE = 20  # threads of the first block on a page
AWAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Item:
    """A post with why it is shown. `more` further posts of its thread have come to the reader's
    notice, the first of all is `first_id`; `warning` is the title of a filter that folds it."""

    card: PostCard
    reasons: tuple[Reason, ...]
    more: int = 0
    first_id: int = 0
    warning: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """`duties` and `asked` are the first block: all duties on its first page, and PAGE threads on
    each; `skip` is where the next begins. `concerns` counts all of it, `others` the rest."""

    span: Span
    duties: Sequence[Duty]
    asked: Sequence[Item]
    concerns: int
    skip: int | None
    interesting: Sequence[Item]
    others: int
    others_more: bool
    may_undo: bool

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all has come."""
        return not (self.concerns or self.interesting or self.others)


def report(viewer: Account, span: Span, language: str, skip: int = 0) -> Report:
    """What has come in this span; from the `skip`th thread of the first block on, of which later
    pages hold nothing else. The number of statements does not depend on what there is."""
    row = spans.kept(viewer)
    read = _Reading(viewer)
    posts = read.asked(asked.asked_of(viewer, span))
    threads = asked.threads_of(posts)
    here = threads[skip : skip + PAGE]
    do = duties.duties_of(viewer, language)
    chosen: list[ranking.Ranked] = []
    others, others_more = 0, False
    if skip == 0:
        found = interest.candidates(viewer, span)
        known = {thread.thread_id for thread in threads}
        rest = [one for one in found.facts if one.thread_id not in known]
        kept = read.interesting(rest)
        weights = completed(row.weights if row else {})
        chosen = ranking.ranked(kept, weights, span)
        shown = {one.facts.post_id for one in chosen}
        others = sum(one.in_home and one.post_id not in shown for one in kept)
        others_more = found.home_more
    leading = [thread.shown.id for thread in here]
    drawn = read.drawn(leading, [one.facts.entry_id for one in chosen])
    return Report(
        span=span,
        duties=do if skip == 0 else (),
        asked=[
            _asked_item(thread, drawn[shown], read)
            for thread, shown in zip(here, leading, strict=True)
            if shown in drawn
        ],
        concerns=len(do) + len(threads),
        skip=skip + PAGE if len(threads) > skip + PAGE else None,
        interesting=[
            Item(card, one.reasons, warning=read.warning(card, FilterContext.HOME))
            for one in chosen
            if (card := drawn.get(one.facts.entry_id))
        ],
        others=others,
        others_more=others_more,
        may_undo=row is not None and row.before_that is not None,
    )


def concerns(viewer: Account, span: Span, language: str) -> int:
    """How many things concern the viewer: the number over the first block of `report`."""
    posts = _Reading(viewer).asked(asked.asked_of(viewer, span))
    return len(duties.duties_of(viewer, language)) + len(asked.threads_of(posts))


def away_since(viewer: Account, oldest_shown: int | None) -> dt.datetime | None:
    """Since when the viewer was away, for the band on the home page: more than a day, or so much
    is new that the whole first page is (`oldest_shown` is its last entry, None when the home
    ends there). None while the band is put away. One statement, two for who has never caught up."""
    row = spans.kept(viewer)
    mark = spans.mark_of(viewer, row)
    hidden = max(mark, row.put_away_until if row else 0)
    is_long = utc_now() - moment_of(hidden) > AWAY
    is_much = oldest_shown is not None and oldest_shown > hidden
    return moment_of(mark) if is_long or is_much else None


def weights_of(viewer: Account) -> dict[Feature, int]:
    """What each feature counts for the viewer: one statement."""
    row = spans.kept(viewer)
    return completed(row.weights if row else {})


class _Reading:
    """The viewer's filters, and what they leave of each block."""

    def __init__(self, viewer: Account) -> None:
        self._viewer = viewer
        self._filters: Matcher = matcher(viewer)

    def asked(self, posts: Sequence[AskedPost]) -> list[AskedPost]:
        """Without those that a filter of the notifications leaves out."""
        hidden = self._hidden([post.id for post in posts], FilterContext.NOTIFICATIONS)
        return [post for post in posts if post.id not in hidden]

    def interesting(self, facts: Sequence[interest.Facts]) -> list[interest.Facts]:
        """Without those that a filter of the home leaves out."""
        hidden = self._hidden([one.post_id for one in facts], FilterContext.HOME)
        return [one for one in facts if one.post_id not in hidden]

    def drawn(self, *ids: Sequence[int]) -> Mapping[int, PostCard]:
        """The cards by entry."""
        found = cards(self._viewer, [one for some in ids for one in some], latest=False)
        return {card.entry_id: card for card in found}

    def warning(self, card: PostCard, context: FilterContext) -> str | None:
        """The title of the filter behind which the card is folded."""
        met = _in(self._filters.of_card(card), context, has_media=bool(card.media))
        return met.filter.title if met is not None else None

    def _hidden(self, ids: Collection[int], context: FilterContext) -> set[int]:
        if not self._filters or not ids:
            return set()
        rows = db.session.execute(
            select(Post.id, Post.author_id, Post.source, Post.spoiler_text).where(Post.id.in_(ids))
        )
        hidden = set()
        for row in rows:
            matches = self._filters.of_text(row.id, row.author_id, row.source, row.spoiler_text)
            met = _in(matches, context, has_media=False)
            if met is not None and met.filter.action is FilterAction.HIDE:
                hidden.add(row.id)
        return hidden


def _in(matches: Sequence[Match], context: FilterContext, *, has_media: bool) -> Match | None:
    here = [one for one in matches if context in one.filter.contexts]
    return strongest(here, has_media=has_media)


def _asked_item(thread: AskedThread, card: PostCard, read: _Reading) -> Item:
    return Item(
        card,
        thread.reasons,
        more=len(thread.posts) - 1,
        first_id=thread.posts[0].id,
        warning=read.warning(card, FilterContext.NOTIFICATIONS),
    )
