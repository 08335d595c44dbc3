"""Rules as values, and as SQL from both sides: whom a rule includes, and which rules include a
viewer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, exists, literal, not_, or_, select
from sqlalchemy.orm import aliased

from intranet.accounts.models import Account, AccountKind, Role
from intranet.audiences.models import Audience, AudienceField, AudienceTerm
from intranet.db import db
from intranet.groups.models import Membership


@dataclass(frozen=True, kw_only=True, slots=True)
class AudienceRule:
    """Who something is for. Values of one field are alternatives, fields narrow each other; all
    empty: all staff. Guests are included only through a group that is named."""

    departments: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    employments: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()  # BCP 47 codes
    group_ids: tuple[int, ...] = ()

    @property
    def is_everyone(self) -> bool:
        """Whether it includes all staff."""
        return not any(values for _field, values in self.terms())

    def terms(self) -> Iterable[tuple[AudienceField, tuple[Any, ...]]]:
        """Each field with its values."""
        return (
            (AudienceField.DEPARTMENT, self.departments),
            (AudienceField.SITE, self.sites),
            (AudienceField.ROLE, self.roles),
            (AudienceField.EMPLOYMENT, self.employments),
            (AudienceField.LANGUAGE, self.languages),
            (AudienceField.GROUP, self.group_ids),
        )


def read(audience_id: int) -> AudienceRule:
    """The rule of a stored audience. A group that is no more counts as one that nobody is in."""
    rows = db.session.execute(
        select(AudienceTerm.field, AudienceTerm.value, AudienceTerm.group_id)
        .where(AudienceTerm.audience_id == audience_id)
        .order_by(AudienceTerm.id)
    ).all()

    def values(field: AudienceField) -> tuple[str, ...]:
        return tuple(row.value for row in rows if row.field is field)

    return AudienceRule(
        departments=values(AudienceField.DEPARTMENT),
        sites=values(AudienceField.SITE),
        roles=values(AudienceField.ROLE),
        employments=values(AudienceField.EMPLOYMENT),
        languages=values(AudienceField.LANGUAGE),
        group_ids=tuple(row.group_id or 0 for row in rows if row.field is AudienceField.GROUP),
    )


def members(audience_id: Any) -> ColumnElement[bool]:
    """The accounts that a stored audience includes: active people. Needs `Account` in FROM;
    `audience_id` is an id or a column."""
    return _included(Account, audience_id)


def includes(viewer: Account, audience_id: Any) -> ColumnElement[bool]:
    """The viewer is included in the audience of this id or column (a correlated EXISTS). Asks of
    the viewer nothing but its id, so that hot statements can be built once for everybody."""
    me = aliased(Account, name="audience_me")
    # An audience that is not there has no terms, and must not be taken for one without terms.
    there = aliased(Audience, name="audience_there")
    return exists(
        select(me.id)
        .join(there, there.id == audience_id)
        .where(me.id == viewer.id, _included(me, audience_id))
        # Said outright at every level: the column may come from a statement far outside.
        .correlate_except(me, there)
    )


def matching(rule: AudienceRule) -> ColumnElement[bool]:
    """The accounts that a rule includes which is not stored yet. Needs `Account` in FROM."""
    wanted: list[ColumnElement[bool]] = [
        Account.kind == AccountKind.PERSON,
        Account.deactivated_at.is_(None),
    ]
    for column, values in (
        (Account.department, rule.departments),
        (Account.site, rule.sites),
        (Account.role, rule.roles),
        (Account.employment, rule.employments),
    ):
        if values:
            wanted.append(column.in_(values))
    if rule.languages:
        wanted.append(or_(*(_speaks(Account, code) for code in rule.languages)))
    if rule.group_ids:
        wanted.append(
            exists().where(
                Membership.account_id == Account.id, Membership.group_id.in_(rule.group_ids)
            )
        )
    else:
        wanted.append(Account.role != Role.GUEST)
    return and_(*wanted)


def _included(account: Any, audience_id: Any) -> ColumnElement[bool]:
    term = aliased(AudienceTerm, name="audience_term_1")
    other = aliased(AudienceTerm, name="audience_term_2")
    met = exists(
        select(other.id)
        .where(
            other.audience_id == term.audience_id,
            other.field == term.field,
            _fulfils(account, other),
        )
        .correlate_except(other)
    )
    unmet = exists(
        select(term.id).where(term.audience_id == audience_id, not_(met)).correlate_except(term)
    )
    by_group = exists(
        select(AudienceTerm.id)
        .where(AudienceTerm.audience_id == audience_id, AudienceTerm.field == AudienceField.GROUP)
        .correlate_except(AudienceTerm)
    )
    return and_(
        account.kind == AccountKind.PERSON,
        account.deactivated_at.is_(None),
        or_(account.role != Role.GUEST, by_group),
        not_(unmet),
    )


def _fulfils(account: Any, term: Any) -> ColumnElement[bool]:
    belongs = exists(
        select(Membership.id)
        .where(Membership.group_id == term.group_id, Membership.account_id == account.id)
        .correlate_except(Membership)
    )
    return or_(
        and_(term.field == AudienceField.DEPARTMENT, account.department == term.value),
        and_(term.field == AudienceField.SITE, account.site == term.value),
        and_(term.field == AudienceField.ROLE, cast(account.role, String) == term.value),
        and_(term.field == AudienceField.EMPLOYMENT, account.employment == term.value),
        and_(term.field == AudienceField.LANGUAGE, _speaks(account, term.value)),
        and_(term.field == AudienceField.GROUP, belongs),
    )


def _speaks(account: Any, code: Any) -> ColumnElement[bool]:
    """Names the language in the profile, or reads the interface in it. Codes are two letters, so
    that one quoted code is found in the list as JSON text."""
    quoted = literal('%"').concat(code).concat('"%')
    return or_(account.locale == code, cast(account.languages, String).like(quoted))
