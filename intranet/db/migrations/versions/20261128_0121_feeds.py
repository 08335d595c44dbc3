"""addresses of feeds"""

import sqlalchemy as sa
from alembic import op

revision = "d121b5d802f9"
down_revision = "d120a4c7f1e8"
branch_labels = None
depends_on = None

_SUBJECTS = (("account", "account"), ("profile", "account"), ("group", "group"))


def upgrade() -> None:
    op.create_table(
        "feed",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "profile",
                "group",
                "hashtag",
                "search",
                name="feedkind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("profile_id", sa.BigInteger(), nullable=True),
        sa.Column("group_id", sa.BigInteger(), nullable=True),
        sa.Column("hashtag", sa.String(length=100), nullable=True),
        sa.Column("search_id", sa.BigInteger(), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [f"{column}_id"],
                [f"{table}.id"],
                name=op.f(f"fk_feed_{column}_id_{table}"),
                ondelete="CASCADE",
            )
            for column, table in (*_SUBJECTS, ("search", "saved_search"))
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_feed_token_hash")),
    )
    for column in ("account_id", "profile_id", "group_id", "search_id"):
        op.create_index(op.f(f"ix_feed_{column}"), "feed", [column])
