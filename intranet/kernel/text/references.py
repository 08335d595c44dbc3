"""Mentions and hashtags in a stretch of plain text: what is one, and where it leads."""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

Kind = Literal["mention", "hashtag"]

_HANDLE = re.compile(r"[a-z0-9_.-]{1,63}[a-z0-9_]")
_SIGN = re.compile("[@#]")
# A sign in the middle of a word, an e-mail address or a web address starts nothing.
_NOT_BEFORE = frozenset("@#/+=&%")
# Invisible characters with which a handle could be made to look like another one.
_UNSEEN = frozenset("\u00ad\u034f\u180e\u200b\u200c\u200d\u2060\u2061\u2062\u2063\u2064")
_LONGEST_HASHTAG = 100


@dataclass(frozen=True)
class Hashtag:
    """`name` is the one spelling to store, compare and link; `display` is as typed, no #."""

    name: str
    display: str


@dataclass(frozen=True)
class Reference:
    """`text[start:end]` is a mention (name: lower-case handle) or a hashtag (canonical)."""

    kind: Kind
    start: int
    end: int
    name: str
    display: str


def is_handle(text: str) -> bool:
    """Whether it can be mentioned: 2 to 64 of a-z 0-9 _ . - not ending in . or -"""
    return _HANDLE.fullmatch(text) is not None


def canonical_hashtag(name: str) -> str:
    """The one spelling of a hashtag, whatever its capitals: `Été` -> `été`."""
    folded = unicodedata.normalize("NFD", name).casefold()
    return unicodedata.normalize("NFC", folded)


def hashtag_path(name: str) -> str:
    """The page of a hashtag, from its canonical name."""
    return "/tags/" + quote(name, safe="")


def mention_paths(handles: Collection[str]) -> Callable[[str], str | None]:
    """A `link_mention` for `render`: `/@handle` for these (in any case), no link for others."""
    known = {handle.lower() for handle in handles}
    return lambda handle: f"/@{handle}" if handle in known else None


def find_references(text: str, before: str = "", after: str = "") -> Iterator[Reference]:
    """The mentions and hashtags of `text`, in order. `before` and `after` are the characters
    around it, when it is cut out of a longer one. Linear in the length of the text."""
    end = 0
    for sign in _SIGN.finditer(text):
        start = sign.start()
        if start < end or not _may_stand_before(text[start - 1] if start else before):
            continue
        found = _mention(text, start, after) if sign[0] == "@" else _hashtag(text, start, after)
        if found:
            end = found.end
            yield found


def _mention(text: str, start: int, after: str) -> Reference | None:
    run = _run(text, start + 1, _is_in_handle)
    written = run.rstrip(".-")
    end = start + 1 + len(written)
    # The text may go on in a neighbouring piece only if nothing was left over here.
    follows = text[end] if end < len(text) else after
    # A handle is taken whole or not at all: @renée must not mention ren.
    if follows == "@" or (follows and (_is_in_word(follows) or follows in _UNSEEN)):
        return None
    handle = written.lower()
    if not written.isascii() or not is_handle(handle):
        return None
    return Reference("mention", start, end, handle, written)


def _hashtag(text: str, start: int, after: str) -> Reference | None:
    written = _run(text, start + 1, _is_in_word)
    end = start + 1 + len(written)
    follows = text[end] if end < len(text) else after
    if follows and (_is_in_word(follows) or follows in "#@"):
        return None
    if len(written) > _LONGEST_HASHTAG or not any(letter.isalpha() for letter in written):
        return None
    return Reference("hashtag", start, end, canonical_hashtag(written), written)


def _run(text: str, start: int, belongs: Callable[[str], bool]) -> str:
    end = start
    while end < len(text) and belongs(text[end]):
        end += 1
    return text[start:end]


def _may_stand_before(character: str) -> bool:
    return not character or not (_is_in_word(character) or character in _NOT_BEFORE)


def _is_in_handle(character: str) -> bool:
    return character in ".-" or _is_in_word(character)


def _is_in_word(character: str) -> bool:
    """Letters, their marks (Hindi and Thai cannot be spelled without), digits and _"""
    category = unicodedata.category(character)
    return category[0] in "LM" or category == "Nd" or character == "_"
