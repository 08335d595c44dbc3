"""Figures about groups of people, without telling of anybody in a small one.

A group of fewer people than the minimum is not shown by itself. Because the total stands beside
the groups, hiding one alone would be worth nothing: whoever subtracts finds it. So what is hidden
is folded into one line, of at least two groups and at least the minimum of people.
"""

from collections.abc import Iterable
from dataclasses import dataclass

_FEWEST_GROUPS = 2


@dataclass(frozen=True, slots=True)
class Tally:
    """One group: its name, how many people it has, and any counts of what they did."""

    label: str
    people: int
    counts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Breakdown:
    """`shown` from large to small. `others` is the sum of `folded` groups. `withheld`: nothing can
    be shown at all without telling of a few people, not even the sum."""

    shown: tuple[Tally, ...]
    others: Tally | None = None
    folded: int = 0
    withheld: bool = False


def breakdown(rows: Iterable[Tally], minimum: int) -> Breakdown:
    """The groups that may be shown, and the rest as one. Groups without people are left out, those
    of one name are one; all rows have as many counts. Nothing is hidden needlessly: groups are
    folded from the smallest on, no more than hides each of them."""
    rest = sorted(_together(rows), key=lambda row: (row.people, row.label))
    folded: list[Tally] = []
    while rest and (rest[0].people < minimum or _reveals(folded, minimum)):
        folded.append(rest.pop(0))
    shown = tuple(sorted(rest, key=lambda row: (-row.people, row.label)))
    if not folded:
        return Breakdown(shown)
    if _reveals(folded, minimum):
        return Breakdown((), None, len(folded), withheld=True)
    return Breakdown(shown, _sum(folded), len(folded))


def _reveals(folded: list[Tally], minimum: int) -> bool:
    """Whether the sum of these, which anybody can work out, tells of fewer than it may."""
    people = sum(row.people for row in folded)
    return bool(folded) and (len(folded) < _FEWEST_GROUPS or people < minimum)


def _together(rows: Iterable[Tally]) -> list[Tally]:
    named: dict[str, list[Tally]] = {}
    for row in rows:
        if row.people > 0:
            named.setdefault(row.label, []).append(row)
    return [_sum(same, label) for label, same in named.items()]


def _sum(rows: list[Tally], label: str = "") -> Tally:
    counts = zip(*(row.counts for row in rows), strict=True)
    return Tally(label, sum(row.people for row in rows), tuple(sum(column) for column in counts))
