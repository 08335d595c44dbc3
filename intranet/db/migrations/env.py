"""Runs migrations with the application's own engine, on SQLite and PostgreSQL."""

from typing import Literal

from alembic import context
from flask import current_app, has_app_context
from sqlalchemy import Connection, text

from intranet.app import create_app
from intranet.db import Base, UTCDateTime, db
from intranet.db.schema import is_ours


def _render(kind: str, item: object, _context: object) -> str | Literal[False]:
    # A migration must not depend on code that may change: name the plain type.
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def run() -> None:
    """Migrate online; offline SQL is not offered."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            # A migration that cannot get its lock soon gives up instead of stopping the site.
            connection.execute(text("SET lock_timeout = '5s'"))
            connection.commit()
        else:
            # Rebuilding a table in batch mode drops the old one: references must neither stop it
            # nor cascade. Said below SQLAlchemy, since within a transaction it would do nothing.
            _references(connection, "OFF")
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            compare_type=True,
            render_item=_render,
            include_name=is_ours,
        )
        try:
            with context.begin_transaction():
                context.run_migrations()
        finally:
            if connection.dialect.name == "sqlite":
                connection.rollback()
                _references(connection, "ON")


def _references(connection: Connection, state: Literal["ON", "OFF"]) -> None:
    raw = connection.connection.driver_connection
    assert raw is not None
    raw.execute(f"PRAGMA foreign_keys={state}")


if has_app_context():
    assert current_app
    run()
else:
    with create_app().app_context():
        run()
