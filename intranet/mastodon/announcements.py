"""Announcements. https://docs.joinmastodon.org/methods/announcements/

To dismiss one is to have seen it. To confirm one takes its own page: no button of a program that
means something else may do it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Response
from flask_babel import force_locale, get_locale, gettext
from markupsafe import Markup, escape

from intranet.accounts.mentions import by_handle
from intranet.accounts.models import Account
from intranet.announcements import queries, reading
from intranet.announcements.standing import Standing, get_standing, list_standing
from intranet.kernel.errors import Invalid
from intranet.kernel.messages import N_
from intranet.kernel.text import hashtags, mentioned_handles
from intranet.mastodon.answers import absolute, answer, moment
from intranet.mastodon.blueprint import bp
from intranet.mastodon.entities.accounts import profile_url
from intranet.mastodon.entities.content import content_of, tag_url
from intranet.mastodon.identity import viewer
from intranet.mastodon.parameters import Flag, Parameters, read
from intranet.mastodon.requirements import scope
from intranet.posts import marks
from intranet.posts import queries as posts
from intranet.posts.cards import ReactionCount
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
    reactions = _reactions(viewer(), found)
    people = _mentioned(viewer(), found)
    return answer([_entity(one, reactions.get(one.post_id or 0, ()), people) for one in found])


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
            address = _address(found)
            raise Invalid(message, fields={"name": message}, address=address)
        if found.post_id is None:
            raise Invalid(N_("This announcement takes no reactions."))
        act(viewer(), posts.get_visible_original(viewer(), found.post_id, lock=True), name)
    return answer({})


def _reactions(me: Account, found: Sequence[Standing]) -> dict[int, Sequence[ReactionCount]]:
    ids = [one.post_id for one in found if one.post_id is not None]
    return {card.id: card.reactions for card in posts.cards(me, ids, latest=False)}


def _mentioned(me: Account, found: Sequence[Standing]) -> dict[str, dict[str, Any]]:
    """Those named in the texts whom the caller may see, by handle: one statement."""
    handles = {handle for one in found for handle in mentioned_handles(one.source)}
    return {
        chip.handle: {
            "id": str(chip.id),
            "username": chip.handle,
            "acct": chip.handle,
            "url": profile_url(chip.handle),
        }
        for chip in by_handle(me, handles)
    }


def _address(one: Standing) -> str:
    return absolute(f"/announcements/{one.id}")


def _entity(
    one: Standing, reactions: Sequence[ReactionCount], people: Mapping[str, dict[str, Any]]
) -> dict[str, Any]:
    """https://docs.joinmastodon.org/entities/Announcement/"""
    return {
        "id": str(one.id),
        "content": _content(one),
        "starts_at": None,
        "ends_at": moment(one.expires_at),
        "all_day": False,
        "published": True,
        "published_at": moment(one.published_at),
        "updated_at": moment(one.changed_at),
        "read": one.read,
        "mentions": [
            people[handle]
            for handle in dict.fromkeys(mentioned_handles(one.source))
            if handle in people
        ],
        "statuses": [],
        "tags": [
            {"name": name, "url": tag_url(name)}
            for name in dict.fromkeys(tag.name for tag in hashtags(one.source))
        ],
        "emojis": [],
        "reactions": [
            {"name": given.emoji, "count": given.count, "me": given.mine} for given in reactions
        ],
    }


def _content(one: Standing) -> str:
    """Title, text and facts, then the way to the page: to confirm it, or to read it there."""
    with force_locale(one.language):
        words = gettext("Read and confirm") if one.to_confirm else gettext("Open the announcement")
    parts = [Markup("<p><strong>%s</strong><br />%s</p>") % (one.title, one.voice_name)]
    said = content_of(one.html)
    facts = [Markup("<p>%s: <strong>%s</strong></p>") % (name, value) for value, name in one.facts]
    way = Markup('<p><a href="%s" rel="nofollow noopener" target="_blank">%s</a></p>')
    link = way % (escape(_address(one)), words)
    return "".join([*map(str, parts), said, *map(str, facts), str(link)])
