"""Proposals for "@ann" while a post is being written."""

from __future__ import annotations

from flask import Blueprint, jsonify, request, url_for
from flask.typing import ResponseReturnValue

from intranet.accounts.chips import AccountChip
from intranet.groups import queries as groups
from intranet.kernel.errors import NotFound
from intranet.kernel.pagination import Cursor
from intranet.posts import mentionable, queries
from intranet.posts.models import Visibility
from intranet.web.identity import viewer

bp = Blueprint("mentions", __name__)


@bp.get("/mentions")
def find() -> ResponseReturnValue:
    """A JSON list of people whose name or handle begins with `q` and who will be able to see a post
    for `audience`: organisation, followers, group:SLUG or post:ID (a reply). With `people=1`
    neither pages nor programs: those whom a post can praise."""
    people = _people(request.args.get("audience", ""), request.args.get("q", ""))
    response = jsonify([_written(person) for person in people])
    response.headers["Cache-Control"] = "no-store"
    return response


def _people(audience: str, typed: str) -> list[AccountChip]:
    kind, _colon, subject = audience.partition(":")
    only = request.args.get("people") == "1"
    if kind == "post":
        post_id = Cursor.parse(subject).before
        if post_id is None:
            raise NotFound()
        return mentionable.for_reply(viewer(), queries.get_visible(viewer(), post_id), typed)
    if kind == "group":
        group = groups.get_visible(viewer(), subject)
        return mentionable.for_new_post(viewer(), Visibility.GROUP, group, typed, only_people=only)
    visibility = Visibility.FOLLOWERS if kind == Visibility.FOLLOWERS else Visibility.ORGANISATION
    return mentionable.for_new_post(viewer(), visibility, None, typed, only_people=only)


def _written(person: AccountChip) -> dict[str, object]:
    key = person.avatar_key
    return {
        "handle": person.handle,
        "name": person.display_name,
        "title": person.title,
        "is_guest": person.is_guest,
        "is_page": person.is_page,
        "initials": person.initials,
        "hue": person.hue,
        "avatar": url_for("media.avatar", key=key, size="small") if key else None,
    }
