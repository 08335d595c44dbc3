"""threads that people follow, folders for what they saved, pins that they put away"""

import sqlalchemy as sa
from alembic import op

revision = "9f3d27c40125"
down_revision = "d121b5d802f9"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _chosen_by_readers("thread_follow", "thread_id")
    _chosen_by_readers("pin_put_away", "post_id")
    op.create_table(
        "saved_folder",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("owner_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["account.id"],
            name=op.f("fk_saved_folder_owner_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_folder")),
        sa.UniqueConstraint("owner_id", "folded", name=op.f("uq_saved_folder_owner_id_folded")),
    )
    with op.batch_alter_table("bookmark", schema=None) as batch_op:
        batch_op.add_column(sa.Column("folder_id", sa.BigInteger(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_bookmark_folder_id_saved_folder"),
            "saved_folder",
            ["folder_id"],
            ["id"],
            ondelete="SET NULL",
        )
        batch_op.create_index(
            batch_op.f("ix_bookmark_folder_id_id"), ["folder_id", "id"], unique=False
        )


def _chosen_by_readers(table: str, post: str) -> None:
    op.create_table(
        table,
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column(post, sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f(f"fk_{table}_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            [post], ["post.id"], name=op.f(f"fk_{table}_{post}_post"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", post, name=op.f(f"pk_{table}")),
    )
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.create_index(batch_op.f(f"ix_{table}_{post}"), [post], unique=False)
