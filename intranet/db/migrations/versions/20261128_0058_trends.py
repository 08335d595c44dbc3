"""trends"""

import sqlalchemy as sa
from alembic import op

revision = "9451091880fc"
down_revision = "a74cfc7972e4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "trend",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "kind",
            sa.Enum("tag", "status", "link", name="trendkind", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("rank", sa.BigInteger(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("history", sa.JSON(), nullable=False),
        sa.Column("counted_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trend")),
    )
    with op.batch_alter_table("trend", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_trend_kind_rank"), ["kind", "rank"], unique=True)
