"""Pages by keyset, in either direction: what a cursor means for a statement."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sqlalchemy import Select

from intranet.kernel.pagination import Cursor, Page

T = TypeVar("T")
Statement = Select[*tuple[Any, ...]]


def keyed(
    statement: Select[*tuple[Any, ...]], key: Any, cursor: Cursor
) -> Select[*tuple[Any, ...]]:
    """The statement for the rows of the cursor's page and one more, which only tells that there
    is one. Rows directly above come upwards: `page_from` turns them round."""
    if cursor.before is not None:
        statement = statement.where(key < cursor.before)
    if cursor.after is not None:
        statement = statement.where(key > cursor.after)
    order = key.asc() if cursor.upwards else key.desc()
    return statement.order_by(order).limit(cursor.limit + 1)


def page_from(rows: Sequence[T], cursor: Cursor, key: Callable[[T], int]) -> Page[T]:
    """The page of these rows, newest first, with the way on in both directions."""
    kept = rows[: cursor.limit]
    if cursor.upwards:
        kept = kept[::-1]
    if not kept:
        return Page([])
    # Below rows that were read upwards lies what the cursor began at.
    more = cursor.upwards or len(rows) > cursor.limit
    return Page(kept, key(kept[-1]) if more else None, key(kept[0]))
