"""what programs say of people and files"""

import sqlalchemy as sa
from alembic import op

revision = "c650a1d7e3f4"
down_revision = "7d1c0b8e6f60"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.add_column(sa.Column("header_key", sa.String(length=64), nullable=True))
        batch_op.add_column(
            sa.Column("facts", sa.JSON(), nullable=False, server_default=sa.text("'[]'"))
        )
        batch_op.add_column(
            sa.Column("is_automated", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(
            sa.Column(
                "post_audience",
                sa.String(length=16),
                nullable=False,
                server_default="organisation",
            )
        )
        batch_op.add_column(
            sa.Column("post_sensitive", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(sa.Column("post_language", sa.String(length=8), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_account_header_key"), ["header_key"])
    with op.batch_alter_table("media_attachment", schema=None) as batch_op:
        for axis in ("focus_x", "focus_y"):
            batch_op.add_column(
                sa.Column(axis, sa.Float(), nullable=False, server_default=sa.text("0"))
            )
        for side in ("preview_width", "preview_height"):
            batch_op.add_column(sa.Column(side, sa.BigInteger(), nullable=True))
