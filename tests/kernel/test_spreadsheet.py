"""No cell is a formula."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intranet.kernel.spreadsheet import safe_cell, to_csv


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\r=1"])
def test_what_would_be_calculated_is_text(cell: str) -> None:
    assert safe_cell(cell) == "'" + cell


@given(st.lists(st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=20)))
def test_a_table_comes_back_as_it_was(cells: list[str]) -> None:
    text = to_csv(("a", "b"), [(cell, -3) for cell in cells])
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))[1:]
    assert len(rows) == len(cells)
    for (first, second), cell in zip(rows, cells, strict=True):
        assert first.removeprefix("'") == cell.replace("\0", "").removeprefix("'")
        assert not first.startswith(("=", "+", "-", "@", "\t", "\r"))
        assert second == "-3"  # numbers stay numbers
