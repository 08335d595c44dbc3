"""Keyset paging: a page is a limit and the id it comes after, never an offset."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from intranet.kernel.errors import Invalid
from intranet.kernel.ids import MAX_ID

MAX_LIMIT = 80
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page starts: rows with ids below `before`, or above `after`, newest first. With
    `upwards` they are those directly above `after`, wherever a list can be read so."""

    before: int | None = None
    after: int | None = None
    limit: int = 20
    upwards: bool = False

    @classmethod
    def parse(cls, before: str | None, after: str | None = None, limit: int = 20) -> "Cursor":
        """From text of an address; Invalid when a cursor is not an id."""
        return cls(_id(before), _id(after), max(1, min(limit, MAX_LIMIT)))


def _id(raw: str | None) -> int | None:
    if raw is None or raw == "":
        return None
    if not raw.isascii() or not raw.isdigit() or len(raw) > 19 or int(raw) > MAX_ID:
        raise Invalid(fields={"cursor": "not an id"})
    return int(raw)


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows and the cursor of the next older page (None at the end); `newest` is the id of
    the first row where a list tells it."""

    items: Sequence[T]
    next_before: int | None = None
    newest: int | None = None

    def __bool__(self) -> bool:
        return bool(self.items)


def page_of(rows: Sequence[T], limit: int, key: Callable[[T], int]) -> Page[T]:
    """Make a page of `limit + 1` fetched rows: the extra one only tells that there is more."""
    kept = rows[:limit]
    newest = key(kept[0]) if kept else None
    return Page(kept, key(kept[-1]) if len(rows) > limit else None, newest)
