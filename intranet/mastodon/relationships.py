"""Who follows whom. https://docs.joinmastodon.org/methods/accounts/#follow"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask import Response

from intranet.accounts import queries as accounts
from intranet.accounts.chips import AccountChip
from intranet.accounts.models import Account
from intranet.groups.standing import standings
from intranet.kernel.pagination import Cursor, Page
from intranet.mastodon import groups
from intranet.mastodon.answers import answer, linked
from intranet.mastodon.blueprint import bp
from intranet.mastodon.entities.accounts import accounts as drawn
from intranet.mastodon.entities.groups import group_relationship
from intranet.mastodon.identity import viewer
from intranet.mastodon.parameters import Ids, Paging, Parameters, read
from intranet.mastodon.requirements import scope
from intranet.relationships import actions, queries
from intranet.unit_of_work import unit_of_work

_MOST = 80


class Several(Parameters):
    """Accounts by number."""

    id: Ids = ()


@bp.get("/api/v1/accounts/relationships")
@scope("read:follows")
def relationships() -> Response:
    """How the caller and each of these accounts stand to one another."""
    return answer(_relationships(dict.fromkeys(read(Several).id[:_MOST])))


def _relationships(ids: Iterable[int]) -> list[dict[str, Any]]:
    """https://docs.joinmastodon.org/entities/Relationship/ , of people and groups, in order."""
    asked = tuple(ids)
    wanted = accounts.known_to(viewer(), asked)
    found = {one["id"]: one for one in _of_people(wanted)}
    strangers = [id_ for id_ in asked if id_ not in wanted]
    found |= {str(one.chip.id): group_relationship(one) for one in standings(viewer(), strangers)}
    return [found[str(id_)] for id_ in asked if str(id_) in found]


def _of_people(wanted: list[int]) -> list[dict[str, Any]]:
    following = queries.follows_among(viewer(), wanted)
    followers = queries.followers_among(viewer(), wanted)
    return [
        {
            "id": str(id_),
            "following": id_ in following,
            "showing_reblogs": id_ in following,
            "notifying": False,
            "languages": None,
            "followed_by": id_ in followers,
            "blocking": False,
            "blocked_by": False,
            "muting": False,
            "muting_notifications": False,
            "muting_expires_at": None,
            "requested": False,
            "requested_by": False,
            "domain_blocking": False,
            "endorsed": False,
            "note": "",
        }
        for id_ in wanted
    ]


@bp.post("/api/v1/accounts/<int:account_id>/follow")
@scope("write:follows")
def follow(account_id: int) -> Response:
    """Follow somebody; of a group, join it or ask to."""
    if groups.find(account_id) is not None:
        return groups.join(account_id)
    return _do(actions.follow, account_id)


@bp.post("/api/v1/accounts/<int:account_id>/unfollow")
@scope("write:follows")
def unfollow(account_id: int) -> Response:
    """Follow them no longer; of a group, leave it or take the request back."""
    if groups.find(account_id) is not None:
        return groups.leave(account_id)
    return _do(actions.unfollow, account_id)


def _do(act: Callable[[Account, Account], None], account_id: int) -> Response:
    with unit_of_work():
        act(viewer(), accounts.get_visible_by_id(viewer(), account_id))
    return answer(_relationships([account_id])[0])


@bp.get("/api/v1/accounts/<int:account_id>/followers")
@scope("read:accounts")
def followers(account_id: int) -> Response:
    """Who follows the account, or belongs to the group, the newest first; the ids of the links are
    of follows and memberships."""
    return _listed(queries.list_followers, account_id)


@bp.get("/api/v1/accounts/<int:account_id>/following")
@scope("read:accounts")
def following(account_id: int) -> Response:
    """Whom the account follows, the newest first; the ids of the links are of follows."""
    return _listed(queries.list_following, account_id)


def _listed(
    find: Callable[[Account, Account, Cursor], Page[AccountChip]], account_id: int
) -> Response:
    sent = read(Paging)
    if groups.find(account_id) is not None:
        if find is queries.list_following:
            return answer([])
        return groups.members(account_id, Cursor(before=sent.max_id, limit=sent.size(40, 80)))
    found = accounts.get_visible_by_id(viewer(), account_id)
    page = find(viewer(), found, Cursor(before=sent.max_id, limit=sent.size(40, 80)))
    return linked(answer(drawn(viewer(), page.items)), older=page.next_before, newer=None)
