"""What people say of themselves in their own words: a few lines, each with name and value."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from intranet.accounts import names
from intranet.kernel.errors import Invalid
from intranet.kernel.messages import N_

MAX_FACTS = 4
MAX_LENGTH = 255  # characters of a name, and of a value

_LINK = re.compile(r"https?://[^\s<>\"']+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Fact:
    """One line. `href` is set when the value is a web address."""

    name: str
    value: str

    @property
    def href(self) -> str | None:
        """The address that the value is; None for any other text."""
        return self.value if _LINK.fullmatch(self.value) else None


def facts_from(kept: Iterable[dict[str, str]]) -> tuple[Fact, ...]:
    """The lines as an account keeps them."""
    return tuple(Fact(one["name"], one["value"]) for one in kept)


def checked_facts(wanted: Iterable[Fact]) -> list[dict[str, str]]:
    """The lines as they are kept, the empty ones left out. Invalid under `facts` when there are
    too many, when one is too long, or has a value without a name."""
    found = []
    for fact in wanted:
        name = names.line(fact.name, field="facts", most=MAX_LENGTH)
        value = names.line(fact.value, field="facts", most=MAX_LENGTH)
        if value and not name:
            raise Invalid(fields={"facts": N_("Give each line a name.")})
        if name and value:
            found.append({"name": name, "value": value})
    if len(found) > MAX_FACTS:
        raise Invalid(fields={"facts": N_("Four lines at most.")})
    return found
