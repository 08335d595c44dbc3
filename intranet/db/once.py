"""Inserting a row that may be there already, without losing the transaction over it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.dialects import postgresql, sqlite

from intranet.db import Base, db


def insert_once(model: type[Base], **values: Any) -> bool:
    """Insert the row unless a unique constraint says that it is there. True when this call made
    it: of two that race for the same row exactly one hears True, on both databases."""
    # Asked for by RETURNING: the driver's row count is not kept for an INSERT.
    made = _unless_there(model).values(**values)
    key = inspect(model).primary_key
    return db.session.execute(made.returning(*key)).first() is not None


def insert_each_once(model: type[Base], rows: Sequence[dict[str, Any]]) -> int:
    """As `insert_once` for many rows of the same columns, a thousand a statement. Gives how many
    this call made."""
    if not rows:
        return 0
    key = inspect(model).primary_key
    return len(db.session.execute(_unless_there(model).returning(*key), rows).all())


def _unless_there(model: type[Base]) -> Any:
    insert = (
        postgresql.insert if db.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    )
    return insert(model).on_conflict_do_nothing()
