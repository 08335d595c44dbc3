"""Reads around rules: how many people one reaches, what may be chosen, and what was saved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select

from intranet.accounts.models import Account, AccountKind, Role
from intranet.audiences import rules
from intranet.audiences.models import Audience
from intranet.audiences.rules import AudienceRule
from intranet.db import db
from intranet.groups import policies as group_policies
from intranet.groups.models import Group
from intranet.kernel.errors import NotFound

_TOP = 5
_FACETS = 80

Counts = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Reach:
    """How many people a rule includes now, and where the most of them are. An empty name in
    `by_department` or `by_site` stands for those of whom it is not known."""

    people: int
    by_department: Counts
    by_site: Counts
    by_language: Counts  # of the interface; an empty name: what the browser asks for
    without_email: int


@dataclass(frozen=True, slots=True)
class Facets:
    """What a rule can be made of, each with how many active people stand behind it."""

    departments: Counts
    sites: Counts
    roles: Counts
    employments: Counts
    languages: Counts
    groups: tuple[tuple[int, str, int], ...]  # id, name, members


@dataclass(frozen=True, slots=True)
class SavedAudience:
    """A rule that its owner has given a name."""

    id: int
    name: str
    rule: AudienceRule
    created_at: dt.datetime


def reach(rule: AudienceRule) -> Reach:
    """Whom the rule includes now: four statements."""
    who = rules.matching(rule)
    people, without = db.session.execute(
        select(
            func.count(Account.id),
            func.count(Account.id).filter(func.coalesce(Account.email, "") == ""),
        ).where(who)
    ).one()
    return Reach(
        people=people,
        by_department=_counted(Account.department, who, _TOP),
        by_site=_counted(Account.site, who, _TOP),
        by_language=_counted(func.coalesce(Account.locale, ""), who, _TOP),
        without_email=without,
    )


def facets(author: Account) -> Facets:
    """What the author may choose from. Groups are those whose members the author may see: the name
    of a secret group reaches nobody outside it."""
    staff = and_(
        Account.kind == AccountKind.PERSON,
        Account.deactivated_at.is_(None),
        Account.role != Role.GUEST,
    )
    groups = db.session.execute(
        select(Group.id, Group.name, Group.members_count)
        .where(group_policies.readable_by(author))
        .order_by(Group.search_text, Group.id)
        .limit(_FACETS)
    ).all()
    return Facets(
        departments=_named(Account.department, staff),
        sites=_named(Account.site, staff),
        roles=_counted(Account.role, staff, _FACETS),
        employments=_named(Account.employment, staff),
        languages=_named(func.coalesce(Account.locale, ""), staff),
        groups=tuple((row.id, row.name, row.members_count) for row in groups),
    )


def readable_groups(author: Account, group_ids: Collection[int]) -> set[int]:
    """Those of these groups whose members the author may see."""
    if not group_ids:
        return set()
    return set(
        db.session.scalars(
            select(Group.id).where(Group.id.in_(group_ids), group_policies.readable_by(author))
        )
    )


def group_names(viewer: Account, group_ids: Collection[int]) -> dict[int, str]:
    """The names of those of these groups that the viewer may know of."""
    if not group_ids:
        return {}
    rows = db.session.execute(
        select(Group.id, Group.name).where(
            Group.id.in_(group_ids), group_policies.visible_to(viewer)
        )
    )
    return {row.id: row.name for row in rows}


def saved_by(owner: Account) -> tuple[SavedAudience, ...]:
    """The owner's saved rules by name, 80 at most."""
    rows = db.session.scalars(
        select(Audience)
        .where(Audience.owner_id == owner.id, Audience.name.is_not(None))
        .order_by(Audience.name, Audience.id)
        .limit(_FACETS)
    ).all()
    return tuple(
        SavedAudience(row.id, row.name or "", rules.read(row.id), row.created_at) for row in rows
    )


def get_saved(owner: Account, audience_id: int) -> Audience:
    """A saved rule of this owner; NotFound when there is none."""
    found = db.session.scalar(
        select(Audience).where(
            Audience.id == audience_id,
            Audience.owner_id == owner.id,
            Audience.name.is_not(None),
        )
    )
    if found is None:
        raise NotFound()
    return found


def _named(column: Any, who: ColumnElement[bool]) -> Counts:
    return tuple(pair for pair in _counted(column, who, _FACETS, by_name=True) if pair[0])


def _counted(column: Any, who: ColumnElement[bool], most: int, *, by_name: bool = False) -> Counts:
    number = func.count(Account.id)
    order = (column,) if by_name else (number.desc(), column)
    rows = db.session.execute(
        select(column.label("name"), number.label("number"))
        .where(who)
        .group_by(column)
        .order_by(*order)
        .limit(most)
    )
    return tuple((str(row.name), row.number) for row in rows)
