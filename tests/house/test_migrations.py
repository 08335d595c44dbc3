from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask

from intranet.db import Base, db
from intranet.db.schema import is_current


def test_migrations_make_exactly_the_models(app: Flask) -> None:
    with app.app_context():
        assert is_current()
        with db.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, Base.metadata) == []
