"""Who may notify the caller, and what was held aside.

https://docs.joinmastodon.org/methods/notifications/#get-policy"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from flask import Response
from pydantic import BeforeValidator

from intranet.accounts import queries as accounts
from intranet.inbox import signals
from intranet.inbox.signals import KINDS, Held
from intranet.kernel.errors import Invalid, NotFound
from intranet.kernel.messages import N_
from intranet.kernel.pagination import Cursor
from intranet.mastodon.answers import answer, linked, moment
from intranet.mastodon.blueprint import bp
from intranet.mastodon.entities.accounts import accounts_by_id
from intranet.mastodon.entities.notifications import posts_of
from intranet.mastodon.identity import viewer
from intranet.mastodon.parameters import Flag, Ids, Paging, Parameters, read
from intranet.mastodon.requirements import scope
from intranet.notifications import actions, screening
from intranet.notifications.models import Welcome
from intranet.notifications.screening import Policy
from intranet.unit_of_work import unit_of_work

_MOST = 80
MaybeWelcome = Annotated[Welcome | None, BeforeValidator(lambda value: value or None)]
_OLD_NAMES = {
    "filter_not_following": "for_not_following",
    "filter_not_followers": "for_not_followers",
    "filter_new_accounts": "for_new_accounts",
    "filter_private_mentions": "for_private_mentions",
}


class NewPolicy(Parameters):
    """What changes: `accept`, `filter` or `drop` for each."""

    for_not_following: MaybeWelcome = None
    for_not_followers: MaybeWelcome = None
    for_new_accounts: MaybeWelcome = None
    for_private_mentions: MaybeWelcome = None
    for_limited_accounts: MaybeWelcome = None


class OldPolicy(Parameters):
    """The same with yes and no."""

    filter_not_following: Flag = None
    filter_not_followers: Flag = None
    filter_new_accounts: Flag = None
    filter_private_mentions: Flag = None


class Several(Parameters):
    """Requests by number, which is that of the account."""

    id: Ids = ()


@bp.get("/api/v2/notifications/policy")
@scope("read:notifications")
def show_policy() -> Response:
    """Whose notifications the caller hears of."""
    return answer(_policy())


@bp.patch("/api/v2/notifications/policy")
@scope("write:notifications")
def change_policy() -> Response:
    """Change what is sent of it."""
    sent = read(NewPolicy).model_dump(exclude_none=True)
    with unit_of_work():
        screening.set_policy(viewer(), replace(screening.policy_of(viewer()), **sent))
    return answer(_policy())


@bp.get("/api/v1/notifications/policy")
@scope("read:notifications")
def show_old_policy() -> Response:
    """The policy with yes and no."""
    return answer(_old_policy())


@bp.route("/api/v1/notifications/policy", methods=["PUT", "PATCH"])
@scope("write:notifications")
def change_old_policy() -> Response:
    """Change what is sent of it, with yes and no."""
    sent = read(OldPolicy).model_dump(exclude_none=True)
    chosen = {
        _OLD_NAMES[name]: Welcome.FILTER if held else Welcome.ACCEPT for name, held in sent.items()
    }
    with unit_of_work():
        screening.set_policy(viewer(), replace(screening.policy_of(viewer()), **chosen))
    return answer(_old_policy())


def _policy() -> dict[str, Any]:
    """https://docs.joinmastodon.org/entities/NotificationPolicy/"""
    policy: Policy = screening.policy_of(viewer())
    return {
        "for_not_following": policy.for_not_following,
        "for_not_followers": policy.for_not_followers,
        "for_new_accounts": policy.for_new_accounts,
        "for_private_mentions": policy.for_private_mentions,
        "for_limited_accounts": policy.for_limited_accounts,
        "summary": _summary(),
    }


def _old_policy() -> dict[str, Any]:
    policy = screening.policy_of(viewer())
    entity: dict[str, Any] = {
        old: getattr(policy, new) is not Welcome.ACCEPT for old, new in _OLD_NAMES.items()
    }
    return entity | {"summary": _summary()}


def _summary() -> dict[str, int]:
    people, rows = signals.count_held(viewer())
    return {"pending_requests_count": people, "pending_notifications_count": rows}


@bp.get("/api/v1/notifications/requests")
@scope("read:notifications")
def list_requests() -> Response:
    """Whose notifications are held aside; the ids of the links are of notifications."""
    sent = read(Paging)
    cursor = Cursor(
        before=sent.max_id, after=sent.min_id or sent.since_id, limit=sent.size(40, _MOST)
    )
    page = signals.list_held(viewer(), cursor)
    newest = page.items[0].last_id if page.items else None
    return linked(answer(_requests(list(page.items))), older=page.next_before, newer=newest)


@bp.get("/api/v1/notifications/requests/merged")
@scope("read:notifications")
def requests_merged() -> Response:
    """Whether what was accepted is in the list: always at once."""
    return answer({"merged": True})


@bp.get("/api/v1/notifications/requests/<int:account_id>")
@scope("read:notifications")
def show_request(account_id: int) -> Response:
    """What is held aside of one account."""
    return answer(_requests([_held(account_id)])[0])


@bp.post("/api/v1/notifications/requests/<int:account_id>/accept")
@scope("write:notifications")
def accept_request(account_id: int) -> Response:
    """Hear this account from now on, and of what it did."""
    with unit_of_work():
        screening.accept_from(viewer(), _held(account_id).actor.id)
    return answer({})


@bp.post("/api/v1/notifications/requests/<int:account_id>/dismiss")
@scope("write:notifications")
def dismiss_request(account_id: int) -> Response:
    """Remove what is held aside of this account."""
    with unit_of_work():
        actions.forget_own(viewer(), kinds=KINDS, held_of=_held(account_id).actor.id)
    return answer({})


@bp.post("/api/v1/notifications/requests/accept")
@scope("write:notifications")
def accept_requests() -> Response:
    """Several at once; those of nobody are passed over."""
    with unit_of_work():
        for account_id in _known(read(Several).id):
            screening.accept_from(viewer(), account_id)
    return answer({})


@bp.post("/api/v1/notifications/requests/dismiss")
@scope("write:notifications")
def dismiss_requests() -> Response:
    """Several at once; those of nobody are passed over."""
    with unit_of_work():
        for account_id in _known(read(Several).id):
            actions.forget_own(viewer(), kinds=KINDS, held_of=account_id)
    return answer({})


def _known(ids: tuple[int, ...]) -> list[int]:
    if len(ids) > _MOST:
        raise Invalid(fields={"id": N_("That is too much at once.")})
    return accounts.known_to(viewer(), ids)


def _held(account_id: int) -> Held:
    found = signals.list_held(viewer(), Cursor(limit=1), account_id)
    if not found.items:
        raise NotFound
    return found.items[0]


def _requests(held: list[Held]) -> list[dict[str, Any]]:
    """https://docs.joinmastodon.org/entities/NotificationRequest/"""
    people = accounts_by_id(viewer(), (one.actor for one in held))
    posts = posts_of(viewer(), (one.post_id for one in held))
    return [
        {
            "id": str(one.actor.id),
            "created_at": moment(one.first_at),
            "updated_at": moment(one.last_at),
            "notifications_count": str(one.count),
            "account": people[one.actor.id],
            "last_status": posts.get(one.post_id) if one.post_id else None,
        }
        for one in held
    ]
