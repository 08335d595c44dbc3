"""The pages of the public site: a page's posts, one post, about, and its events."""

from __future__ import annotations

from flask import Response, request, url_for

from intranet.kernel.pagination import Cursor
from intranet.public import queries, structured_data, times
from intranet.public.door import absolute, bp, draw

_POSTS = 20


@bp.get("/p/<handle>")
def show(handle: str) -> Response:
    """A public page with its public posts, newest first."""
    page = queries.get_page(handle)
    posts = queries.list_posts(page, Cursor.parse(request.args.get("before"), limit=_POSTS))
    return draw(
        "public/show.html",
        page=page,
        posts=posts,
        data=structured_data.organisation(page),
        canonical=absolute("public.show", handle=handle),
    )


@bp.get("/p/<handle>/posts/<int:post_id>")
def post(handle: str, post_id: int) -> Response:
    """One public post. Nothing of its thread: others wrote that."""
    page = queries.get_page(handle)
    found = queries.get_post(page, post_id)
    return draw(
        "public/post.html",
        page=page,
        post=found,
        data=structured_data.article(page, found),
        canonical=absolute("public.post", handle=handle, post_id=post_id),
    )


@bp.get("/p/<handle>/about")
def about(handle: str) -> Response:
    """What the page is for and how to reach it."""
    page = queries.get_page(handle)
    return draw(
        "public/about.html",
        page=page,
        data=structured_data.organisation(page),
        canonical=absolute("public.about", handle=handle),
    )


@bp.get("/p/<handle>/events")
def events(handle: str) -> Response:
    """The next dates of the page's public events."""
    page = queries.get_page(handle)
    return draw(
        "public/events.html",
        page=page,
        months=times.by_month(queries.upcoming_events(page)),
        when=times.when,
        data=structured_data.organisation(page),
        canonical=absolute("public.events", handle=handle),
    )


@bp.get("/p/<handle>/events/<int:occurrence_id>")
def event(handle: str, occurrence_id: int) -> Response:
    """One date of a public event."""
    page = queries.get_page(handle)
    found = queries.get_event(page, occurrence_id)
    return draw(
        "public/event.html",
        page=page,
        event=found,
        when=times.when(found),
        data=structured_data.event(page, found),
        canonical=absolute("public.event", handle=handle, occurrence_id=occurrence_id),
        cover=url_for("public.media", handle=handle, key=found.cover_key, variant="large")
        if found.cover_key
        else None,
    )
