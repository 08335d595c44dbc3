"""Single accounts and what a profile shows, through the viewer's eyes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from intranet.accounts.chips import AccountChip, chip_from, chip_of, select_chips
from intranet.accounts.facts import Fact, facts_from
from intranet.accounts.models import Account, AccountKind, AccountSkill, Role, Skill
from intranet.accounts.policies import visible_to
from intranet.db import db
from intranet.kernel.errors import NotFound

_MAX_REPORTS = 60


@dataclass(frozen=True, slots=True)
class Profile:
    """Everything the page of a person shows. Phone and e-mail are None for guests who look."""

    chip: AccountChip
    role: Role
    department: str
    site: str
    pronouns: str
    phone: str | None
    email: str | None
    languages: tuple[str, ...]  # BCP 47 codes
    time_zone: str  # IANA name
    about_html: str
    joined_on: dt.date | None
    manager: AccountChip | None
    reports: tuple[AccountChip, ...]
    skills: tuple[str, ...]
    followers_count: int
    following_count: int
    is_self: bool
    header_key: str | None = None
    facts: tuple[Fact, ...] = ()
    is_automated: bool = False


def find(handle: str) -> Account | None:
    """Whoever has this handle, active or not, without asking who looks."""
    return db.session.scalar(select(Account).where(Account.handle == handle.lower()))


def find_by_email(email: str) -> Account | None:
    """Whoever has this address, active or not, without asking who looks."""
    return db.session.scalar(select(Account).where(Account.email == email.strip().lower()))


def get_visible(viewer: Account, handle: str) -> Account:
    """The account as it is now; NotFound when there is none that the viewer may see."""
    account = db.session.scalar(
        select(Account)
        .where(Account.handle == handle.lower(), visible_to(viewer))
        .execution_options(populate_existing=True)
    )
    if account is None:
        raise NotFound
    return account


def get_visible_by_id(viewer: Account, account_id: int) -> Account:
    """As `get_visible`, by id."""
    account = db.session.scalar(
        select(Account)
        .where(Account.id == account_id, visible_to(viewer))
        .execution_options(populate_existing=True)
    )
    if account is None:
        raise NotFound
    return account


def known_to(viewer: Account, ids: Collection[int]) -> list[int]:
    """Those of these accounts that the viewer may see, in their order: one statement."""
    if not ids:
        return []
    found = set(
        db.session.scalars(select(Account.id).where(Account.id.in_(ids), visible_to(viewer)))
    )
    return [id_ for id_ in ids if id_ in found]


def profile(viewer: Account, account: Account) -> Profile:
    """What the viewer sees of an account it may see: three statements."""
    around = db.session.execute(
        select_chips()
        .add_columns(Account.manager_id)
        .where(
            (Account.id == account.manager_id)
            | ((Account.manager_id == account.id) & Account.deactivated_at.is_(None)),
            visible_to(viewer),
        )
        .order_by(Account.sort_name, Account.id)
        .limit(_MAX_REPORTS + 1)
    ).all()
    chips = [chip_from(row) for row in around]
    manager = next((chip for chip in chips if chip.id == account.manager_id), None)
    return Profile(
        chip=chip_of(account),
        role=account.role,
        department=account.department,
        site=account.site,
        pronouns=account.pronouns,
        phone=None if viewer.is_guest else account.phone,
        email=None if viewer.is_guest else account.email,
        languages=tuple(account.languages),
        time_zone=account.time_zone,
        about_html=account.about_html,
        joined_on=account.joined_on,
        manager=manager,
        reports=tuple(chip for chip in chips if manager is None or chip.id != manager.id),
        skills=tuple(skills_of(account.id)),
        followers_count=account.followers_count,
        following_count=account.following_count,
        is_self=viewer.id == account.id,
        header_key=account.header_key,
        facts=facts_from(account.facts),
        is_automated=account.is_automated,
    )


def skills_of(account_id: int) -> list[str]:
    """Names of what somebody can be asked about, in their order."""
    return list(
        db.session.scalars(
            select(Skill.name)
            .join(AccountSkill, AccountSkill.skill_id == Skill.id)
            .where(AccountSkill.account_id == account_id)
            .order_by(Skill.folded)
        )
    )


def newcomers(viewer: Account, limit: int = 5) -> list[AccountChip]:
    """The newest active staff that the viewer may see."""
    rows = db.session.execute(
        select_chips()
        .where(
            visible_to(viewer),
            Account.deactivated_at.is_(None),
            Account.role != Role.GUEST,
            Account.kind == AccountKind.PERSON,
            Account.id != viewer.id,
        )
        .order_by(Account.id.desc())
        .limit(limit)
    )
    return [chip_from(row) for row in rows]
