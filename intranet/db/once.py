"""Inserting a row that may be there already, without losing the transaction over it."""

from typing import Any

from sqlalchemy import inspect
from sqlalchemy.dialects import postgresql, sqlite

from intranet.db import Base, db


def insert_once(model: type[Base], **values: Any) -> bool:
    """Insert the row unless a unique constraint says that it is there. True when this call made
    it: of two that race for the same row exactly one hears True, on both databases."""
    insert = (
        postgresql.insert if db.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    )
    # Asked for by RETURNING: the driver's row count is not kept for an INSERT.
    made = insert(model).values(**values).on_conflict_do_nothing()
    key = inspect(model).primary_key
    return db.session.execute(made.returning(*key)).first() is not None
