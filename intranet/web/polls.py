"""Voting in the poll of a post, and who voted."""

from __future__ import annotations

import re

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intranet.posts import polling, queries
from intranet.unit_of_work import unit_of_work
from intranet.web.gate import safe_next
from intranet.web.identity import viewer
from intranet.web.posts import bp as posts
from intranet.web.posts import draw_card
from intranet.web.wants import wants_fragment

bp: Blueprint = posts
_MOST_CHOICES = 100


@bp.post("/posts/<int:post_id>/votes")
def vote(post_id: int) -> ResponseReturnValue:
    """Vote for the answers of the form, once; then the card, or the page again."""
    sent = request.form.getlist("choice")[:_MOST_CHOICES]
    # What is no number names no answer, like a number that is too large.
    choices = [int(one) if re.fullmatch("[0-9]{1,9}", one) else -1 for one in sent]
    found = polling.view(viewer(), post_id)
    with unit_of_work():
        polling.vote(viewer(), queries.get_visible_original(viewer(), found.id), choices)
    if wants_fragment():
        return draw_card(post_id)
    onwards = request.form.get("next")
    here = safe_next(onwards) if onwards else url_for("posts.show", post_id=post_id)
    return redirect(f"{here.partition('#')[0]}#post-{post_id}", 303)


@bp.get("/posts/<int:post_id>/votes")
def votes(post_id: int) -> ResponseReturnValue:
    """Who voted for what, where that is no secret."""
    post = queries.card(viewer(), post_id)
    return render_template("posts/votes.html", post=post, voters=polling.voters(viewer(), post_id))
