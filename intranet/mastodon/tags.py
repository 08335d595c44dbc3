"""Hashtags: followed, shown on a profile. https://docs.joinmastodon.org/methods/tags/"""

from __future__ import annotations

from typing import Any

from flask import Response

from intranet.accounts import queries as accounts
from intranet.kernel.errors import Invalid, NotFound
from intranet.mastodon.answers import answer, linked
from intranet.mastodon.blueprint import bp
from intranet.mastodon.entities.tags import featured_tag, tag, tags
from intranet.mastodon.identity import viewer
from intranet.mastodon.parameters import MaybeText, Paging, Parameters, read
from intranet.mastodon.requirements import scope
from intranet.tags import actions, queries
from intranet.unit_of_work import unit_of_work


class Name(Parameters):
    """The name of a hashtag."""

    name: MaybeText = None


def _canonical(name: str) -> str:
    """The canonical name; NotFound for what cannot be a hashtag."""
    try:
        return actions.canonical(name)
    except Invalid:
        raise NotFound from None


@bp.get("/api/v1/followed_tags")
@scope("read:follows")
def followed_tags() -> Response:
    """The hashtags that the caller follows, the last first; the ids of the links are of follows."""
    page = queries.list_followed(viewer(), read(Paging).cursor(80, 80))
    drawn = tags(viewer(), [one.name for one in page.items])
    return linked(answer(drawn), older=page.next_before, newer=page.newest)


@bp.get("/api/v1/tags/<name>")
@scope("read:follows", "read:statuses")
def show_tag(name: str) -> Response:
    """A hashtag, and how it was used in the last days as far as the caller may read that. One that
    was never used looks like one used elsewhere."""
    return answer(tag(viewer(), _canonical(name)))


@bp.post("/api/v1/tags/<name>/follow")
@scope("write:follows")
def follow_tag(name: str) -> Response:
    """What is for everybody and carries it comes to the caller's home."""
    canonical = _canonical(name)
    with unit_of_work():
        actions.follow(viewer(), name)
    return answer(tag(viewer(), canonical))


@bp.post("/api/v1/tags/<name>/unfollow")
@scope("write:follows")
def unfollow_tag(name: str) -> Response:
    """No longer."""
    canonical = _canonical(name)
    with unit_of_work():
        actions.unfollow(viewer(), name)
    return answer(tag(viewer(), canonical))


@bp.post("/api/v1/tags/<name>/feature")
@scope("write:accounts")
def feature_tag(name: str) -> Response:
    """Show it on the caller's profile."""
    canonical = _canonical(name)
    with unit_of_work():
        actions.feature(viewer(), name)
    return answer(tag(viewer(), canonical))


@bp.post("/api/v1/tags/<name>/unfeature")
@scope("write:accounts")
def unfeature_tag(name: str) -> Response:
    """Show it there no longer."""
    canonical = _canonical(name)
    with unit_of_work():
        for one in queries.featured_of(viewer(), viewer().id):
            if one.name == canonical:
                actions.unfeature(viewer(), one.id)
    return answer(tag(viewer(), canonical))


@bp.get("/api/v1/featured_tags")
@scope("read:accounts")
def featured_tags() -> Response:
    """The hashtags on the caller's profile."""
    return answer(_featured_by(viewer().id))


@bp.get("/api/v1/accounts/<int:account_id>/featured_tags")
@scope("read:accounts")
def featured_tags_of_account(account_id: int) -> Response:
    """The hashtags on somebody's profile."""
    found = accounts.get_visible_by_id(viewer(), account_id)
    return answer(_featured_by(found.id))


def _featured_by(account_id: int) -> list[dict[str, Any]]:
    return [featured_tag(one) for one in queries.featured_of(viewer(), account_id)]


@bp.post("/api/v1/featured_tags")
@scope("write:accounts")
def create_featured_tag() -> Response:
    """Show a hashtag on the caller's profile."""
    name = read(Name).name or ""
    with unit_of_work():
        made = actions.feature(viewer(), name)
    mine = queries.featured_of(viewer(), viewer().id)
    return answer(next(featured_tag(one) for one in mine if one.id == made))


@bp.delete("/api/v1/featured_tags/<int:featured_id>")
@scope("write:accounts")
def delete_featured_tag(featured_id: int) -> Response:
    """Show it there no longer."""
    with unit_of_work():
        actions.unfeature(viewer(), featured_id)
    return answer({})


@bp.get("/api/v1/featured_tags/suggestions")
@scope("read:accounts")
def featured_tag_suggestions() -> Response:
    """What the caller writes most and does not show yet."""
    names = [one.name for one in queries.featured_suggestions(viewer())]
    return answer(tags(viewer(), names))
