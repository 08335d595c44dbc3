"""Where the words of a question stand in a text, in pieces that a page draws: never as HTML."""

from __future__ import annotations

import re
from dataclasses import dataclass

from intranet.search import analysis
from intranet.search.parsing import Question

_WORD = re.compile(r"[^\W_]+")
_BEFORE = 60  # characters shown before the first word that was found
_ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some of a text; `found` when it is what was looked for."""

    text: str
    found: bool = False


def sought(question: Question) -> frozenset[str]:
    """The words that are looked for, as any text may have them."""
    return frozenset(
        form
        for one in question.wanted
        if not one.excluded
        for word in (*one.words, *((one.joined,) if one.joined else ()))
        for form in (
            analysis.asked_as(word)
            if len(one.words) == 1 or word == one.joined
            else analysis.manners_of(word)
        )
    )


def holds(text: str, wanted: frozenset[str]) -> bool:
    """One of the words stands in the text."""
    return any(_meets(word, wanted) for word in analysis.words_of(text))


def pieces(text: str, wanted: frozenset[str], limit: int = 240) -> tuple[Piece, ...]:
    """The text from shortly before the first word that is found, `limit` characters at most."""
    spans = [found.span() for found in _WORD.finditer(text[:20_000]) if _meets(found[0], wanted)]
    start = 0
    if spans and len(text) > limit:
        start = max(0, min(spans[0][0] - _BEFORE, len(text) - limit))
        if start:
            cut = text.find(" ", start, spans[0][0])
            start = cut + 1 if cut >= 0 else spans[0][0]
    end = _end(text, start + limit)
    made: list[Piece] = []
    place = start
    for first, last in spans:
        if first < start or last > end:
            continue
        made += [Piece(text[place:first]), Piece(text[first:last], found=True)]
        place = last
    made.append(Piece(text[place:end] + (_ELLIPSIS if end < len(text) else "")))
    if start:
        made.insert(0, Piece(_ELLIPSIS))
    return tuple(piece for piece in made if piece.text)


def _end(text: str, end: int) -> int:
    if end >= len(text):
        return len(text)
    cut = text.rfind(" ", end - 40, end)
    return cut if cut > 0 else end


def _meets(word: str, wanted: frozenset[str]) -> bool:
    return any(form in wanted for form in analysis.manners_of(word))
