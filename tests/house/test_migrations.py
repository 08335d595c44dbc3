from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask

from intranet.db import Base, db
from intranet.db.schema import is_current, is_ours


def test_migrations_make_exactly_the_models(app: Flask) -> None:
    with app.app_context():
        assert is_current()
        with db.engine.connect() as connection:
            opts = {"compare_type": True, "include_name": is_ours}
            context = MigrationContext.configure(connection, opts=opts)
            assert compare_metadata(context, Base.metadata) == []
