"""What people say of themselves, and how they like their screen."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, insert, select

from intranet.accounts import names
from intranet.accounts.events import PlaceChanged
from intranet.accounts.facts import Fact, checked_facts
from intranet.accounts.mentions import html_of
from intranet.accounts.models import (
    Account,
    AccountSkill,
    Density,
    Skill,
    Theme,
    sort_name_of,
)
from intranet.accounts.queries import get_visible, skills_of
from intranet.accounts.words import search_text_of
from intranet.db import db, record
from intranet.db.once import insert_once
from intranet.kernel.errors import DomainError, Invalid
from intranet.kernel.messages import N_
from intranet.kernel.text import fold, normalise
from intranet.kernel.zones import is_zone, zone_names

LOCALES = ("en", "fr")
# What people are likely to speak at work here; names come from the reader's locale.
_LANGUAGES = """
ar bg cs da de el en es et fi fr ga he hi hr hu it ja ko lb lt lv mt nl no pl pt ro ru sk
sl sr sv tr uk vi zh
"""
LANGUAGES = tuple(_LANGUAGES.split())
MAX_ABOUT = 5000
MAX_SKILLS = 30
_MAX_SKILL = 60
_MAX_CHAIN = 100
_REGIONS = (
    "Africa/",
    "America/",
    "Antarctica/",
    "Asia/",
    "Atlantic/",
    "Australia/",
    "Europe/",
    "Indian/",
    "Pacific/",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileDraft:
    """A profile as somebody wrote it; `manager` is a handle or empty."""

    display_name: str
    title: str = ""
    department: str = ""
    site: str = ""
    manager: str = ""
    phone: str = ""
    pronouns: str = ""
    languages: tuple[str, ...] = ()
    about: str = ""
    skills: tuple[str, ...] = ()
    facts: tuple[Fact, ...] | None = None  # None leaves them


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """How the product speaks and looks; `locale` None is what the browser asks for."""

    time_zone: str
    locale: str | None
    theme: Theme
    density: Density
    shortcuts: bool


def time_zones() -> list[str]:
    """The IANA zones people live in."""
    return [*sorted(name for name in zone_names() if name.startswith(_REGIONS)), "UTC"]


def update_profile(actor: Account, draft: ProfileDraft) -> None:
    """Write the actor's own profile. Invalid with every field that cannot be taken."""
    problems: dict[str, str] = {}
    values: dict[str, str] = {}
    for field, most in (
        ("title", 120),
        ("department", 120),
        ("site", 120),
        ("phone", 40),
        ("pronouns", 40),
    ):
        try:
            values[field] = names.line(getattr(draft, field), field=field, most=most)
        except Invalid as error:
            problems |= error.fields
    try:
        values["display_name"] = names.display_name(draft.display_name)
    except Invalid as error:
        problems |= error.fields
    manager_id = None
    try:
        manager_id = manager_of(actor, draft.manager, actor)
    except Invalid as error:
        problems |= error.fields
    about = ""
    try:
        about = checked_about(draft.about)
    except Invalid as error:
        problems |= error.fields
    facts = actor.facts
    try:
        if draft.facts is not None:
            facts = checked_facts(draft.facts)
    except Invalid as error:
        problems |= error.fields
    if problems:
        raise Invalid(fields=problems)
    for field, value in values.items():
        setattr(actor, field, value)
    actor.sort_name = sort_name_of(actor.display_name)
    actor.manager_id = manager_id
    actor.languages = [code for code in LANGUAGES if code in draft.languages]
    actor.facts = facts
    actor.about_source = about
    actor.about_html = html_of(about)
    set_skills(actor, draft.skills)
    record(PlaceChanged(account_id=actor.id))


def checked_about(raw: str) -> str:
    """The text as it is stored; Invalid under `about` when it is too long."""
    about = normalise(raw[: MAX_ABOUT * 4])
    if len(about) > MAX_ABOUT:
        raise Invalid(fields={"about": N_("That is too long.")})
    return about


def manager_of(actor: Account, handle: str, account: Account) -> int | None:
    """The id of the manager that the actor names by handle for an account; None for an empty one.
    Invalid under `manager`."""
    handle = handle.strip().removeprefix("@").lower()
    if not handle:
        return None
    try:
        manager = get_visible(actor, handle)
    except DomainError:
        raise Invalid(fields={"manager": N_("There is nobody with this handle.")}) from None
    if manager.is_guest or manager.is_page or not manager.is_active:
        raise Invalid(fields={"manager": N_("Choose an active colleague.")})
    above: int | None = manager.id
    for _step in range(_MAX_CHAIN):
        if above is None:
            return manager.id
        if above == account.id:
            raise Invalid(fields={"manager": N_("That would make a circle.")})
        above = db.session.scalar(select(Account.manager_id).where(Account.id == above))
    raise Invalid(fields={"manager": N_("That would make a circle.")})


def set_skills(account: Account, wanted: tuple[str, ...]) -> None:
    """What the account can be asked about: each spelling once, MAX_SKILLS at most."""
    chosen: dict[str, str] = {}
    for raw in wanted[: MAX_SKILLS * 2]:
        name = names.line(raw, field="skills", most=_MAX_SKILL)
        folded = fold(name)[:_MAX_SKILL]
        if folded:
            chosen.setdefault(folded, name)
    if len(chosen) > MAX_SKILLS:
        raise Invalid(fields={"skills": N_("Thirty skills at most.")})
    for folded in sorted(chosen):  # one order for all, so that two who save at once do not lock
        insert_once(Skill, name=chosen[folded], folded=folded)
    db.session.execute(delete(AccountSkill).where(AccountSkill.account_id == account.id))
    ids = db.session.scalars(select(Skill.id).where(Skill.folded.in_(chosen))).all()
    if ids:
        db.session.execute(
            insert(AccountSkill), [{"account_id": account.id, "skill_id": one} for one in ids]
        )
    account.search_text = search_text_of(account, skills_of(account.id))


def update_preferences(actor: Account, wanted: Preferences) -> None:
    """Set language, zone and look. Invalid per field for what does not exist."""
    if not is_zone(wanted.time_zone):
        raise Invalid(fields={"time_zone": N_("There is no such time zone.")})
    if wanted.locale is not None and wanted.locale not in LOCALES:
        raise Invalid(fields={"locale": N_("There is no such language here.")})
    actor.time_zone = wanted.time_zone
    if actor.locale != wanted.locale:
        actor.locale = wanted.locale
        record(PlaceChanged(account_id=actor.id))
    actor.theme = wanted.theme
    actor.density = wanted.density
    actor.shortcuts = wanted.shortcuts


def set_theme(actor: Account, theme: Theme) -> None:
    """Light, dark, or what the system says."""
    actor.theme = theme


def set_avatar(actor: Account, key: str) -> str | None:
    """Use the stored picture of this key; gives the key it replaces, to be purged."""
    old, actor.avatar_key = actor.avatar_key, key
    return old


def remove_avatar(actor: Account) -> str | None:
    """Back to initials; gives the key that is no longer used."""
    old, actor.avatar_key = actor.avatar_key, None
    return old


def set_header(actor: Account, key: str) -> str | None:
    """Show the stored wide picture of this key above the profile; gives the key it replaces, to
    be purged."""
    old, actor.header_key = actor.header_key, key
    return old


def remove_header(actor: Account) -> str | None:
    """No wide picture; gives the key that is no longer used."""
    old, actor.header_key = actor.header_key, None
    return old
