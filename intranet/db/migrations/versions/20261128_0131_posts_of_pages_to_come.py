"""a page's posts may come at a time, with a poll and a warning; groups are called as a whole"""

import sqlalchemy as sa
from alembic import op

revision = "8c1f0a5be331"
down_revision = "8c1f0a5be330"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("scheduled_post", schema=None) as batch_op:
        batch_op.add_column(sa.Column("as_page_id", sa.BigInteger(), nullable=True))
        for name in ("is_public", "reviewed", "calls_group"):
            batch_op.add_column(
                sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())
            )

    with op.batch_alter_table("page_submission", schema=None) as batch_op:
        batch_op.add_column(sa.Column("spoiler_text", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(
            sa.Column("sensitive", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(sa.Column("poll", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("publish_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("group", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "called_by",
                sa.Enum(
                    "nobody",
                    "owners",
                    "members",
                    name="groupcaller",
                    native_enum=False,
                    length=32,
                ),
                nullable=False,
                server_default="owners",
            )
        )

    op.create_table(
        "group_call",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("group_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["group.id"],
            name=op.f("fk_group_call_group_id_group"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_group_call_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_call")),
    )
    with op.batch_alter_table("group_call", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_group_call_group_id_created_at"),
            ["group_id", "created_at"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_group_call_account_id"), ["account_id"], unique=False)
