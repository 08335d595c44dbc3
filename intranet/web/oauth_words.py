"""What an application may do, said in words: for the consent page and the lists of applications."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext

from intranet.kernel.messages import N_

_WHOLE = {
    "read": ("eye", N_("Read everything that you can read")),
    "write": ("edit", N_("Write in your name: posts, replies, reactions, your profile")),
    "follow": ("people", N_("See and change whom you follow, mute and block")),
    "push": ("bell", N_("Send you notifications")),
    "profile": ("person", N_("See who you are: your name and profile")),
}
_PART = {
    "accounts": N_("profiles"),
    "blocks": N_("people you block"),
    "bookmarks": N_("saved posts"),
    "conversations": N_("conversations"),
    "favourites": N_("posts with your star"),
    "filters": N_("filters"),
    "follows": N_("whom you follow"),
    "lists": N_("lists"),
    "media": N_("pictures and files"),
    "mutes": N_("people you mute"),
    "notifications": N_("notifications"),
    "reports": N_("reports"),
    "search": N_("search"),
    "statuses": N_("posts"),
}


@dataclass(frozen=True, slots=True)
class Wish:
    """One line of what is asked: an icon and a sentence."""

    symbol: str
    words: str


def wishes(scopes: Iterable[str]) -> list[Wish]:
    """The scopes as sentences in the reader's language, the narrow ones gathered in two lines."""
    found: list[Wish] = []
    parts: dict[str, list[str]] = {"read": [], "write": []}
    for one in scopes:
        verb, _, part = one.partition(":")
        if not part:
            symbol, words = _WHOLE[verb]
            found.append(Wish(symbol, str(gettext(words))))
        elif verb not in scopes:
            parts[verb].append(str(gettext(_PART[part])))
    if parts["read"]:
        what = ", ".join(parts["read"])
        found.append(Wish("eye", str(gettext("Read: %(what)s", what=what))))
    if parts["write"]:
        what = ", ".join(parts["write"])
        found.append(Wish("edit", str(gettext("Change: %(what)s", what=what))))
    return found
