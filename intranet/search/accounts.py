"""People, pages and groups as one list for programs, paged by number: https://docs.joinmastodon.org
knows no other way there. Who is named exactly comes first, groups come after people and pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    exists,
    literal,
    or_,
    select,
    true,
    union_all,
)

from intranet.accounts import directory as people
from intranet.accounts import policies as account_policies
from intranet.accounts.chips import AccountChip, chip_from, select_chips
from intranet.accounts.models import Account, AccountKind
from intranet.db import db
from intranet.groups import directory as groups
from intranet.groups import policies as group_policies
from intranet.groups.models import Group, Membership
from intranet.groups.standing import Standing, standings
from intranet.relationships.models import Follow

_ACCOUNT, _GROUP = 0, 1


@dataclass(frozen=True, slots=True)
class Sought:
    """What somebody is looked for by: `words` in what is known of them, or the very `name`
    (handle of an account, address of a group; empty for none)."""

    words: str
    name: str = ""
    followed: bool = False  # only those that the viewer follows, and groups that it belongs to


def find(viewer: Account, sought: Sought, offset: int, limit: int) -> list[AccountChip | Standing]:
    """A page of them in their order: three statements at most."""
    if not (sought.words or sought.name) or "\0" in sought.words + sought.name:
        return []
    found = union_all(_accounts(viewer, sought), _groups(viewer, sought)).subquery()
    rows = db.session.execute(
        select(found.c.sort, found.c.id)
        .order_by(found.c.sort, found.c.exact.desc(), found.c.name, found.c.id)
        .offset(offset)
        .limit(limit)
    ).all()
    chips = _chips([row.id for row in rows if row.sort == _ACCOUNT])
    tiles = {
        one.chip.id: one
        for one in standings(viewer, [row.id for row in rows if row.sort == _GROUP])
    }
    drawn = [(chips if row.sort == _ACCOUNT else tiles).get(row.id) for row in rows]
    return [one for one in drawn if one is not None]


def _accounts(viewer: Account, sought: Sought) -> Select[Any]:
    exact = Account.handle == sought.name
    listed = and_(
        Account.kind.in_([AccountKind.PERSON, AccountKind.PAGE]), *people.matching(sought.words)
    )
    statement = _row(_ACCOUNT, Account.id, Account.sort_name, exact).where(
        account_policies.visible_to(viewer),
        Account.deactivated_at.is_(None),
        or_(exact, listed) if sought.words else exact,
    )
    if sought.followed:
        statement = statement.where(
            exists().where(Follow.follower_id == viewer.id, Follow.followee_id == Account.id)
        )
    return statement


def _groups(viewer: Account, sought: Sought) -> Select[Any]:
    exact = Group.slug == sought.name
    named = and_(true(), *groups.matching(sought.words))
    statement = _row(_GROUP, Group.id, Group.search_text, exact).where(
        group_policies.visible_to(viewer), or_(exact, named) if sought.words else exact
    )
    if sought.followed:
        statement = statement.where(
            exists().where(Membership.account_id == viewer.id, Membership.group_id == Group.id)
        )
    return statement


def _row(sort: int, id_: Any, name: Any, exact: ColumnElement[bool]) -> Select[Any]:
    return select(
        literal(sort).label("sort"),
        id_.label("id"),
        name.label("name"),
        case((exact, 1), else_=0).label("exact"),
    )


def _chips(ids: Sequence[int]) -> dict[int, AccountChip]:
    if not ids:
        return {}
    rows = db.session.execute(select_chips().where(Account.id.in_(ids)))
    return {chip.id: chip for chip in map(chip_from, rows)}
