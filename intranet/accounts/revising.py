"""Parts of one's own profile, changed one by one: what programs send is seldom the whole."""

from __future__ import annotations

import re
from dataclasses import dataclass

from intranet.accounts import names
from intranet.accounts.events import NameChanged
from intranet.accounts.facts import Fact, checked_facts
from intranet.accounts.mentions import html_of
from intranet.accounts.models import Account, sort_name_of
from intranet.accounts.profile import checked_about
from intranet.accounts.queries import skills_of
from intranet.accounts.words import search_text_of
from intranet.db import record
from intranet.kernel.errors import Invalid
from intranet.kernel.messages import N_

_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z]{2,4})?", re.ASCII)  # BCP 47, the short ones
AUDIENCES = ("organisation", "followers", "direct")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileChange:
    """What changes; None leaves a part as it is. `post_language` "" is none in particular."""

    display_name: str | None = None
    about: str | None = None
    facts: tuple[Fact, ...] | None = None
    is_automated: bool | None = None
    post_audience: str | None = None
    post_sensitive: bool | None = None
    post_language: str | None = None


def change_profile(actor: Account, change: ProfileChange) -> None:
    """Write these parts of the actor's own profile. Invalid, with nothing written, when one cannot
    be taken."""
    name = None if change.display_name is None else names.display_name(change.display_name)
    about = None if change.about is None else checked_about(change.about)
    facts = None if change.facts is None else checked_facts(change.facts)
    if change.post_audience is not None and change.post_audience not in AUDIENCES:
        raise Invalid(fields={"post_audience": N_("Choose who the post is for.")})
    if change.post_language and not _LANGUAGE.fullmatch(change.post_language):
        raise Invalid(fields={"post_language": N_("There is no such language here.")})
    if name is not None:
        actor.display_name, actor.sort_name = name, sort_name_of(name)
    if about is not None:
        actor.about_source, actor.about_html = about, html_of(about)
    if facts is not None:
        actor.facts = facts
    if change.is_automated is not None:
        actor.is_automated = change.is_automated
    if change.post_audience is not None:
        actor.post_audience = change.post_audience
    if change.post_sensitive is not None:
        actor.post_sensitive = change.post_sensitive
    if change.post_language is not None:
        actor.post_language = change.post_language or None
    actor.search_text = search_text_of(actor, skills_of(actor.id))
    record(NameChanged(account_id=actor.id))
