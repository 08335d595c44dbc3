"""series held by e-mail"""

import sqlalchemy as sa
from alembic import op

revision = "8c1f0a5be280"
down_revision = "aa68b1f97ed8"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mailed_series",
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("declined", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_mailed_series_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["event.id"],
            name=op.f("fk_mailed_series_event_id_event"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("event_id", "account_id", name=op.f("pk_mailed_series")),
    )
    with op.batch_alter_table("mailed_series", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_mailed_series_account_id"), ["account_id"], unique=False
        )
