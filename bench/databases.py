"""A database of its own for one measurement, on either engine."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

KINDS = ("sqlite", "postgresql")


def fresh(kind: str, folder: Path, name: str) -> tuple[str, Callable[[], None]]:
    """The address of an empty database, and what drops it. PostgreSQL is the server of
    TEST_POSTGRES_URL, as `tools/services.py` starts one."""
    if kind == "sqlite":
        return f"sqlite:///{folder / 'parvis.db'}", lambda: None
    server = make_url(os.environ["TEST_POSTGRES_URL"])
    name = f"{name}_{os.getpid()}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))

    def drop() -> None:
        with admin.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
        admin.dispose()

    return server.set(database=name).render_as_string(hide_password=False), drop
