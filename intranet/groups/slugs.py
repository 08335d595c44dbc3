"""The part of a group's address that comes from its name."""

import re
import secrets
from collections.abc import Iterator

from intranet.groups.models import GroupPrivacy
from intranet.kernel import text

# Pages beside the groups' own.
RESERVED = frozenset({"new", "mine", "all", "suggested", "search", "invitations", "requests"})
_LONGEST = 60
_TRIES = 50


def slug_of(name: str) -> str:
    """ASCII letters, digits and hyphens, at most 60; "group" for a name without any."""
    slug = re.sub(r"[^a-z0-9]+", "-", text.fold(name)).strip("-")[:_LONGEST].strip("-")
    return slug or "group"


def candidates(name: str, privacy: GroupPrivacy) -> Iterator[str]:
    """Addresses to try, the nicest first. A secret group's ends in chance: its namesake getting
    a number instead of the plain address would tell that it is there."""
    slug = slug_of(name)
    if privacy is not GroupPrivacy.SECRET:
        if slug not in RESERVED:
            yield slug
        for number in range(2, _TRIES):
            yield f"{slug}-{number}"
    for _ in range(_TRIES):
        yield f"{slug}-{secrets.token_hex(4)}"
