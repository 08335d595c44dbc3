"""Loads millions of rows: one prepared INSERT on SQLite, COPY on PostgreSQL.

The only code beside the unit of work that writes: it fills an empty database and tells nobody.
Rows are plain tuples of what the drivers take (text for times and JSON).
"""

from __future__ import annotations

import enum
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any, Protocol, cast

from sqlalchemy import Table
from sqlalchemy.sql.schema import CallableColumnDefault, ScalarElementColumnDefault

from intranet.db import db

Row = Sequence[Any]
Progress = Callable[[str, int, int], None]  # what is made, how many are there, how many will be
_BATCH = 20_000


class Loader(Protocol):
    """Takes rows; everything it took is committed when its context ends."""

    def load(
        self, table: Any, columns: Sequence[str], rows: Iterable[Row], *, label: str, total: int
    ) -> None:
        """Insert `rows`; columns that are not named and may not be empty get their default."""


@contextmanager
def loading(progress: Progress) -> Iterator[Loader]:
    """A loader for the application's database, in one transaction; statistics are made anew
    afterwards, so that the first queries are planned for what is there."""
    raw = db.engine.raw_connection()
    connection = raw.driver_connection
    assert connection is not None
    try:
        if db.engine.dialect.name == "sqlite":
            with _unsafe_but_fast(connection):
                connection.execute("BEGIN IMMEDIATE")
                try:
                    yield _SqliteLoader(connection, progress)
                    connection.execute("ANALYZE")
                except BaseException:
                    connection.execute("ROLLBACK")
                    raise
                connection.execute("COMMIT")
        else:
            with connection.transaction():
                yield _PostgresLoader(connection, progress)
            connection.rollback()
            connection.autocommit = True
            connection.execute("VACUUM ANALYZE")
            connection.autocommit = False
    finally:
        raw.close()


@contextmanager
def _unsafe_but_fast(connection: sqlite3.Connection) -> Iterator[None]:
    """A crash may spoil the file meanwhile: it held nothing before, and can be made again."""
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("PRAGMA journal_mode=MEMORY")  # stays WAL while others are connected
    connection.execute("PRAGMA foreign_keys=OFF")
    connection.execute("PRAGMA cache_size=-500000")
    try:
        yield
    finally:
        connection.execute("PRAGMA cache_size=-65536")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")


class _SqliteLoader:
    def __init__(self, connection: sqlite3.Connection, progress: Progress) -> None:
        self._connection, self._progress = connection, progress

    def load(
        self, table: Any, columns: Sequence[str], rows: Iterable[Row], *, label: str, total: int
    ) -> None:
        given, constants = _completed(table.__table__, columns)
        names = ", ".join(f'"{name}"' for name in given)
        # Names come from our own models; values are bound.
        marks = ", ".join("?" * len(columns) + "?" * len(constants))
        statement = f'INSERT INTO "{table.__tablename__}" ({names}) VALUES ({marks})'  # noqa: S608
        for done, batch in _batches(rows, constants):
            self._connection.executemany(statement, batch)
            self._progress(label, done, max(total, done))


class _PostgresLoader:
    def __init__(self, connection: Any, progress: Progress) -> None:
        self._connection, self._progress = connection, progress

    def load(
        self, table: Any, columns: Sequence[str], rows: Iterable[Row], *, label: str, total: int
    ) -> None:
        given, constants = _completed(table.__table__, columns)
        names = ", ".join(f'"{name}"' for name in given)
        with (
            self._connection.cursor() as cursor,
            cursor.copy(f'COPY "{table.__tablename__}" ({names}) FROM STDIN') as copy,
        ):
            for done, batch in _batches(rows, constants):
                for row in batch:
                    copy.write_row(row)
                self._progress(label, done, max(total, done))


def _batches(
    rows: Iterable[Row], constants: tuple[Any, ...]
) -> Iterator[tuple[int, list[tuple[Any, ...]]]]:
    """(rows taken so far, batch of complete rows)."""
    source, done = iter(rows), 0
    while batch := [(*row, *constants) for row in islice(source, _BATCH)]:
        done += len(batch)
        yield done, batch


def _completed(table: Table, columns: Sequence[str]) -> tuple[list[str], tuple[Any, ...]]:
    """All columns to name, and the constants for those that were not."""
    names, constants = list(columns), []
    for column in table.columns:
        if column.name in names or column.nullable:
            continue
        if isinstance(column.default, ScalarElementColumnDefault):
            value = column.default.arg
        elif isinstance(column.default, CallableColumnDefault):
            # An empty list or object; a default that looks at its row must be given instead.
            value = column.default.arg(cast(Any, None))
        else:
            raise TypeError(f"{table.name}.{column.name} has no default")
        names.append(column.name)
        constants.append(plain(value))
    return names, tuple(constants)


def plain(value: Any) -> Any:
    """What a driver takes for a value of a model."""
    if isinstance(value, enum.Enum):
        return value.value
    return json.dumps(value) if isinstance(value, list | dict) else value
