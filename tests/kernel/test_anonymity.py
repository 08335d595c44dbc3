"""Small groups are hidden, and cannot be worked out from what is shown."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from intranet.kernel.anonymity import Breakdown, Tally, breakdown

_SIZES = st.integers(0, 40)
_ROWS = st.lists(_SIZES.flatmap(lambda size: st.tuples(st.just(size), st.integers(0, size))))


def _tallies(sizes: list[tuple[int, int]]) -> list[Tally]:
    return [Tally(f"group {n}", people, (done,)) for n, (people, done) in enumerate(sizes)]


def _lines(found: Breakdown) -> list[Tally]:
    return [*found.shown, *([found.others] if found.others else [])]


@given(_ROWS, st.integers(1, 20))
def test_every_line_speaks_of_enough_people(sizes: list[tuple[int, int]], minimum: int) -> None:
    found = breakdown(_tallies(sizes), minimum)
    assert all(line.people >= minimum for line in _lines(found))
    # What is folded is of two groups at least: the total minus what is shown names none.
    assert (found.others is None) or found.folded >= 2
    assert not (found.withheld and _lines(found))


@given(_ROWS, st.integers(1, 20))
def test_the_total_minus_the_shown_tells_of_no_small_group(
    sizes: list[tuple[int, int]], minimum: int
) -> None:
    rows = _tallies(sizes)
    found = breakdown(rows, minimum)
    left = sum(row.people for row in rows) - sum(line.people for line in found.shown)
    assert found.withheld or left == 0 or left >= minimum
    if not found.withheld:
        assert sum(line.people for line in _lines(found)) == sum(row.people for row in rows)
        assert sum(line.counts[0] for line in _lines(found)) == sum(row.counts[0] for row in rows)


@given(_ROWS, st.integers(1, 20))
def test_nothing_is_hidden_needlessly(sizes: list[tuple[int, int]], minimum: int) -> None:
    rows = [row for row in _tallies(sizes) if row.people]
    found = breakdown(rows, minimum)
    if all(row.people >= minimum for row in rows):
        assert found.folded == 0
        assert len(found.shown) == len(rows)
    small = sum(row.people < minimum for row in rows)
    if small:
        hidden = sorted(row.people for row in rows)[: found.folded]
        # One group fewer would not have done.
        assert found.folded == small or found.folded == 2 or sum(hidden[:-1]) < minimum


def test_one_small_group_takes_the_next_with_it() -> None:
    rows = [Tally("Nantes", 40, (30,)), Tally("Lyon", 9, (4,)), Tally("Leeds", 2, (2,))]
    found = breakdown(rows, 5)
    assert found.shown == (Tally("Nantes", 40, (30,)),)
    assert found.others == Tally("", 11, (6,))
    assert found.folded == 2


def test_a_handful_is_not_shown_at_all() -> None:
    assert breakdown([Tally("Leeds", 2, (1,)), Tally("Rotterdam", 2, (2,))], 5).withheld
    assert breakdown([Tally("Leeds", 3, (1,))], 5).withheld
    assert breakdown([], 5) == Breakdown(())


def test_one_name_is_one_group() -> None:
    found = breakdown([Tally("Lyon", 3, (1,)), Tally("Lyon", 3, (2,))], 5)
    assert found.shown == (Tally("Lyon", 6, (3,)),)
