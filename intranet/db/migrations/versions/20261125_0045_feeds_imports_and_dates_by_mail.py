"""what a feed holds, calendar files being imported, dates held by e-mail"""

import sqlalchemy as sa
from alembic import op

revision = "b51c6e0a9d37"
down_revision = "4fabf2eeb90b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("calendar_feed", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "scope",
                sa.Enum("mine", "all", name="feedscope", native_enum=False, length=32),
                nullable=False,
                server_default="mine",
            )
        )

    op.create_table(
        "calendar_preference",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("mail_going", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_calendar_preference_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_calendar_preference")),
    )
    op.create_table(
        "mailed_date",
        sa.Column("occurrence_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_mailed_date_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["occurrence_id"],
            ["occurrence.id"],
            name=op.f("fk_mailed_date_occurrence_id_occurrence"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("occurrence_id", "account_id", name=op.f("pk_mailed_date")),
    )
    with op.batch_alter_table("mailed_date", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mailed_date_account_id"), ["account_id"], unique=False)

    op.create_table(
        "calendar_import",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("target", sa.String(length=120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_calendar_import_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_calendar_import")),
    )
