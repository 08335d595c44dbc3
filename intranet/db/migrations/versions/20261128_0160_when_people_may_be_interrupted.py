"""when people may be interrupted, and who may do it all the same"""

import sqlalchemy as sa
from alembic import op

revision = "8c1f0a5be360"
down_revision = "8c1f0a5be350"
branch_labels = None
depends_on = None

_PACES = ("never", "at_once", "hourly", "daily", "weekly")


def _pace(*, nullable: bool) -> sa.Column[str]:
    kind = sa.Enum(*_PACES, name="pace", native_enum=False, length=32)
    return sa.Column("pace", kind, nullable=nullable)


def _of_account(table: str, column: str = "account_id", gone: str = "CASCADE") -> sa.Constraint:
    return sa.ForeignKeyConstraint(
        [column], ["account.id"], name=op.f(f"fk_{table}_{column}_account"), ondelete=gone
    )


def upgrade() -> None:
    op.create_table(
        "interruption_preference",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("hours", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("quiet_until", sa.DateTime(timezone=True), nullable=True),
        _pace(nullable=True),
        sa.Column("levels", sa.JSON(), nullable=False),
        _of_account("interruption_preference"),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_interruption_preference")),
    )
    op.create_table(
        "interruption_default",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hours", sa.JSON(), nullable=False),
        _pace(nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interruption_default")),
    )
    op.create_table(
        "day_off",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        _of_account("day_off"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_off")),
    )
    op.create_index(op.f("ix_day_off_account_id_last_day"), "day_off", ["account_id", "last_day"])
    op.create_table(
        "digest_clock",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_up_to", sa.BigInteger(), nullable=False),
        _of_account("digest_clock"),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_digest_clock")),
    )
    op.create_index(op.f("ix_digest_clock_next_at"), "digest_clock", ["next_at"])
    op.create_table(
        "emergency_sender",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("granted_by_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        _of_account("emergency_sender"),
        _of_account("emergency_sender", "granted_by_id", "SET NULL"),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_emergency_sender")),
    )
    op.create_index(
        op.f("ix_emergency_sender_granted_by_id"), "emergency_sender", ["granted_by_id"]
    )
    op.create_table(
        "emergency",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("announcement_id", sa.BigInteger(), nullable=False),
        sa.Column("sender_id", sa.BigInteger(), nullable=False),
        sa.Column("sender_name", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("reached", sa.BigInteger(), nullable=False),
        sa.Column("outside_hours", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergency")),
        sa.UniqueConstraint("announcement_id", name=op.f("uq_emergency_announcement_id")),
    )
    _refuse_changes("emergency")
    with op.batch_alter_table("announcement", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("emergency_reason", sa.String(300), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("emergency_by_id", sa.BigInteger(), nullable=True))
    with op.batch_alter_table("notification", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("urgent", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("push_message", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("held_back", sa.Boolean(), nullable=False, server_default=sa.false())
        )


def _refuse_changes(table: str) -> None:
    """Rows are only ever added; changing or deleting one is an error in the database itself."""
    if op.get_bind().dialect.name == "sqlite":
        for event in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_{event.lower()} BEFORE {event} ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'rows of this table are never changed'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_keeps() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'rows of this table are never changed'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_keeps BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_keeps()"
    )
