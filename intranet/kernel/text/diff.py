"""What an edit changed, word by word, for the edit history."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import Literal

Kind = Literal["same", "added", "removed"]

_WORDS = re.compile(r"\s+|\w+|[^\w\s]+")
# SequenceMatcher may take quadratic time. Above these sizes lines are compared instead
# of words, and above them again the old text is shown whole beside the new one.
_MOST_PIECES = 1_500
_MOST_PAIRS = 8_000


@dataclass(frozen=True)
class Segment:
    """A stretch of text that stayed, came or went."""

    kind: Kind
    text: str


def word_diff(old: str, new: str) -> list[Segment]:
    """The segments that lead from `old` to `new`, never empty ones, never two of a kind in
    a row. Those not added spell `old`; those not removed spell `new`."""
    for pieces_of in (_words, _lines):
        before, after = pieces_of(old), pieces_of(new)
        head = _common_start(before, after)
        tail = _common_start(before[head:][::-1], after[head:][::-1])
        start, end = before[:head], before[len(before) - tail :]
        before = before[head : len(before) - tail]
        after = after[head : len(after) - tail]
        if _affordable(before, after):
            return _merged([_same(start), *_compare(before, after), _same(end)])
    return _merged([Segment("removed", old), Segment("added", new)])


def _words(text: str) -> list[str]:
    return _WORDS.findall(text)


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _common_start(before: Sequence[str], after: Sequence[str]) -> int:
    """How many pieces they share at their beginning."""
    pairs = enumerate(zip(before, after, strict=False))
    return next((index for index, (a, b) in pairs if a != b), min(len(before), len(after)))


def _affordable(before: Sequence[str], after: Sequence[str]) -> bool:
    if max(len(before), len(after)) > _MOST_PIECES:
        return False
    theirs = Counter(after)
    pairs = sum(
        count * theirs[piece] for piece, count in Counter(before).items() if not piece.isspace()
    )
    return pairs <= _MOST_PAIRS


def _compare(before: Sequence[str], after: Sequence[str]) -> Iterator[Segment]:
    # Spaces are junk: they join a match but never make one.
    matcher = SequenceMatcher(str.isspace, before, after, autojunk=False)
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if tag == "equal":
            yield _same(before[start:end])
        else:
            yield Segment("removed", "".join(before[start:end]))
            yield Segment("added", "".join(after[new_start:new_end]))


def _same(pieces: Sequence[str]) -> Segment:
    return Segment("same", "".join(pieces))


def _merged(segments: Iterable[Segment]) -> list[Segment]:
    written = (segment for segment in segments if segment.text)
    return [
        Segment(kind, "".join(segment.text for segment in run))
        for kind, run in groupby(written, key=lambda segment: segment.kind)
    ]
