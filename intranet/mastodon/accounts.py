"""People: the caller's own account, others by number or name, and following them."""

from __future__ import annotations

from typing import Any

from flask import Response
from sqlalchemy import select

from intranet.accounts import queries
from intranet.accounts.chips import chip_of
from intranet.accounts.models import Account
from intranet.accounts.policies import visible_to
from intranet.db import db
from intranet.groups.standing import standings
from intranet.kernel.errors import NotFound
from intranet.mastodon import groups
from intranet.mastodon.answers import answer
from intranet.mastodon.blueprint import bp
from intranet.mastodon.discovery import host
from intranet.mastodon.entities.accounts import account, accounts
from intranet.mastodon.entities.groups import group_accounts
from intranet.mastodon.identity import viewer
from intranet.mastodon.parameters import Ids, Parameters, read
from intranet.mastodon.requirements import scope

_MOST = 80


class Named(Parameters):
    """Somebody by name: `ann`, `@ann` or `ann@host`."""

    acct: str = ""


class Several(Parameters):
    """Accounts by number."""

    id: Ids = ()


def handle_of(acct: str) -> str:
    """The handle in a name as people write it; NotFound for a name of another server."""
    handle, _, domain = acct.strip().removeprefix("@").partition("@")
    if (domain and domain.lower() != host().lower()) or not handle or "\0" in handle:
        raise NotFound
    return handle[:80].lower()


@bp.get("/api/v1/accounts/lookup")
@scope("read:accounts")
def lookup() -> Response:
    """An account by its name, or a group by its address."""
    name = handle_of(read(Named).acct)
    try:
        found = queries.get_visible(viewer(), name)
    except NotFound:
        return answer(group_accounts(viewer(), [groups.named(name)])[0])
    return answer(account(viewer(), found))


@bp.get("/api/v1/accounts/<int:account_id>")
@scope("read:accounts")
def show_account(account_id: int) -> Response:
    """An account, or a group, by its number."""
    group = groups.find(account_id)
    if group is not None:
        return answer(group_accounts(viewer(), [group])[0])
    return answer(account(viewer(), queries.get_visible_by_id(viewer(), account_id)))


@bp.get("/api/v1/accounts")
@scope("read:accounts")
def show_accounts() -> Response:
    """Several accounts and groups by number; what the caller may not see is left out."""
    wanted = read(Several).id[:_MOST]
    rows = db.session.scalars(
        select(Account).where(Account.id.in_(wanted), visible_to(viewer())).order_by(Account.id)
    ).all()
    found = group_accounts(viewer(), standings(viewer(), wanted))
    return answer([*_drawn(rows), *found])


def _drawn(rows: Any) -> list[dict[str, Any]]:
    return accounts(viewer(), [chip_of(row) for row in rows])
