"""How connections behave: SQLite as a server-grade file, PostgreSQL with limits.

SQLite allows one writer at a time and decides too late who it is when transactions begin
as readers, so every unit of work says `BEGIN IMMEDIATE`. Within a process the writers queue
on a lock that gevent can switch on: waiting inside SQLite would hold up every socket.
"""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session

_WRITER_WAIT_SECONDS = 15.0
_PAUSE_SECONDS = 0.02
_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=NORMAL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=2000",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA cache_size=-65536",
    "PRAGMA mmap_size=268435456",
)
# Compiling a statement of many joins to machine code takes PostgreSQL seconds, running it
# milliseconds: ours are short.
_SHORT_STATEMENTS = "-c jit=off"
_writers = threading.Lock()


def options_for(url: str) -> dict[str, Any]:
    """The engine options for a database address."""
    if url.startswith("sqlite"):
        return {"connect_args": {"timeout": 2, "check_same_thread": False}}
    return {
        "pool_pre_ping": True,
        "pool_size": 10,
        "max_overflow": 20,
        "connect_args": {"connect_timeout": 5, "options": f"-c timezone=UTC {_SHORT_STATEMENTS}"},
    }


def prepare(engine: Engine) -> None:
    """Attach what a connection of this engine needs; once per engine."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _on_sqlite_connect)
        event.listen(engine, "begin", _on_sqlite_begin)


def _on_sqlite_connect(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _on_sqlite_begin(connection: Connection) -> None:
    if not connection.get_execution_options().get("writes"):
        connection.exec_driver_sql("BEGIN")
        return
    deadline = time.monotonic() + _WRITER_WAIT_SECONDS
    raw = connection.connection.driver_connection
    assert raw is not None
    while True:
        try:
            raw.execute("BEGIN IMMEDIATE")
            return
        except sqlite3.OperationalError as error:
            # Another process writes: wait outside SQLite, where other greenlets can run.
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(_PAUSE_SECONDS)


@contextmanager
def writing(session: Session) -> Iterator[None]:
    """Turn the session to a writing transaction; whatever it had read before is ended first."""
    session.rollback() if session.new or session.dirty else session.commit()
    bind = session.get_bind()
    if bind.dialect.name != "sqlite":
        yield
        return
    with _writers:
        try:
            session.connection(execution_options={"writes": True})
            yield
        finally:
            # The lock must not be let go while this transaction is still open.
            session.rollback()
