"""What a token may do. The names are Mastodon's; a name that is not listed here does not exist.

A wide scope covers its parts: `read` every `read:*`, `write` every `write:*`, and `follow` is the
old name for reading and writing follows, blocks and mutes.
https://docs.joinmastodon.org/api/oauth-scopes/
"""

from __future__ import annotations

from collections.abc import Iterable

from intranet.kernel.errors import Invalid
from intranet.kernel.messages import N_

_READ = """
accounts blocks bookmarks favourites filters follows lists mutes notifications search statuses
"""
_WRITE = """
accounts blocks bookmarks conversations favourites filters follows lists media mutes
notifications reports statuses
"""
READ = tuple(f"read:{name}" for name in _READ.split())
WRITE = tuple(f"write:{name}" for name in _WRITE.split())
_COVERS: dict[str, frozenset[str]] = {
    "read": frozenset(READ),
    "write": frozenset(WRITE),
    "follow": frozenset(
        f"{verb}:{name}" for verb in ("read", "write") for name in ("follows", "blocks", "mutes")
    ),
}
SUPPORTED = ("read", "write", "follow", "push", "profile", *READ, *WRITE)
DEFAULT = "read"
_MOST = 2000


def parse(text: str | None) -> tuple[str, ...]:
    """The scopes in a text, each once, as they came; DEFAULT for none. Invalid for a name that
    does not exist: administration is never a program's."""
    if text is None or not text.strip():
        return (DEFAULT,)
    wanted = tuple(dict.fromkeys(text[:_MOST].replace("+", " ").split()))
    if len(text) > _MOST or not set(wanted) <= set(SUPPORTED):
        raise Invalid(fields={"scopes": N_("There is no such scope.")})
    return wanted


def held(text: str) -> tuple[str, ...]:
    """The scopes of a stored row."""
    return tuple(text.split())


def covers(granted: Iterable[str], wanted: str) -> bool:
    """Whether one of the granted scopes allows what the wanted one names."""
    return any(one == wanted or wanted in _COVERS.get(one, ()) for one in granted)


def covers_all(granted: Iterable[str], wanted: Iterable[str]) -> bool:
    """Whether everything wanted is allowed."""
    granted = tuple(granted)
    return all(covers(granted, one) for one in wanted)


def parts(granted: Iterable[str]) -> frozenset[str]:
    """Everything that the scopes come to, without the wide names."""
    found: set[str] = set()
    for one in granted:
        found |= _COVERS.get(one, {one})
    return frozenset(found)
