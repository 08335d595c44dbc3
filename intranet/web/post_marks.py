"""What people do with a post: reactions, boosts, bookmarks, threads, pins, and
opening it to the public. Each write may come twice."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intranet.accounts.models import Account
from intranet.kernel.pagination import Cursor
from intranet.posts import boosts, marks, pins, profile_pins, publicity, put_away, queries, threads
from intranet.posts.models import Post
from intranet.unit_of_work import unit_of_work
from intranet.web.gate import safe_next
from intranet.web.identity import viewer
from intranet.web.posts import bp as posts
from intranet.web.posts import draw_card
from intranet.web.wants import wants_fragment

bp: Blueprint = posts


def _do(act: Callable[[Account, Post], None], post_id: int) -> ResponseReturnValue:
    """Do it to the post, or to what a boost passes on; then the card, or the page again."""
    with unit_of_work():
        act(viewer(), queries.get_visible_original(viewer(), post_id, lock=True))
    if wants_fragment():
        return draw_card(post_id)
    onwards = request.form.get("next")
    here = safe_next(onwards) if onwards else url_for("posts.show", post_id=post_id)
    return redirect(f"{here.partition('#')[0]}#post-{post_id}", 303)


def _hear(act: Callable[[Account, Post], None], post_id: int) -> ResponseReturnValue:
    """As `_do`; the page of the thread hears that it has to say something else of it."""
    answer = make_response(_do(act, post_id))
    if wants_fragment():
        answer.headers["HX-Trigger"] = "thread-chosen"
    return answer


@bp.get("/posts/<int:post_id>/hearing")
def hearing(post_id: int) -> ResponseReturnValue:
    """Whether the viewer follows the post's thread, has muted it, and how to change that."""
    post = queries.card(viewer(), queries.get_visible_original(viewer(), post_id).id)
    return render_template("posts/_hearing.html", post=post)


@bp.get("/posts/<int:post_id>/reactions")
def reactions(post_id: int) -> ResponseReturnValue:
    """Who reacted how."""
    post = queries.card(viewer(), post_id)
    given = threads.reactors(viewer(), post.id)
    return render_template("posts/reactions.html", post=post, given=given, boosters=None)


@bp.get("/posts/<int:post_id>/boosts")
def boosters(post_id: int) -> ResponseReturnValue:
    """Who passed the post on."""
    post = queries.get_visible_original(viewer(), post_id)
    people = boosts.boosters(viewer(), post, Cursor(limit=threads.REACTORS_SHOWN)).items
    card = queries.card(viewer(), post.id)
    return render_template("posts/reactions.html", post=card, given=(), boosters=people)


@bp.post("/posts/<int:post_id>/reactions")
def react(post_id: int) -> ResponseReturnValue:
    """Give the emoji of the form."""
    emoji = request.form.get("emoji", "")
    return _do(lambda actor, post: marks.react(actor, post, emoji), post_id)


@bp.post("/posts/<int:post_id>/reactions/remove")
def unreact(post_id: int) -> ResponseReturnValue:
    """Take the emoji of the form back."""
    emoji = request.form.get("emoji", "")
    return _do(lambda actor, post: marks.unreact(actor, post, emoji), post_id)


@bp.post("/posts/<int:post_id>/boost")
def boost(post_id: int) -> ResponseReturnValue:
    """Pass the post on."""
    return _do(boosts.boost, post_id)


@bp.post("/posts/<int:post_id>/boost/remove")
def unboost(post_id: int) -> ResponseReturnValue:
    """Take the boost back."""
    return _do(boosts.unboost, post_id)


@bp.post("/posts/<int:post_id>/bookmark")
def bookmark(post_id: int) -> ResponseReturnValue:
    """Save the post for later."""
    return _do(marks.bookmark, post_id)


@bp.post("/posts/<int:post_id>/bookmark/remove")
def unbookmark(post_id: int) -> ResponseReturnValue:
    """Save it no longer."""
    return _do(marks.unbookmark, post_id)


@bp.post("/posts/<int:post_id>/mute")
def mute_thread(post_id: int) -> ResponseReturnValue:
    """Hear no more of the post's thread."""
    return _hear(marks.mute_thread, post_id)


@bp.post("/posts/<int:post_id>/mute/remove")
def unmute_thread(post_id: int) -> ResponseReturnValue:
    """Hear of it again."""
    return _hear(marks.unmute_thread, post_id)


@bp.post("/posts/<int:post_id>/follow")
def follow_thread(post_id: int) -> ResponseReturnValue:
    """Hear every reply in the post's thread."""
    return _hear(marks.follow_thread, post_id)


@bp.post("/posts/<int:post_id>/follow/remove")
def unfollow_thread(post_id: int) -> ResponseReturnValue:
    """Hear of it as before."""
    return _hear(marks.unfollow_thread, post_id)


@bp.post("/posts/<int:post_id>/pin/away")
def put_pin_away(post_id: int) -> ResponseReturnValue:
    """Hold the pinned post no longer at the viewer's own top."""
    return _do(put_away.put_away, post_id)


@bp.post("/posts/<int:post_id>/pin/away/remove")
def bring_pin_back(post_id: int) -> ResponseReturnValue:
    """Hold it there again."""
    return _do(put_away.bring_back, post_id)


@bp.post("/posts/<int:post_id>/pin")
def pin(post_id: int) -> ResponseReturnValue:
    """Hold the post at the top of its group or page."""
    return _do(pins.pin, post_id)


@bp.post("/posts/<int:post_id>/pin/remove")
def unpin(post_id: int) -> ResponseReturnValue:
    """Let it go down with the others."""
    return _do(pins.unpin, post_id)


@bp.post("/posts/<int:post_id>/profile-pin")
def pin_to_profile(post_id: int) -> ResponseReturnValue:
    """Hold an own post at the top of the viewer's profile."""
    return _do(profile_pins.pin, post_id)


@bp.post("/posts/<int:post_id>/profile-pin/remove")
def unpin_from_profile(post_id: int) -> ResponseReturnValue:
    """Let it go down with the others."""
    return _do(profile_pins.unpin, post_id)


@bp.post("/posts/<int:post_id>/public")
def make_public(post_id: int) -> ResponseReturnValue:
    """Let anybody read a public page's post, without signing in."""
    return _do(publicity.make_public, post_id)


@bp.post("/posts/<int:post_id>/public/remove")
def make_internal(post_id: int) -> ResponseReturnValue:
    """Keep it for colleagues."""
    return _do(publicity.make_internal, post_id)
