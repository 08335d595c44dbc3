"""Whom to follow, and why: the team, the department, the site, friends of friends, shared groups.

Reasons are facts that the viewer may see anyway: the directory, follows, and groups of their own.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    String,
    bindparam,
    exists,
    func,
    literal,
    select,
    table,
    union_all,
)
from sqlalchemy import column as sql_column
from sqlalchemy.orm import aliased

from intranet.accounts.chips import AccountChip, chip_from, select_chips
from intranet.accounts.models import Account, AccountKind, Role
from intranet.db import UTCDateTime, db
from intranet.kernel.clock import utc_now
from intranet.relationships.models import DismissedSuggestion, Follow
from intranet.relationships.policies import apart_from, muted_by

_OF_EACH = 40  # candidates for one reason
_FRIENDS = 60  # the last followed, whose follows are looked at
_SMALL_GROUP = 150  # members: in a larger one belonging says little

# Named by table: groups stand above and are not imported.
_membership = table(
    "membership", sql_column("group_id", BigInteger), sql_column("account_id", BigInteger)
)
_group = table("group", sql_column("id", BigInteger), sql_column("members_count", BigInteger))


class Reason(enum.StrEnum):
    """Why somebody is proposed."""

    TEAM = "team"
    DEPARTMENT = "department"
    FRIENDS = "friends"
    GROUPS = "groups"
    SITE = "site"


# What a reason weighs, and what each person or group that it counts adds to that.
_WEIGHT = {
    Reason.TEAM: (45, 0),
    Reason.DEPARTMENT: (30, 0),
    Reason.FRIENDS: (8, 6),
    Reason.GROUPS: (10, 5),
    Reason.SITE: (12, 0),
}
_MOST_COUNTED = 6

_VIEWER = bindparam("viewer_id", type_=BigInteger)
_NOW = bindparam("now", type_=UTCDateTime)  # mutes end
# What the viewer has in common with those near to them.
_NEAR: dict[Reason, tuple[Any, Any]] = {
    Reason.TEAM: (Account.manager_id, bindparam(Reason.TEAM.value, type_=BigInteger)),
    Reason.DEPARTMENT: (Account.department, bindparam(Reason.DEPARTMENT.value, type_=String)),
    Reason.SITE: (Account.site, bindparam(Reason.SITE.value, type_=String)),
}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Somebody to follow, with the reasons, the strongest first: (reason, how many followed people
    or shared groups it counts, else 1)."""

    chip: AccountChip
    reasons: tuple[tuple[Reason, int], ...]


def suggestions(viewer: Account, limit: int = 5) -> list[Suggestion]:
    """Colleagues whom the viewer does not follow yet, the best reasons first: one statement.
    Nobody for a guest."""
    if viewer.is_guest:
        return []
    given = {
        Reason.TEAM: viewer.manager_id,
        Reason.DEPARTMENT: viewer.department,
        Reason.SITE: viewer.site,
    }
    near = {reason.value: value for reason, value in given.items() if value}
    rows = db.session.execute(
        _statement(tuple(near)), {"viewer_id": viewer.id, "now": utc_now()} | near
    )
    people: dict[int, list[Any]] = {}
    for row in rows:
        people.setdefault(row.account_id, []).append(row)
    ranked = sorted(
        people.values(),
        key=lambda of_one: (
            -sum(_weighed(row) for row in of_one),
            -of_one[0].followers_count,
            of_one[0].account_id,
        ),
    )
    return [_suggestion(of_one) for of_one in ranked[:limit]]


@cache  # to build it takes longer than the database takes to answer
def _statement(near: tuple[str, ...]) -> Select[Any]:
    """For every viewer of whom these reasons can be asked."""
    found = union_all(*_candidates(near)).subquery()
    return (
        select_chips()
        .add_columns(Account.followers_count, found.c.reason, found.c.counted)
        .join(found, found.c.account_id == Account.id)
    )


def _candidates(near: Sequence[str]) -> Sequence[Select[Any]]:
    arms = [_friends(), _groups()]
    for reason in map(Reason, near):
        column, value = _NEAR[reason]
        those = (
            select(Account.id, literal(1).label("counted"))
            .where(column == value, *_eligible())
            .order_by(Account.followers_count.desc(), Account.id)
        )
        arms.append(_arm(those, reason))
    return arms


def _arm(few: Any, reason: Reason) -> Select[Any]:
    found = few.limit(_OF_EACH).subquery()
    return select(
        found.c.id.label("account_id"),
        literal(str(reason)).label("reason"),
        found.c.counted.label("counted"),
    )


def _friends() -> Select[Any]:
    mine = (
        select(Follow.followee_id)
        .where(Follow.follower_id == _VIEWER)
        .order_by(Follow.id.desc())
        .limit(_FRIENDS)
        .subquery()
    )
    theirs = aliased(Follow)
    counted = func.count()
    return _arm(
        select(Account.id, counted.label("counted"))
        .select_from(mine)
        .join(theirs, theirs.follower_id == mine.c.followee_id)
        .join(Account, Account.id == theirs.followee_id)
        .where(*_eligible())
        .group_by(Account.id)
        .order_by(counted.desc(), Account.id),
        Reason.FRIENDS,
    )


def _groups() -> Select[Any]:
    mine, theirs = _membership.alias("mine"), _membership.alias("theirs")
    counted = func.count()
    return _arm(
        select(Account.id, counted.label("counted"))
        .select_from(
            mine.join(_group, _group.c.id == mine.c.group_id)
            .join(theirs, theirs.c.group_id == mine.c.group_id)
            .join(Account, Account.id == theirs.c.account_id)
        )
        .where(
            mine.c.account_id == _VIEWER,
            _group.c.members_count <= _SMALL_GROUP,
            *_eligible(),
        )
        .group_by(Account.id)
        .order_by(counted.desc(), Account.id),
        Reason.GROUPS,
    )


def _eligible() -> tuple[ColumnElement[bool], ...]:
    followed = exists().where(Follow.follower_id == _VIEWER, Follow.followee_id == Account.id)
    dismissed = exists().where(
        DismissedSuggestion.viewer_id == _VIEWER, DismissedSuggestion.account_id == Account.id
    )
    return (
        Account.id != _VIEWER,
        Account.kind == AccountKind.PERSON,
        Account.role != Role.GUEST,
        Account.deactivated_at.is_(None),
        Account.id.not_in(apart_from(_VIEWER)),
        Account.id.not_in(muted_by(_VIEWER, _NOW)),
        ~followed,
        ~dismissed,
    )


def _weighed(row: Any) -> int:
    weight, each = _WEIGHT[Reason(row.reason)]
    return weight + each * min(int(row.counted), _MOST_COUNTED)


def _suggestion(rows: list[Any]) -> Suggestion:
    strongest = sorted(rows, key=lambda row: -_weighed(row))
    return Suggestion(
        chip_from(rows[0]), tuple((Reason(row.reason), int(row.counted)) for row in strongest)
    )
