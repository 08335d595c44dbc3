"""commands that people type"""

import sqlalchemy as sa
from alembic import op

revision = "8c1f0a5be306"
down_revision = "8c1f0a5be305"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "slash_command",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("group_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("description", sa.String(length=200), nullable=False),
        sa.Column("usage", sa.String(length=120), nullable=False),
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("webhook_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["bot_id"],
            ["bot.account_id"],
            name=op.f("fk_slash_command_bot_id_bot"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["group.id"],
            name=op.f("fk_slash_command_group_id_group"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["webhook_id"],
            ["outgoing_webhook.id"],
            name=op.f("fk_slash_command_webhook_id_outgoing_webhook"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slash_command")),
        sa.UniqueConstraint("webhook_id", name=op.f("uq_slash_command_webhook_id")),
    )
    with op.batch_alter_table("slash_command", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_slash_command_bot_id"), ["bot_id"], unique=False)
        batch_op.create_index("uq_slash_command_of_group", ["group_id", "name"], unique=True)
        batch_op.create_index(
            "uq_slash_command_of_all",
            ["name"],
            unique=True,
            sqlite_where=sa.text("group_id IS NULL"),
            postgresql_where=sa.text("group_id IS NULL"),
        )

    op.create_table(
        "command_call",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("command_id", sa.BigInteger(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.Column("asked_id", sa.BigInteger(), nullable=False),
        sa.Column("group_id", sa.BigInteger(), nullable=True),
        sa.Column("reply_to_id", sa.BigInteger(), nullable=True),
        sa.Column("arguments", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"],
            ["account.id"],
            name=op.f("fk_command_call_actor_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["asked_id"],
            ["post.id"],
            name=op.f("fk_command_call_asked_id_post"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["command_id"],
            ["slash_command.id"],
            name=op.f("fk_command_call_command_id_slash_command"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["group.id"],
            name=op.f("fk_command_call_group_id_group"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["reply_to_id"],
            ["post.id"],
            name=op.f("fk_command_call_reply_to_id_post"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_command_call")),
    )
    with op.batch_alter_table("command_call", schema=None) as batch_op:
        for name in ("actor_id", "asked_id", "command_id", "group_id", "reply_to_id"):
            batch_op.create_index(batch_op.f(f"ix_command_call_{name}"), [name], unique=False)
