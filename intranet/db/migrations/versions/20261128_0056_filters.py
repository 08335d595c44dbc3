"""filters"""

import sqlalchemy as sa
from alembic import op

revision = "28de21eee0ac"
down_revision = "78d9fc5a3059"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "content_filter",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("contexts", sa.JSON(), nullable=False),
        sa.Column(
            "action",
            sa.Enum("warn", "hide", "blur", name="filteraction", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_content_filter_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_filter")),
    )
    with op.batch_alter_table("content_filter", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_content_filter_account_id"), ["account_id"], unique=False
        )

    op.create_table(
        "filter_keyword",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("filter_id", sa.BigInteger(), nullable=False),
        sa.Column("keyword", sa.String(length=100), nullable=False),
        sa.Column("whole_word", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["filter_id"],
            ["content_filter.id"],
            name=op.f("fk_filter_keyword_filter_id_content_filter"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filter_keyword")),
    )
    with op.batch_alter_table("filter_keyword", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_filter_keyword_filter_id"), ["filter_id"], unique=False
        )

    op.create_table(
        "filtered_post",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("filter_id", sa.BigInteger(), nullable=False),
        sa.Column("post_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["filter_id"],
            ["content_filter.id"],
            name=op.f("fk_filtered_post_filter_id_content_filter"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_filtered_post_post_id_post"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filtered_post")),
    )
    with op.batch_alter_table("filtered_post", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_filtered_post_filter_id_post_id"), ["filter_id", "post_id"], unique=True
        )
        batch_op.create_index(batch_op.f("ix_filtered_post_post_id"), ["post_id"], unique=False)
