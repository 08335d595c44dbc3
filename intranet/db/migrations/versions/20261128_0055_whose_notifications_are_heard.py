"""whose notifications are heard and how far one has read"""

import sqlalchemy as sa
from alembic import op

revision = "78d9fc5a3059"
down_revision = "8c78e67011ff"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notification_permission",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("from_account_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_notification_permission_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["from_account_id"],
            ["account.id"],
            name=op.f("fk_notification_permission_from_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "account_id", "from_account_id", name=op.f("pk_notification_permission")
        ),
    )
    with op.batch_alter_table("notification_permission", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_notification_permission_from_account_id"),
            ["from_account_id"],
            unique=False,
        )

    op.create_table(
        "notification_policy",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "for_not_following",
            sa.Enum("accept", "filter", "drop", name="welcome", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column(
            "for_not_followers",
            sa.Enum("accept", "filter", "drop", name="welcome", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column(
            "for_new_accounts",
            sa.Enum("accept", "filter", "drop", name="welcome", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column(
            "for_private_mentions",
            sa.Enum("accept", "filter", "drop", name="welcome", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column(
            "for_limited_accounts",
            sa.Enum("accept", "filter", "drop", name="welcome", native_enum=False, length=32),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_notification_policy_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_notification_policy")),
    )
    op.create_table(
        "reading_mark",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "timeline",
            sa.Enum("home", "notifications", name="markedlist", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("last_read_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_reading_mark_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "timeline", name=op.f("pk_reading_mark")),
    )
    with op.batch_alter_table("notification", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("held", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
