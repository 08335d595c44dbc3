"""Tables for spreadsheets, as CSV (RFC 4180) that no spreadsheet takes for formulas."""

import csv
import io
from collections.abc import Iterable, Sequence

# What makes a spreadsheet calculate instead of show (OWASP, CSV injection).
_STARTERS = ("=", "+", "-", "@", "\t", "\r")
_MARK = "\ufeff"  # without it Excel takes UTF-8 for something else


def safe_cell(value: object) -> object:
    """The value of a cell: numbers as they are, text that would be a formula behind an
    apostrophe, None as nothing."""
    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        return value
    text = str(value).replace("\0", "")
    return f"'{text}" if text.startswith(_STARTERS) else text


def to_csv(header: Sequence[object], rows: Iterable[Sequence[object]]) -> str:
    """The table as text, to be sent as UTF-8."""
    out = io.StringIO()
    out.write(_MARK)
    writer = csv.writer(out)
    for row in (header, *rows):
        writer.writerow([safe_cell(cell) for cell in row])
    return out.getvalue()
