"""Whom to follow, and everybody there is.

https://docs.joinmastodon.org/methods/suggestions/ and /methods/directory/
"""

from __future__ import annotations

from typing import Annotated

from flask import Response
from pydantic import BeforeValidator, Field

from intranet.accounts import directory as people
from intranet.mastodon.answers import answer
from intranet.mastodon.blueprint import bp
from intranet.mastodon.entities.accounts import accounts as drawn
from intranet.mastodon.identity import viewer
from intranet.mastodon.parameters import Flag, MaybeText, Paging, read
from intranet.mastodon.requirements import scope
from intranet.mastodon.search import offset_of
from intranet.relationships import distance
from intranet.relationships.suggestions import Reason, suggestions
from intranet.unit_of_work import unit_of_work

# Mastodon's words for why: (the old one, the new one). A place in the company is what the
# organisation itself says about two people.
_SOURCES = {
    Reason.TEAM: ("staff", "featured"),
    Reason.DEPARTMENT: ("staff", "featured"),
    Reason.SITE: ("staff", "featured"),
    Reason.FRIENDS: ("past_interactions", "friends_of_friends"),
    Reason.GROUPS: ("past_interactions", "similar_to_recently_followed"),
}


class Directory(Paging):
    """Which page of the directory, and in which order. Everybody here is local."""

    order: MaybeText = None
    local: Flag = None
    offset: Annotated[int, BeforeValidator(offset_of), Field(ge=0, le=100_000)] = 0


@bp.get("/api/v2/suggestions")
@scope("read:accounts")
def suggestions_with_reasons() -> Response:
    """Colleagues whom the caller may want to follow, with the reasons."""
    found = suggestions(viewer(), read(Paging).size(20, 80))
    entities = drawn(viewer(), [one.chip for one in found])
    return answer(
        [
            {
                "source": _SOURCES[one.reasons[0][0]][0],
                "sources": list(dict.fromkeys(_SOURCES[reason][1] for reason, _n in one.reasons)),
                "account": entity,
            }
            for one, entity in zip(found, entities, strict=True)
        ]
    )


@bp.get("/api/v1/suggestions")
@scope("read:accounts")
def suggested_accounts() -> Response:
    """The same without the reasons."""
    found = suggestions(viewer(), read(Paging).size(20, 80))
    return answer(drawn(viewer(), [one.chip for one in found]))


@bp.delete("/api/v1/suggestions/<int:account_id>")
@scope("write:accounts")
def dismiss_suggestion(account_id: int) -> Response:
    """Do not propose this account again; whether it exists is not told."""
    with unit_of_work():
        distance.dismiss_suggestion(viewer(), account_id)
    return answer({})


@bp.get("/api/v1/directory")
@scope("read:accounts")
def directory() -> Response:
    """Everybody whom the caller may see: those who last posted first, or with `order=new` those
    who came last."""
    sent = read(Directory)
    newest = sent.order == "new"
    chips = people.list_everybody(
        viewer(), newest_first=newest, offset=sent.offset, limit=sent.size(40, 80)
    )
    return answer(drawn(viewer(), chips))
