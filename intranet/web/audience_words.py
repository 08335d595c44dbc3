"""Whom a rule includes and how many that are, in the reader's words."""

from __future__ import annotations

from collections.abc import Sequence

from babel.lists import format_list
from flask import Flask
from flask_babel import format_decimal, get_locale, gettext, ngettext

from intranet.accounts.models import Account, Role
from intranet.audiences import queries, rules
from intranet.audiences.queries import Reach
from intranet.audiences.rules import AudienceRule
from intranet.web.people import names_of_languages

_SHOWN = 3


def role_words(role: str) -> str:
    """The people who have this role."""
    words: dict[Role, str] = {
        Role.MEMBER: gettext("members"),
        Role.MODERATOR: gettext("moderators"),
        Role.HR: gettext("human resources"),
        Role.ADMINISTRATOR: gettext("administrators"),
        Role.GUEST: gettext("guests"),
    }
    return words[Role(role)]


def rule_words(viewer: Account, rule: AudienceRule) -> str:
    """The rule in words, such as "Production or Quality · Nantes"; a group that the viewer may not
    know of has no name here."""
    if rule.is_everyone:
        return str(gettext("All colleagues"))
    names = queries.group_names(viewer, rule.group_ids)
    unknown = str(gettext("a group that you cannot see"))
    languages = names_of_languages(rule.languages)
    parts = [
        _either(rule.departments),
        _either(rule.sites),
        _either(rule.employments),
        _either([role_words(role) for role in rule.roles]),
        _either([languages[code] for code in rule.languages]),
        _either([names.get(group_id, unknown) for group_id in rule.group_ids]),
    ]
    return " · ".join(part for part in parts if part)


def audience_words(viewer: Account, audience_id: int) -> str:
    """As `rule_words`, of a stored audience."""
    return rule_words(viewer, rules.read(audience_id))


def reach_words(reach: Reach) -> str:
    """ "Reaches 1,240 people: Nantes 640, Lyon 300…"."""
    people = ngettext(
        "Reaches %(number)s person",
        "Reaches %(number)s people",
        reach.people,
        number=format_decimal(reach.people),
    )
    sites = [(site, number) for site, number in reach.by_site if site][:_SHOWN]
    if not sites or (len(sites) == 1 and sites[0][1] == reach.people):
        return f"{people}."
    told = ", ".join(f"{site} {format_decimal(number)}" for site, number in sites)
    rest = reach.people - sum(number for _site, number in sites)
    if rest:
        others = gettext("elsewhere %(number)s", number=format_decimal(rest))
        told = f"{told}, {others}"
    return str(gettext("%(people)s: %(places)s.", people=people, places=told))


def _either(words: Sequence[str]) -> str:
    return format_list(list(words), style="or", locale=get_locale() or "en") if words else ""


def register(app: Flask) -> None:
    """Give templates the words."""
    app.jinja_env.globals.update(reach_words=reach_words, role_words=role_words)
