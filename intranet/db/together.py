"""Several reads in one statement.

What a page shows hangs together from many small lists: files, reactions, answers, names. Each read
is written where it belongs, as a select of named columns. Together they are one UNION ALL: every
row is a JSON array that begins with its read's number, and comes out as the read alone gives it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import orjson
from sqlalchemy import (
    JSON,
    Boolean,
    Date,
    Enum,
    Float,
    FromClause,
    Integer,
    Result,
    Row,
    Select,
    String,
    Text,
    cast,
    func,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.engine import result_tuple
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import NullType, TypeEngine

from intranet.db import UTCDateTime, db

_BETWEEN = "\x1e"  # in no JSON: there it is always written as \\u001e
Read = Select[*tuple[Any, ...]]
Rows = list[Row[*tuple[Any, ...]]]


class Together:
    """Reads by name. Build it once and keep it: to build a statement costs more than to run it.
    The order of a read is not kept; a column's type must be one of those below."""

    def __init__(self, reads: Mapping[str, Read]) -> None:
        self._names = tuple(reads)
        self._shapes = []
        parts: list[Read] = []
        for number, read in enumerate(reads.values()):
            columns = read.subquery().c
            self._shapes.append(_Shape(columns))
            body = _JsonRow(literal_column(str(number)), *(_plain(column) for column in columns))
            parts.append(select(body.label("body")))
        self._statement = union_all(*parts)

    def run(self, parameters: Mapping[str, Any]) -> dict[str, Rows]:
        """The rows of each read, by its name: one statement."""
        return self._found(_run(self._statement, parameters).scalars())

    def for_each(self, table: FromClause, ids: Any) -> ForEach:
        """The same for several rows of `table`, which the reads name by its columns without having
        it among their own tables."""
        return ForEach(self, table, ids)

    def _found(self, bodies: Iterable[str]) -> dict[str, Rows]:
        found: list[Rows] = [[] for _name in self._names]
        for body in bodies:
            number, *values = orjson.loads(body)
            found[number].append(self._shapes[number].row(values))
        return dict(zip(self._names, found, strict=True))


class ForEach:
    """Reads that are asked anew for each row of a table, in one statement for all rows. The table
    has a column `id`."""

    def __init__(self, together: Together, table: FromClause, ids: Any) -> None:
        self._together = together
        bodies = together._statement.subquery().c.body
        whole = select(func.aggregate_strings(bodies, _BETWEEN)).scalar_subquery()
        self._statement = select(table.c.id, whole).where(table.c.id.in_(ids))

    def run(self, parameters: Mapping[str, Any]) -> dict[int, dict[str, Rows]]:
        """By the id of the row: the rows of each read, by its name. Where several have the very
        same, it is one and the same mapping: it is not to be changed."""
        read: dict[str | None, dict[str, Rows]] = {}
        found = {}
        for id_, whole in _run(self._statement, parameters):
            if whole not in read:
                read[whole] = self._together._found(whole.split(_BETWEEN) if whole else ())
            found[id_] = read[whole]
        return found


def _run(statement: Any, parameters: Mapping[str, Any]) -> Result[*tuple[Any, ...]]:
    if db.session.autoflush:
        db.session.flush()  # as before a statement of models
    return db.session.execute(statement, parameters)


class _Shape:
    """Makes rows of JSON arrays: names, and what gives a column its Python value back."""

    def __init__(self, columns: Any) -> None:
        self._tuple = result_tuple([column.key for column in columns])
        readers = [(place, _reader(column.type)) for place, column in enumerate(columns)]
        self._readers = [(place, read) for place, read in readers if read is not None]

    def row(self, values: list[Any]) -> Row[Any]:
        for place, read in self._readers:
            if values[place] is not None:
                values[place] = read(values[place])
        row: Row[Any] = self._tuple(values)
        return row


class _JsonRow(FunctionElement[str]):
    """The columns as the text of a JSON array."""

    type = Text()
    inherit_cache = True


@compiles(_JsonRow)
def _sqlite(element: _JsonRow, compiler: Any, **options: Any) -> str:
    return f"json_array({compiler.process(element.clauses, **options)})"


@compiles(_JsonRow, "postgresql")
def _postgresql(element: _JsonRow, compiler: Any, **options: Any) -> str:
    return f"CAST(json_build_array({compiler.process(element.clauses, **options)}) AS TEXT)"


def _plain(column: Any) -> Any:
    """What is JSON already travels as its text: SQLite knows it as nothing else."""
    return cast(column, Text) if isinstance(column.type, JSON) else column


def _reader(type_: TypeEngine[Any]) -> Callable[[Any], Any] | None:
    """What makes the Python value of a JSON one; None where they are the same."""
    if isinstance(type_, Enum):
        return type_.enum_class
    if isinstance(type_, Boolean):
        return bool
    if isinstance(type_, UTCDateTime):
        return _moment
    if isinstance(type_, Date):
        return dt.date.fromisoformat
    if isinstance(type_, JSON):
        return orjson.loads
    if isinstance(type_, Float):
        return float
    if isinstance(type_, Integer | String | NullType):
        return None
    raise TypeError(f"{type_!r} is not read together with others")


def _moment(text: str) -> dt.datetime:
    """In UTC; SQLite drops the zone."""
    value = dt.datetime.fromisoformat(text)
    return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)
