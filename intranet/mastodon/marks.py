"""What people do with a post: the star, boosts, bookmarks. Each may come twice."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response

from intranet.accounts.chips import AccountChip
from intranet.accounts.models import Account
from intranet.kernel.errors import Invalid
from intranet.kernel.messages import N_
from intranet.kernel.pagination import Cursor, Page
from intranet.mastodon.answers import answer, linked
from intranet.mastodon.blueprint import bp
from intranet.mastodon.entities.accounts import accounts
from intranet.mastodon.entities.statuses import FAVOURITE, status, statuses
from intranet.mastodon.identity import viewer
from intranet.mastodon.lists import page_of_statuses
from intranet.mastodon.parameters import Paging, read
from intranet.mastodon.requirements import scope
from intranet.mastodon.statuses import one
from intranet.posts import boosts, marks, profile_pins, queries, threads
from intranet.posts.authors import ids_starred
from intranet.posts.models import Post
from intranet.timelines import queries as timelines
from intranet.unit_of_work import unit_of_work


def _do(act: Callable[[Account, Post], None], status_id: int) -> Response:
    """Do it to the post, or to what a boost passes on; then the post."""
    with unit_of_work():
        post = queries.get_visible_original(viewer(), status_id, lock=True)
        act(viewer(), post)
    return one(post.id)


@bp.post("/api/v1/statuses/<int:status_id>/favourite")
@scope("write:favourites")
def favourite(status_id: int) -> Response:
    """Give the star."""
    return _do(lambda actor, post: marks.react(actor, post, FAVOURITE), status_id)


@bp.post("/api/v1/statuses/<int:status_id>/unfavourite")
@scope("write:favourites")
def unfavourite(status_id: int) -> Response:
    """Take the star back."""
    return _do(lambda actor, post: marks.unreact(actor, post, FAVOURITE), status_id)


@bp.post("/api/v1/statuses/<int:status_id>/reblog")
@scope("write:statuses")
def reblog(status_id: int) -> Response:
    """Pass the post on; the answer is the boost, with the post inside."""
    with unit_of_work():
        post = queries.get_visible_original(viewer(), status_id, lock=True)
        boosts.boost(viewer(), post)
        boost_id = boosts.id_of_boost(viewer(), post)
    return answer(status(viewer(), queries.card(viewer(), boost_id)))


@bp.post("/api/v1/statuses/<int:status_id>/unreblog")
@scope("write:statuses")
def unreblog(status_id: int) -> Response:
    """Take the boost back; the answer is the post itself."""
    return _do(boosts.unboost, status_id)


@bp.post("/api/v1/statuses/<int:status_id>/bookmark")
@scope("write:bookmarks")
def bookmark(status_id: int) -> Response:
    """Save the post for later."""
    return _do(marks.bookmark, status_id)


@bp.post("/api/v1/statuses/<int:status_id>/unbookmark")
@scope("write:bookmarks")
def unbookmark(status_id: int) -> Response:
    """Save it no longer."""
    return _do(marks.unbookmark, status_id)


@bp.post("/api/v1/statuses/<int:status_id>/mute")
@scope("write:mutes")
def mute_thread(status_id: int) -> Response:
    """Hear no more of the thread that the post belongs to."""
    return _do(marks.mute_thread, status_id)


@bp.post("/api/v1/statuses/<int:status_id>/unmute")
@scope("write:mutes")
def unmute_thread(status_id: int) -> Response:
    """Hear of it again."""
    return _do(marks.unmute_thread, status_id)


@bp.post("/api/v1/statuses/<int:status_id>/pin")
@scope("write:accounts")
def pin(status_id: int) -> Response:
    """Hold an own post at the top of the caller's profile."""
    return _do(profile_pins.pin, status_id)


@bp.post("/api/v1/statuses/<int:status_id>/unpin")
@scope("write:accounts")
def unpin(status_id: int) -> Response:
    """Let it go down with the others."""
    return _do(profile_pins.unpin, status_id)


@bp.get("/api/v1/statuses/<int:status_id>/favourited_by")
@scope("read:statuses")
def favourited_by(status_id: int) -> Response:
    """Who gave the star, as far as the caller may know them; the ids of the links are of
    accounts."""
    post = queries.get_visible_original(viewer(), status_id)
    cursor = read(Paging).cursor(40, 80)
    return _people(threads.reactors_of(viewer(), post, FAVOURITE, cursor))


@bp.get("/api/v1/statuses/<int:status_id>/reblogged_by")
@scope("read:statuses")
def reblogged_by(status_id: int) -> Response:
    """Who passed the post on, as far as the caller may know them; the ids of the links are of
    boosts."""
    post = queries.get_visible_original(viewer(), status_id)
    return _people(boosts.boosters(viewer(), post, read(Paging).cursor(40, 80)))


def _people(page: Page[AccountChip]) -> Response:
    drawn = accounts(viewer(), page.items)
    return linked(answer(drawn), older=page.next_before, newer=page.newest)


@bp.get("/api/v1/favourites")
@scope("read:favourites")
def favourites() -> Response:
    """What the caller gave a star, the newest post first."""

    def ids(cursor: Cursor) -> Page[int]:
        return ids_starred(viewer(), FAVOURITE, cursor)

    return page_of_statuses(ids, read(Paging))


@bp.get("/api/v1/bookmarks")
@scope("read:bookmarks")
def bookmarks() -> Response:
    """What the caller saved, the last saved first; the ids of the links are of bookmarks."""
    page = timelines.saved(viewer(), read(Paging).cursor())
    drawn = statuses(viewer(), page.items)
    return linked(answer(drawn), older=page.next_before, newer=page.newest)


@bp.post("/api/v1/statuses/<int:status_id>/translate")
@scope("read:statuses")
def translate(status_id: int) -> Response:
    """Nothing is translated here, as the instance says; the post has to be visible all the same."""
    queries.get_visible_original(viewer(), status_id)
    raise Invalid(N_("Posts are not translated here."))
