"""Brings a database to the newest schema, and tells whether it is there."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from intranet.db import db

_MIGRATIONS = Path(__file__).resolve().parent / "migrations"


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    return config


def migrate() -> None:
    """Run every migration that this database lacks; needs an application context."""
    command.upgrade(_config(), "head")


def is_current() -> bool:
    """Whether the database has every migration."""
    heads = set(ScriptDirectory.from_config(_config()).get_heads())
    with db.engine.connect() as connection:
        return set(MigrationContext.configure(connection).get_current_heads()) == heads


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Whether what a database has is described by the models. The full text is not: tables on
    SQLite and an index on PostgreSQL, which no model can say of one database only."""
    return not (name or "").startswith(("post_match", "ix_post_words"))
