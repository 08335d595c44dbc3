"""What a page shows of a post that was found: the piece with the words, and why it was found."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from intranet.kernel.text import plain_text
from intranet.posts.cards import PostCard
from intranet.search import highlights
from intranet.search.highlights import Piece
from intranet.search.parsing import Question


class Place(enum.StrEnum):
    """Where the words stand."""

    TEXT = "text"
    WARNING = "warning"
    BEHIND_WARNING = "behind_warning"
    ANSWER = "answer"  # of its poll
    FILE_NAME = "file_name"
    DESCRIPTION = "description"  # of a picture or file
    OPERATORS = "operators"  # no words were asked for, or they stand in different places


@dataclass(frozen=True, slots=True)
class Why:
    """One place; `pieces` unless the words are shown already, or must not be."""

    place: Place
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class Explained:
    """A post that was found. `snippet` is of its text, or of the warning that hides the text."""

    card: PostCard
    snippet: tuple[Piece, ...]
    why: tuple[Why, ...]


def explain(question: Question, card: PostCard) -> Explained:
    """The card with what was looked for marked."""
    wanted = highlights.sought(question)
    text = plain_text(card.source)
    shown = card.spoiler_text or text
    why: list[Why] = []
    if card.spoiler_text and highlights.holds(card.spoiler_text, wanted):
        why.append(Why(Place.WARNING))
    if highlights.holds(text, wanted):
        why.append(Why(Place.BEHIND_WARNING if card.spoiler_text else Place.TEXT))
    if not card.spoiler_text:
        why += _elsewhere(card, wanted)
    return Explained(card, highlights.pieces(shown, wanted), tuple(why) or (Why(Place.OPERATORS),))


def _elsewhere(card: PostCard, wanted: frozenset[str]) -> list[Why]:
    said = [(Place.ANSWER, option.title) for option in card.poll.options] if card.poll else []
    for one in card.media:
        said += [(Place.FILE_NAME, one.file_name), (Place.DESCRIPTION, one.alt_text)]
    return [
        Why(place, highlights.pieces(text, wanted, 120))
        for place, text in said
        if text and highlights.holds(text, wanted)
    ][:3]
