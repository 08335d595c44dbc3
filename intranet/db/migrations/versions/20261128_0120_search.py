"""search: words of posts, trigrams of names, recent and saved searches"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "d120a4c7f1e8"
down_revision = "8c1f0a5be307"
branch_labels = None
depends_on = None

_ON_SQLITE = (
    # Holds no text of its own: the table that it is told to read does.
    "CREATE VIRTUAL TABLE post_match USING fts5("
    "words, content='post_words', content_rowid='post_id', tokenize='ascii')",
    "CREATE TRIGGER post_words_added AFTER INSERT ON post_words BEGIN "
    "INSERT INTO post_match(rowid, words) VALUES (new.post_id, new.words); END",
    "CREATE TRIGGER post_words_removed AFTER DELETE ON post_words BEGIN "
    "INSERT INTO post_match(post_match, rowid, words) "
    "VALUES ('delete', old.post_id, old.words); END",
    "CREATE TRIGGER post_words_changed AFTER UPDATE ON post_words BEGIN "
    "INSERT INTO post_match(post_match, rowid, words) "
    "VALUES ('delete', old.post_id, old.words); "
    "INSERT INTO post_match(rowid, words) VALUES (new.post_id, new.words); END",
)


def upgrade() -> None:
    connection = op.get_bind()
    op.create_table(
        "post_words",
        sa.Column("post_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("words", sa.Text().with_variant(TSVECTOR(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"],
            ["post.id"],
            name=op.f("fk_post_words_post_id_post"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_post_words")),
    )
    if connection.dialect.name == "sqlite":
        for statement in _ON_SQLITE:
            op.execute(statement)
    else:
        op.create_index(
            op.f("ix_post_words_words"), "post_words", ["words"], postgresql_using="gin"
        )
    for kind in ("account", "group"):
        op.create_table(
            f"{kind}_gram",
            sa.Column("gram", sa.String(length=3), nullable=False),
            sa.Column(f"{kind}_id", sa.BigInteger(), nullable=False),
            sa.ForeignKeyConstraint(
                [f"{kind}_id"],
                [f"{kind}.id"],
                name=op.f(f"fk_{kind}_gram_{kind}_id_{kind}"),
                ondelete="CASCADE",
            ),
            sa.PrimaryKeyConstraint("gram", f"{kind}_id", name=op.f(f"pk_{kind}_gram")),
        )
        op.create_index(op.f(f"ix_{kind}_gram_{kind}_id"), f"{kind}_gram", [f"{kind}_id"])
    op.create_table(
        "recent_search",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("query", sa.String(length=200), nullable=False),
        sa.Column("searched_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_recent_search_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recent_search")),
    )
    op.create_index(
        op.f("ix_recent_search_account_id_query"),
        "recent_search",
        ["account_id", "query"],
        unique=True,
    )
    op.create_table(
        "saved_search",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("query", sa.String(length=200), nullable=False),
        sa.Column(
            "alert",
            sa.Enum(
                "never", "at_once", "daily", "weekly", name="alert", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column("seen_id", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_saved_search_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_search")),
    )
    op.create_index(op.f("ix_saved_search_account_id"), "saved_search", ["account_id"])
    due = sa.text("due_at IS NOT NULL")
    op.create_index(
        "ix_saved_search_due", "saved_search", ["due_at"], sqlite_where=due, postgresql_where=due
    )
    _let_the_worker_index(connection)


def _let_the_worker_index(connection: sa.Connection) -> None:
    """What is there already is read in pieces by a task, the newest posts first: a million would
    keep the site shut for minutes."""
    if not connection.scalar(sa.text("SELECT 1 FROM account LIMIT 1")):
        return
    task = sa.table(
        "task",
        sa.column("id", sa.BigInteger),
        sa.column("kind", sa.String),
        sa.column("payload", sa.JSON),
        sa.column("run_at", sa.DateTime(timezone=True)),
        sa.column("attempts", sa.BigInteger),
        sa.column("last_error", sa.Text),
        sa.column("created_at", sa.DateTime(timezone=True)),
    )
    now = sa.func.current_timestamp()
    for id_, kind in ((1 << 41 | 120, "search.index_rest"), (1 << 41 | 121, "search.index_names")):
        connection.execute(
            sa.insert(task).values(
                id=id_, kind=kind, payload={}, run_at=now, attempts=0, last_error="", created_at=now
            )
        )
