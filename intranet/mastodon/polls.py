"""Polls: https://docs.joinmastodon.org/methods/polls/"""

from __future__ import annotations

from flask import Response

from intranet.mastodon.answers import answer
from intranet.mastodon.blueprint import bp
from intranet.mastodon.entities.polls import poll
from intranet.mastodon.errors import refusal
from intranet.mastodon.identity import viewer
from intranet.mastodon.parameters import Ids, Parameters, read
from intranet.mastodon.requirements import scope
from intranet.polls.actions import AlreadyVoted
from intranet.posts import polling, queries
from intranet.unit_of_work import unit_of_work


class Vote(Parameters):
    """The answers that are chosen, by their places from 0 on."""

    choices: Ids = ()


@bp.get("/api/v1/polls/<int:poll_id>")
@scope("read:statuses")
def show_poll(poll_id: int) -> Response:
    """A poll; its id is that of its post."""
    return answer(poll(polling.view(viewer(), poll_id)))


@bp.post("/api/v1/polls/<int:poll_id>/votes")
@scope("write:statuses")
def vote(poll_id: int) -> Response:
    """Vote, once; the answer is the poll."""
    found = polling.view(viewer(), poll_id)  # who may not know of it hears nothing of its rules
    sent = read(Vote)
    try:
        with unit_of_work():
            post = queries.get_visible_original(viewer(), found.id)
            polling.vote(viewer(), post, sent.choices)
    except AlreadyVoted as error:
        # Clients compare this sentence, so it is said in no other language.
        return refusal(422, error.message, error_description=error.message)
    return answer(poll(polling.view(viewer(), found.id)))
