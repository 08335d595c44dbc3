"""what saved searches have told of, so that no other one tells it again"""

import sqlalchemy as sa
from alembic import op

revision = "5d20e9c70178"
down_revision = "5d20e9c70177"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "told_post",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("post_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_told_post_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_told_post_post_id_post"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "post_id", name=op.f("pk_told_post")),
    )
    op.create_index(op.f("ix_told_post_post_id"), "told_post", ["post_id"])
