"""The people directory: searched, filtered, counted under the viewer's predicate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select, tuple_

from intranet.accounts.chips import AccountChip, chip_from, select_chips
from intranet.accounts.models import Account, AccountKind, AccountSkill, Role, Skill
from intranet.accounts.policies import visible_to
from intranet.db import db
from intranet.kernel.text import fold

_MAX_FACETS = 60


@dataclass(frozen=True, slots=True)
class PersonEntry:
    """One person of the directory."""

    chip: AccountChip
    department: str
    site: str
    email: str
    role: Role


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """People by name; `next_after` is the id after which the next page begins."""

    people: tuple[PersonEntry, ...]
    next_after: int | None


@dataclass(frozen=True, slots=True)
class Facets:
    """Departments, sites and skills with how many people the viewer sees under each."""

    departments: tuple[tuple[str, int], ...]
    sites: tuple[tuple[str, int], ...]
    skills: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """What to look for; an empty string asks for nothing."""

    q: str = ""
    department: str = ""
    site: str = ""
    skill: str = ""

    def __bool__(self) -> bool:
        return any((self.q, self.department, self.site, self.skill))


def matching(q: str) -> list[ColumnElement[bool]]:
    """Conditions on Account: every word of `q` is in what people are found by, or is their
    address for e-mail."""
    words = fold(q[:200]).split()
    return [_holds(word.lstrip("@")) for word in words]


def _holds(word: str) -> ColumnElement[bool]:
    held = Account.search_text.contains(word, autoescape=True)
    return or_(held, Account.email == word) if "@" in word else held


def list_people(
    viewer: Account,
    wanted: PeopleFilter,
    *,
    after: int | None = None,
    limit: int = 40,
    with_deactivated: bool = False,
) -> PeoplePage:
    """People whom the viewer may see, by name: one statement."""
    statement: Select[Any] = (
        select_chips()
        .add_columns(Account.department, Account.site, Account.email)
        .where(Account.kind == AccountKind.PERSON, visible_to(viewer), *matching(wanted.q))
        .order_by(Account.sort_name, Account.id)
        .limit(limit + 1)
    )
    if not with_deactivated:
        statement = statement.where(Account.deactivated_at.is_(None))
    if wanted.department:
        statement = statement.where(Account.department == wanted.department)
    if wanted.site:
        statement = statement.where(Account.site == wanted.site)
    if wanted.skill:
        statement = statement.where(
            exists()
            .where(AccountSkill.account_id == Account.id)
            .where(AccountSkill.skill_id == Skill.id)
            .where(Skill.folded == fold(wanted.skill))
        )
    if after is not None:
        last = Account.__table__.alias("last")
        place = select(last.c.sort_name).where(last.c.id == after).scalar_subquery()
        statement = statement.where(tuple_(Account.sort_name, Account.id) > tuple_(place, after))
    rows = db.session.execute(statement).all()
    people = tuple(
        PersonEntry(chip_from(row), row.department, row.site, row.email or "", row.account_role)
        for row in rows[:limit]
    )
    return PeoplePage(people, people[-1].chip.id if len(rows) > limit else None)


def list_everybody(
    viewer: Account, *, newest_first: bool, offset: int, limit: int
) -> list[AccountChip]:
    """People and pages whom the viewer may see: who came last, or who posted last, first. By
    offset, as programs ask for it: one statement."""
    order = Account.id if newest_first else func.coalesce(Account.last_post_id, 0)
    rows = db.session.execute(
        select_chips()
        .where(visible_to(viewer), Account.deactivated_at.is_(None), Account.id != viewer.id)
        .order_by(order.desc(), Account.id.desc())
        .offset(offset)
        .limit(limit)
    )
    return [chip_from(row) for row in rows]


def facets(viewer: Account) -> Facets:
    """What the directory can be narrowed by: three statements, the most common first."""
    seen = (
        Account.kind == AccountKind.PERSON,
        visible_to(viewer),
        Account.deactivated_at.is_(None),
    )
    return Facets(
        departments=_values(Account.department, *seen),
        sites=_values(Account.site, *seen),
        skills=_counted(
            select(Skill.name, func.count())
            .join(AccountSkill, AccountSkill.skill_id == Skill.id)
            .join(Account, Account.id == AccountSkill.account_id)
            .where(*seen)
            .group_by(Skill.id, Skill.name)
            .order_by(func.count().desc(), Skill.name)
        ),
    )


def count_people(viewer: Account) -> int:
    """How many active people the viewer may see."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Account)
            .where(
                Account.kind == AccountKind.PERSON,
                visible_to(viewer),
                Account.deactivated_at.is_(None),
            )
        )
        or 0
    )


def _values(column: Any, *where: ColumnElement[bool]) -> tuple[tuple[str, int], ...]:
    return _counted(
        select(column, func.count())
        .where(*where, column != "")
        .group_by(column)
        .order_by(func.count().desc(), column)
    )


def _counted(statement: Select[str, int]) -> tuple[tuple[str, int], ...]:
    rows = db.session.execute(statement.limit(_MAX_FACETS))
    return tuple((str(name), int(count)) for name, count in rows)
