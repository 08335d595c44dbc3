"""Announcements. https://docs.joinmastodon.org/methods/announcements/

To dismiss one is to have seen it. To confirm one takes its own page: no button of a program that
means something else may do it."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response
from flask_babel import get_locale

from intranet.accounts.models import Account
from intranet.announcements import queries, reading
from intranet.announcements.standing import get_standing, list_standing
from intranet.kernel.errors import Invalid
from intranet.kernel.messages import N_
from intranet.mastodon.answers import answer
from intranet.mastodon.blueprint import bp
from intranet.mastodon.entities.announcements import address_of, announcements
from intranet.mastodon.identity import viewer
from intranet.mastodon.parameters import Flag, Parameters, read
from intranet.mastodon.requirements import scope
from intranet.posts import marks
from intranet.posts import queries as posts
from intranet.posts.models import Post
from intranet.unit_of_work import unit_of_work

# What somebody might take for a confirmation, with and without the sign that asks for colour.
_TICKS = {"✅", "☑", "✔"}
_VARIANT = "\ufe0f"


class Which(Parameters):
    """Whether also those that were seen."""

    with_dismissed: Flag = None


def _language() -> str:
    return viewer().locale or str(get_locale())


@bp.get("/api/v1/announcements")
@scope("read:accounts", "read:statuses", "read:notifications")
def list_announcements() -> Response:
    """What is announced to the caller and not seen yet, or still to be confirmed; all that stands
    with `with_dismissed`."""
    with_read = bool(read(Which).with_dismissed)
    found = list_standing(viewer(), _language(), with_read=with_read)
    return answer(announcements(viewer(), found))


@bp.post("/api/v1/announcements/<int:announcement_id>/dismiss")
@scope("write:accounts")
def dismiss_announcement(announcement_id: int) -> Response:
    """The caller has seen it. It confirms nothing: what has to be confirmed stays until it is."""
    with unit_of_work():
        standing = get_standing(viewer(), announcement_id, _language())
        found = queries.get_visible(viewer(), standing.id, lock=True)
        reading.mark_read(viewer(), found)
    return answer({})


@bp.put("/api/v1/announcements/<int:announcement_id>/reactions/<name>")
@scope("write:favourites")
def add_announcement_reaction(announcement_id: int, name: str) -> Response:
    """Give an emoji to an announcement that takes questions."""
    return _react(marks.react, announcement_id, name)


@bp.delete("/api/v1/announcements/<int:announcement_id>/reactions/<name>")
@scope("write:favourites")
def remove_announcement_reaction(announcement_id: int, name: str) -> Response:
    """Take it back."""
    return _react(marks.unreact, announcement_id, name)


def _react(act: Callable[[Account, Post, str], None], announcement_id: int, name: str) -> Response:
    with unit_of_work():
        found = get_standing(viewer(), announcement_id, _language())
        if found.requires_acknowledgement and name.replace(_VARIANT, "") in _TICKS:
            message = N_("A reaction confirms nothing. Read and confirm it at %(address)s.")
            address = address_of(found)
            raise Invalid(message, fields={"name": message}, address=address)
        if found.post_id is None:
            raise Invalid(N_("This announcement takes no reactions."))
        act(viewer(), posts.get_visible_original(viewer(), found.post_id, lock=True), name)
    return answer({})
