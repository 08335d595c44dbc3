"""how far people have caught up, and what they find interesting"""

import sqlalchemy as sa
from alembic import op

revision = "8c1f0a5be350"
down_revision = "8c1f0a5b0141"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "catch_up",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("seen_until", sa.BigInteger(), nullable=False),
        sa.Column("before_that", sa.BigInteger(), nullable=True),
        sa.Column("put_away_until", sa.BigInteger(), nullable=False),
        sa.Column("weights", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_catch_up_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_catch_up")),
    )
