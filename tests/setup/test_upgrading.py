"""A database that is in use is brought up to date with everything that is in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command

from intranet.app import create_app
from intranet.db import db
from intranet.db.schema import _config, is_current, migrate
from tests.conftest import make_settings

EARLIER = "2f146a31c1d2"  # before tables that others refer to were made anew


def _row(table: sa.Table, **values: Any) -> dict[str, Any]:
    """A row with something in every column that demands it."""
    plain: dict[type, Any] = {int: 1, bool: False, str: "x", dict: {}}
    for column in table.columns:
        if column.nullable or column.name in values or column.server_default is not None:
            continue
        kind = column.type.python_type
        when = "2026-11-28 12:00:00.000000"
        values[column.name] = plain.get(kind, when)
    return values


def test_what_refers_to_a_table_survives_that_it_is_made_anew(tmp_path: Path) -> None:
    app = create_app(make_settings(tmp_path, f"sqlite:///{tmp_path / 'old.db'}"), TESTING=True)
    with app.app_context():
        command.upgrade(_config(), EARLIER)
        tables = sa.MetaData()
        tables.reflect(db.engine, only=["account", "account_session"])
        with db.engine.begin() as connection:
            for table, values in (
                ("account", {"id": 7, "handle": "ann"}),
                ("account_session", {"id": 8, "account_id": 7}),
            ):
                row = _row(tables.tables[table], **values)
                names = ", ".join(f'"{name}"' for name in row)
                places = ", ".join(f":{name}" for name in row)
                statement = f"INSERT INTO {table} ({names}) VALUES ({places})"
                said = {name: "[]" if value == {} else value for name, value in row.items()}
                connection.execute(sa.text(statement), said)
        migrate()
        assert is_current()
        with db.engine.connect() as connection:
            kept = sa.text("SELECT account_id FROM account_session")
            assert connection.execute(kept).scalars().all() == [7]
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        db.engine.dispose()
