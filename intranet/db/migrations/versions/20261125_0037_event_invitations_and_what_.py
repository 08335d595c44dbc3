"""event invitations and what notifications say of dates"""

import sqlalchemy as sa
from alembic import op

revision = "4fabf2eeb90b"
down_revision = "0e97e8f022ce"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "event_invitation",
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("invited_by_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_event_invitation_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["event.id"],
            name=op.f("fk_event_invitation_event_id_event"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["invited_by_id"],
            ["account.id"],
            name=op.f("fk_event_invitation_invited_by_id_account"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("event_id", "account_id", name=op.f("pk_event_invitation")),
    )
    with op.batch_alter_table("event_invitation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_event_invitation_account_id"), ["account_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_event_invitation_invited_by_id"), ["invited_by_id"], unique=False
        )

    with op.batch_alter_table("notification", schema=None) as batch_op:
        batch_op.add_column(sa.Column("occurrence_id", sa.BigInteger(), nullable=True))
        batch_op.add_column(
            sa.Column("detail", sa.String(length=60), nullable=False, server_default="")
        )
        batch_op.create_index(
            batch_op.f("ix_notification_occurrence_id"), ["occurrence_id"], unique=False
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_notification_occurrence_id_occurrence"),
            "occurrence",
            ["occurrence_id"],
            ["id"],
            ondelete="CASCADE",
        )
