"""Who follows whom, and who keeps whom at a distance.

https://docs.joinmastodon.org/methods/accounts/#follow
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Annotated, Any

from flask import Response
from pydantic import BeforeValidator, Field

from intranet.accounts import queries as accounts
from intranet.accounts.chips import AccountChip
from intranet.accounts.models import Account
from intranet.groups.standing import standings
from intranet.kernel.errors import NotFound
from intranet.kernel.pagination import Cursor, Page
from intranet.mastodon import groups
from intranet.mastodon.answers import answer, linked, moment
from intranet.mastodon.blueprint import bp
from intranet.mastodon.entities.accounts import accounts as drawn
from intranet.mastodon.entities.accounts import accounts_by_id
from intranet.mastodon.entities.groups import group_relationship
from intranet.mastodon.identity import viewer
from intranet.mastodon.parameters import Flag, Ids, MaybeText, Paging, Parameters, Texts, read
from intranet.mastodon.requirements import scope
from intranet.relationships import actions, distance, queries
from intranet.relationships.actions import FollowWishes
from intranet.unit_of_work import unit_of_work

_MOST = 80
Act = Callable[[Account, Account], None]


class Several(Parameters):
    """Accounts by number."""

    id: Ids = ()


class Wishes(Parameters):
    """What a follower wants: boosts too, word of each new post, some languages only."""

    reblogs: Flag = None
    notify: Flag = None
    languages: Texts | None = None


def _seconds(value: Any) -> Any:
    return 0 if value in ("", None, "None", "null") else value


class MuteFor(Parameters):
    """For how many seconds (0: until it is taken back), and whether notifications too."""

    duration: Annotated[int, BeforeValidator(_seconds), Field(ge=0, le=10**12)] = 0
    notifications: Flag = None


class Comment(Parameters):
    """The text of a private note; an empty one takes it away."""

    comment: MaybeText = None


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
    found = queries.relations(viewer(), wanted)
    return [_relationship(id_, found[id_]) for id_ in wanted]


def _relationship(id_: int, one: queries.Relation) -> dict[str, Any]:
    follow, mute = one.follow, one.mute
    return {
        "id": str(id_),
        "following": follow is not None,
        "showing_reblogs": follow is not None and follow.boosts,
        "notifying": follow is not None and follow.notify,
        "languages": list(follow.languages) if follow and follow.languages else None,
        "followed_by": one.followed_by,
        "blocking": one.blocking,
        "blocked_by": one.blocked_by,
        "muting": mute is not None,
        "muting_notifications": mute is not None and mute.notifications,
        "muting_expires_at": moment(mute.ends) if mute else None,
        "requested": False,
        "requested_by": False,
        "domain_blocking": False,
        "endorsed": False,
        "note": one.note,
    }


@bp.post("/api/v1/accounts/<int:account_id>/follow")
@scope("write:follows")
def follow(account_id: int) -> Response:
    """Follow somebody, or change what is wanted of them; of a group, join it or ask to."""
    if groups.find(account_id) is not None:
        return groups.join(account_id)
    sent = read(Wishes)
    wishes = FollowWishes(sent.reblogs, sent.notify, sent.languages)
    return _do(lambda actor, account: actions.follow(actor, account, wishes), account_id)


@bp.post("/api/v1/accounts/<int:account_id>/unfollow")
@scope("write:follows")
def unfollow(account_id: int) -> Response:
    """Follow them no longer; of a group, leave it or take the request back."""
    if groups.find(account_id) is not None:
        return groups.leave(account_id)
    return _do(actions.unfollow, account_id)


@bp.post("/api/v1/accounts/<int:account_id>/remove_from_followers")
@scope("write:follows")
def remove_from_followers(account_id: int) -> Response:
    """They follow the caller no longer."""
    return _do(distance.remove_follower, account_id)


@bp.post("/api/v1/accounts/<int:account_id>/block")
@scope("write:blocks")
def block(account_id: int) -> Response:
    """Keep the two apart; not possible with official pages."""
    return _do(distance.block, account_id)


@bp.post("/api/v1/accounts/<int:account_id>/unblock")
@scope("write:blocks")
def unblock(account_id: int) -> Response:
    """Take the caller's block back."""
    return _do(distance.unblock, account_id)


@bp.post("/api/v1/accounts/<int:account_id>/mute")
@scope("write:mutes")
def mute(account_id: int) -> Response:
    """Read less of them for a time; `notifications` are kept away too unless it says no."""
    sent = read(MuteFor)

    def act(actor: Account, account: Account) -> None:
        quiet = sent.notifications is not False
        distance.mute(actor, account, seconds=sent.duration, notifications=quiet)

    return _do(act, account_id)


@bp.post("/api/v1/accounts/<int:account_id>/unmute")
@scope("write:mutes")
def unmute(account_id: int) -> Response:
    """Read them again."""
    return _do(distance.unmute, account_id)


@bp.post("/api/v1/accounts/<int:account_id>/note")
@scope("write:accounts")
def note(account_id: int) -> Response:
    """Write down something about them that nobody else reads."""
    text = read(Comment).comment or ""
    return _do(lambda actor, account: distance.note(actor, account, text), account_id)


def _do(act: Act, account_id: int) -> Response:
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
    if groups.find(account_id) is not None:
        if find is queries.list_following:
            return answer([])
        return groups.members(account_id, _cursor())
    found = accounts.get_visible_by_id(viewer(), account_id)
    page = find(viewer(), found, _cursor())
    return linked(answer(drawn(viewer(), page.items)), older=page.next_before, newer=page.newest)


def _cursor() -> Cursor:
    return read(Paging).cursor(40, 80)


@bp.get("/api/v1/blocks")
@scope("read:blocks")
def blocks() -> Response:
    """Whom the caller blocks, the last first; the ids of the links are of blocks."""
    page = queries.list_blocked(viewer(), _cursor())
    return linked(answer(drawn(viewer(), page.items)), older=page.next_before, newer=page.newest)


@bp.get("/api/v1/mutes")
@scope("read:mutes")
def mutes() -> Response:
    """Whom the caller has muted, the last first, with when that ends; the ids of the links are of
    mutes."""
    page = queries.list_muted(viewer(), _cursor())
    found = queries.relations(viewer(), [chip.id for chip in page.items])
    listed = []
    for chip, entity in zip(page.items, drawn(viewer(), page.items), strict=True):
        quiet = found[chip.id].mute
        listed.append(entity | {"mute_expires_at": moment(quiet.ends) if quiet else None})
    return linked(answer(listed), older=page.next_before, newer=page.newest)


@bp.get("/api/v1/accounts/familiar_followers")
@scope("read:follows")
def familiar_followers() -> Response:
    """Of each account's followers those whom the caller follows."""
    wanted = accounts.known_to(viewer(), tuple(dict.fromkeys(read(Several).id[:_MOST])))
    found = queries.familiar_followers(viewer(), wanted)
    entities = accounts_by_id(viewer(), [chip for chips in found.values() for chip in chips])
    return answer(
        [{"id": str(id_), "accounts": [entities[chip.id] for chip in found[id_]]} for id_ in wanted]
    )


@bp.get("/api/v1/follow_requests")
@scope("read:follows")
def follow_requests() -> Response:
    """Nobody has to ask here before they follow."""
    return answer([])


@bp.post("/api/v1/follow_requests/<int:account_id>/authorize")
@scope("write:follows")
def authorize_follow_request(account_id: int) -> Response:
    """There is no request."""
    raise NotFound


@bp.post("/api/v1/follow_requests/<int:account_id>/reject")
@scope("write:follows")
def reject_follow_request(account_id: int) -> Response:
    """There is no request."""
    raise NotFound


@bp.get("/api/v1/endorsements")
@scope("read:accounts")
def endorsements() -> Response:
    """Nobody is shown on somebody else's profile here."""
    return answer([])


@bp.get("/api/v1/domain_blocks")
@scope("read:blocks")
def domain_blocks() -> Response:
    """There is one server only, so nobody keeps another away."""
    return answer([])
