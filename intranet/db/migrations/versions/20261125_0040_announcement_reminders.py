"""announcement reminders"""

import sqlalchemy as sa
from alembic import op

revision = "0e97e8f022ce"
down_revision = "ce9d9ae2b926"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "announcement_reminder",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("announcement_id", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("step", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("asked_by_id", sa.BigInteger(), nullable=True),
        sa.Column("told", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["announcement_id"],
            ["announcement.id"],
            name=op.f("fk_announcement_reminder_announcement_id_announcement"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"],
            ["account.id"],
            name=op.f("fk_announcement_reminder_asked_by_id_account"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement_reminder")),
    )
    with op.batch_alter_table("announcement_reminder", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_announcement_reminder_announcement_id_revision_step"),
            ["announcement_id", "revision", "step"],
            unique=True,
        )
        batch_op.create_index(
            batch_op.f("ix_announcement_reminder_asked_by_id"), ["asked_by_id"], unique=False
        )
