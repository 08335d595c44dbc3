"""Posts to come: https://docs.joinmastodon.org/methods/scheduled_statuses/"""

from __future__ import annotations

from flask import Response

from intranet.kernel.errors import Invalid
from intranet.kernel.messages import N_
from intranet.kernel.pagination import Cursor
from intranet.mastodon.answers import answer, as_utc, linked
from intranet.mastodon.blueprint import bp
from intranet.mastodon.entities.scheduled import scheduled_status
from intranet.mastodon.identity import viewer
from intranet.mastodon.parameters import MaybeMoment, Paging, Parameters, read
from intranet.mastodon.requirements import scope
from intranet.scheduled import actions, queries
from intranet.unit_of_work import unit_of_work


class NewTime(Parameters):
    """When it is to be published."""

    scheduled_at: MaybeMoment = None


@bp.get("/api/v1/scheduled_statuses")
@scope("read:statuses")
def scheduled_statuses() -> Response:
    """The caller's posts to come, the last written first."""
    sent = read(Paging)
    cursor = Cursor(before=sent.max_id, after=sent.min_id or sent.since_id, limit=sent.size())
    page = queries.list_own(viewer(), cursor)
    newest = page.items[0].id if page.items else None
    drawn = [scheduled_status(card) for card in page.items]
    return linked(answer(drawn), older=page.next_before, newer=newest)


@bp.get("/api/v1/scheduled_statuses/<int:scheduled_id>")
@scope("read:statuses")
def show_scheduled(scheduled_id: int) -> Response:
    """One of them."""
    return answer(scheduled_status(queries.card(viewer(), scheduled_id)))


@bp.put("/api/v1/scheduled_statuses/<int:scheduled_id>")
@scope("write:statuses")
def move_scheduled(scheduled_id: int) -> Response:
    """Another time for one of them."""
    queries.get_own(viewer(), scheduled_id)
    moment = read(NewTime).scheduled_at
    if moment is None:
        raise Invalid(fields={"scheduled_at": N_("Choose a time.")})
    with unit_of_work():
        scheduled = queries.get_own(viewer(), scheduled_id, lock=True)
        actions.move(scheduled, as_utc(moment))
    return answer(scheduled_status(queries.card(viewer(), scheduled_id)))


@bp.delete("/api/v1/scheduled_statuses/<int:scheduled_id>")
@scope("write:statuses")
def give_up_scheduled(scheduled_id: int) -> Response:
    """Give one of them up."""
    with unit_of_work():
        actions.give_up(queries.get_own(viewer(), scheduled_id, lock=True))
    return answer({})
