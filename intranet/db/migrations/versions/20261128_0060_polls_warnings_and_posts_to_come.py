"""polls, content warnings and posts to come"""

import sqlalchemy as sa
from alembic import op

revision = "7d1c0b8e6f60"
down_revision = "9451091880fc"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.add_column(sa.Column("spoiler_text", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(
            sa.Column("sensitive", sa.Boolean(), nullable=False, server_default=sa.false())
        )

    with op.batch_alter_table("post_revision", schema=None) as batch_op:
        batch_op.add_column(sa.Column("spoiler_text", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(
            sa.Column("sensitive", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(sa.Column("options", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("media", sa.JSON(), nullable=True))

    op.create_table(
        "poll",
        sa.Column("post_id", sa.BigInteger(), nullable=False),
        sa.Column("multiple", sa.Boolean(), nullable=False),
        sa.Column("hide_totals", sa.Boolean(), nullable=False),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voters_count", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_poll_post_id_post"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_poll")),
    )
    op.create_table(
        "poll_option",
        sa.Column("post_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("votes_count", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"],
            ["poll.post_id"],
            name=op.f("fk_poll_option_post_id_poll"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("post_id", "position", name=op.f("pk_poll_option")),
    )
    op.create_table(
        "poll_voter",
        sa.Column("post_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"],
            ["poll.post_id"],
            name=op.f("fk_poll_voter_post_id_poll"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_poll_voter_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("post_id", "account_id", name=op.f("pk_poll_voter")),
    )
    with op.batch_alter_table("poll_voter", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_poll_voter_account_id"), ["account_id"], unique=False)

    op.create_table(
        "poll_vote",
        sa.Column("post_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id", "account_id"],
            ["poll_voter.post_id", "poll_voter.account_id"],
            name=op.f("fk_poll_vote_post_id_account_id_poll_voter"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["post_id", "position"],
            ["poll_option.post_id", "poll_option.position"],
            name=op.f("fk_poll_vote_post_id_position_poll_option"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("post_id", "account_id", "position", name=op.f("pk_poll_vote")),
    )

    op.create_table(
        "scheduled_post",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=False),
        sa.Column("publish_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("spoiler_text", sa.Text(), nullable=False),
        sa.Column("sensitive", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column(
            "visibility",
            sa.Enum(
                "organisation",
                "followers",
                "group",
                "audience",
                "direct",
                name="visibility",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("group_id", sa.BigInteger(), nullable=True),
        sa.Column("in_reply_to_id", sa.BigInteger(), nullable=True),
        sa.Column("poll", sa.JSON(), nullable=True),
        sa.Column("idempotency_key", sa.String(length=64), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["account.id"],
            name=op.f("fk_scheduled_post_author_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheduled_post")),
    )
    with op.batch_alter_table("scheduled_post", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_scheduled_post_author_id_id"), ["author_id", "id"], unique=False
        )
        batch_op.create_index(
            "uq_scheduled_post_idempotency",
            ["author_id", "idempotency_key"],
            unique=True,
            sqlite_where=sa.text("idempotency_key IS NOT NULL"),
            postgresql_where=sa.text("idempotency_key IS NOT NULL"),
        )

    with op.batch_alter_table("media_attachment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("scheduled_id", sa.BigInteger(), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_media_attachment_scheduled_id"), ["scheduled_id"], unique=False
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_media_attachment_scheduled_id_scheduled_post"),
            "scheduled_post",
            ["scheduled_id"],
            ["id"],
            ondelete="SET NULL",
        )
