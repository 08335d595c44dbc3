"""Pages of posts: from a cursor of this API to statuses with their Link header."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response

from intranet.kernel.pagination import MAX_LIMIT, Cursor, Page
from intranet.mastodon.answers import answer, linked
from intranet.mastodon.entities.statuses import statuses
from intranet.mastodon.identity import viewer
from intranet.mastodon.parameters import Paging
from intranet.posts.queries import cards

Ids = Callable[[Cursor], Page[int]]
_MOST_ROUNDS = 25  # of MAX_LIMIT entries each: how far up `min_id` looks


def page_of_statuses(ids: Ids, paging: Paging) -> Response:
    """The statuses of the page that the parameters describe."""
    size = paging.size()
    if paging.min_id is not None:
        found = directly_above(ids, paging.min_id, paging.max_id, size)
    else:
        found = ids(Cursor(before=paging.max_id, after=paging.since_id, limit=size))
    drawn = statuses(viewer(), cards(viewer(), found.items, latest=False))
    newest = found.items[0] if found.items else None
    # Entries may be gone between the two reads; the way on depends on the ids alone.
    return linked(answer(drawn), older=found.next_before, newer=newest)


def directly_above(ids: Ids, least: int, before: int | None, size: int) -> Page[int]:
    """The entries that follow the id upwards, newest first. Timelines are read downwards, so it
    goes down from the top until it meets the id, remembering the last ones."""
    kept: list[int] = []
    for _round in range(_MOST_ROUNDS):
        page = ids(Cursor(before=before, after=least, limit=MAX_LIMIT))
        kept = [*kept, *page.items][-size:]
        if page.next_before is None:
            break
        before = page.next_before
    return Page(kept, kept[-1] if kept else None)
