"""What the organisation talks about. https://docs.joinmastodon.org/methods/trends/"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import urlsplit

from flask import Response
from pydantic import BeforeValidator, Field

from intranet.mastodon.answers import answer
from intranet.mastodon.blueprint import bp
from intranet.mastodon.entities.content import tag_url
from intranet.mastodon.entities.preview_cards import preview_card
from intranet.mastodon.entities.statuses import statuses
from intranet.mastodon.identity import viewer
from intranet.mastodon.parameters import Paging, read
from intranet.mastodon.requirements import scope
from intranet.posts.queries import cards
from intranet.tags.queries import followed_among
from intranet.trends import queries
from intranet.trends.queries import Day, Trending


class Section(Paging):
    """A part of the list."""

    offset: Annotated[int, BeforeValidator(lambda value: value or 0), Field(ge=0, le=10_000)] = 0


@bp.get("/api/v1/trends")
@scope("read:statuses")
def trends() -> Response:
    """The hashtags, as older programs ask."""
    return trending_tags()


@bp.get("/api/v1/trends/tags")
@scope("read:statuses")
def trending_tags() -> Response:
    """Hashtags that several people use, with the last seven days."""
    sent = read(Section)
    found = queries.tags(viewer(), sent.offset, sent.size(10, 20))
    followed = followed_among(viewer(), [one.subject for one in found])
    return answer([_tag(one, one.subject in followed) for one in found])


@bp.get("/api/v1/trends/statuses")
@scope("read:statuses")
def trending_statuses() -> Response:
    """Posts for everybody that people answer, pass on and react to."""
    sent = read(Section)
    ids = queries.post_ids(viewer(), sent.offset, sent.size(20, 40))
    return answer(statuses(viewer(), cards(viewer(), ids, latest=False)))


@bp.get("/api/v1/trends/links")
@scope("read:statuses")
def trending_links() -> Response:
    """Addresses that several people have posted to everybody."""
    sent = read(Section)
    found = queries.links(viewer(), sent.offset, sent.size(10, 20))
    return answer([_link(one) for one in found])


def _tag(one: Trending, following: bool) -> dict[str, Any]:
    """https://docs.joinmastodon.org/entities/Tag/"""
    return {
        "name": one.subject,
        "url": tag_url(one.subject),
        "history": _history(one.history),
        "following": following,
    }


def _link(one: Trending) -> dict[str, Any]:
    """https://docs.joinmastodon.org/entities/PreviewCard/#trends-link"""
    return preview_card(
        url=one.subject,
        title=one.title,
        provider_name=urlsplit(one.subject).netloc,
        history=_history(one.history),
    )


def _history(days: Sequence[Day]) -> list[dict[str, str]]:
    return [
        {
            "day": str(int(dt.datetime.combine(one.day, dt.time(), dt.UTC).timestamp())),
            "uses": str(one.uses),
            "accounts": str(one.accounts),
        }
        for one in days
    ]
