"""answers by mail"""

import sqlalchemy as sa
from alembic import op

revision = "8c1f0a5be361"
down_revision = "8c1f0a5be360"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mailed_reply",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("post_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("dropped", sa.JSON(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_mailed_reply_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailed_reply")),
        sa.UniqueConstraint("digest", name=op.f("uq_mailed_reply_digest")),
    )
    op.create_index(op.f("ix_mailed_reply_account_id"), "mailed_reply", ["account_id"])
