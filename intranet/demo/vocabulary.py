"""Names and sentences by chance, each already drawn and folded: a million posts need them fast."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from intranet.kernel import text

_SLOT = re.compile(r"\{(\w+)\}")
_OPENINGS, _REPLIES = 1500, 600  # different sentences of each language


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence: as typed, as HTML without its paragraph, and folded for the search."""

    source: str
    html: str
    folded: str


@dataclass(frozen=True, slots=True)
class Tongue:
    """The sentences of one language."""

    code: str
    openings: tuple[Piece, ...]
    details: tuple[Piece, ...]
    closings: tuple[Piece, ...]
    replies: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    first_names: tuple[str, ...]
    last_names: tuple[str, ...]
    titles: tuple[str, ...]
    departments: tuple[str, ...]
    sites: tuple[str, ...]
    group_names: tuple[str, ...]
    tongues: tuple[Tongue, ...]
    hashtags: tuple[tuple[str, Piece], ...]  # (as typed without #, the piece that says it)


def read_vocabulary(dice: Random) -> Vocabulary:
    """The words of `content/vocabulary.toml`, put together by these dice."""
    path = Path(__file__).with_name("content") / "vocabulary.toml"
    words: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    return Vocabulary(
        first_names=tuple(words["first_names"].split()),
        last_names=tuple(words["last_names"].split()),
        titles=tuple(words["titles"]),
        departments=tuple(words["departments"]),
        sites=tuple(words["sites"]),
        group_names=tuple(
            f"{kind} {subject}"
            for subject in words["group_subjects"]
            for kind in words["group_kinds"]
        ),
        tongues=tuple(_tongue(code, words, dice) for code in ("fr", "en")),
        hashtags=tuple((name, _piece(f"#{name}")) for name in words["hashtags"]),
    )


def _tongue(code: str, words: dict[str, Any], dice: Random) -> Tongue:
    sentences = words[code]
    return Tongue(
        code=code,
        openings=_filled(sentences["openings"], words["words"], _OPENINGS, dice),
        details=tuple(map(_piece, sentences["details"])),
        closings=tuple(map(_piece, sentences["closings"])),
        replies=_filled(sentences["replies"], words["words"], _REPLIES, dice),
    )


def _filled(
    templates: list[str], words: dict[str, list[str]], count: int, dice: Random
) -> tuple[Piece, ...]:
    made = [
        _SLOT.sub(lambda slot: dice.choice(words[slot[1]]), templates[index % len(templates)])
        for index in range(count)
    ]
    return tuple(_piece(sentence[0].upper() + sentence[1:]) for sentence in dict.fromkeys(made))


def _piece(source: str) -> Piece:
    html = text.render(source).removeprefix("<p>").removesuffix("</p>")
    return Piece(source, html, text.fold(source))
