"""Direct posts as conversations. https://docs.joinmastodon.org/methods/conversations/

A conversation has the number of the caller's own row. Its pages follow the newest message of
each, so `max_id` and the others are ids of statuses.
"""

from __future__ import annotations

from flask import Response

from intranet.conversations import actions, queries
from intranet.kernel.pagination import Cursor, Page
from intranet.mastodon.answers import answer, linked
from intranet.mastodon.blueprint import bp
from intranet.mastodon.entities.conversations import conversations as drawn
from intranet.mastodon.identity import viewer
from intranet.mastodon.lists import directly_above, page_of_statuses
from intranet.mastodon.parameters import Paging, read
from intranet.mastodon.requirements import scope
from intranet.unit_of_work import unit_of_work


@bp.get("/api/v1/conversations")
@scope("read:statuses")
def conversations() -> Response:
    """The caller's conversations, the newest message first."""
    sent = read(Paging)
    size = sent.size()
    if sent.min_id is not None:
        ids = directly_above(_last_ids, sent.min_id, sent.max_id, size)
        least = ids.items[-1] - 1 if ids.items else sent.min_id
        most = ids.items[0] + 1 if ids.items else sent.min_id
        cursor = Cursor(before=most, after=least, limit=size)
    else:
        cursor = Cursor(before=sent.max_id, after=sent.since_id, limit=size)
    page = queries.list_conversations(viewer(), cursor)
    older = page.next_before
    if sent.min_id is not None and page.items:
        older = page.items[-1].last_post_id
    newer = page.items[0].last_post_id if page.items else None
    return linked(answer(drawn(viewer(), page.items)), older=older, newer=newer)


def _last_ids(cursor: Cursor) -> Page[int]:
    page = queries.list_conversations(viewer(), cursor)
    return Page([one.last_post_id for one in page.items], page.next_before)


@bp.post("/api/v1/conversations/<int:conversation_id>/read")
@scope("write:conversations")
def read_conversation(conversation_id: int) -> Response:
    """All of it is read."""
    with unit_of_work():
        found = queries.get_by_row(viewer(), conversation_id)
        actions.mark_read(viewer(), found.id)
    return answer(drawn(viewer(), [queries.get_by_row(viewer(), conversation_id)])[0])


@bp.delete("/api/v1/conversations/<int:conversation_id>")
@scope("write:conversations")
def hide_conversation(conversation_id: int) -> Response:
    """Out of the caller's list until somebody writes again."""
    with unit_of_work():
        actions.hide(viewer(), queries.get_by_row(viewer(), conversation_id).id)
    return answer({})


@bp.get("/api/v1/timelines/direct")
@scope("read:statuses")
def direct_timeline() -> Response:
    """The direct posts of all the caller's conversations: what older clients read."""

    def ids(cursor: Cursor) -> Page[int]:
        return queries.direct_ids(viewer(), cursor)

    return page_of_statuses(ids, read(Paging))
