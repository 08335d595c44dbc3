"""what a profile holds at its top"""

import sqlalchemy as sa
from alembic import op

revision = "8c1f0a5be305"
down_revision = "8c1f0a5be285"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "profile_pin",
        sa.Column("post_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_profile_pin_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_profile_pin_post_id_post"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_profile_pin")),
    )
    with op.batch_alter_table("profile_pin", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_profile_pin_account_id"), ["account_id"], unique=False)
