"""distance lists and followed hashtags"""

import sqlalchemy as sa
from alembic import op

revision = "8c78e67011ff"
down_revision = "2f146a31c1d2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account_block",
        sa.Column("blocker_id", sa.BigInteger(), nullable=False),
        sa.Column("blocked_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("blocker_id <> blocked_id", name=op.f("ck_account_block_not_oneself")),
        sa.ForeignKeyConstraint(
            ["blocked_id"],
            ["account.id"],
            name=op.f("fk_account_block_blocked_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["blocker_id"],
            ["account.id"],
            name=op.f("fk_account_block_blocker_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("blocker_id", "blocked_id", name=op.f("pk_account_block")),
    )
    with op.batch_alter_table("account_block", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_account_block_blocked_id"), ["blocked_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_account_block_blocker_id_id"), ["blocker_id", "id"], unique=False
        )

    op.create_table(
        "account_mute",
        sa.Column("muter_id", sa.BigInteger(), nullable=False),
        sa.Column("muted_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("notifications", sa.Boolean(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("muter_id <> muted_id", name=op.f("ck_account_mute_not_oneself")),
        sa.ForeignKeyConstraint(
            ["muted_id"],
            ["account.id"],
            name=op.f("fk_account_mute_muted_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["muter_id"],
            ["account.id"],
            name=op.f("fk_account_mute_muter_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("muter_id", "muted_id", name=op.f("pk_account_mute")),
    )
    with op.batch_alter_table("account_mute", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_account_mute_muted_id"), ["muted_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_account_mute_muter_id_id"), ["muter_id", "id"], unique=False
        )

    op.create_table(
        "account_note",
        sa.Column("writer_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_account_note_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["writer_id"],
            ["account.id"],
            name=op.f("fk_account_note_writer_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("writer_id", "account_id", name=op.f("pk_account_note")),
    )
    with op.batch_alter_table("account_note", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_account_note_account_id"), ["account_id"], unique=False
        )

    op.create_table(
        "dismissed_suggestion",
        sa.Column("viewer_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_dismissed_suggestion_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["viewer_id"],
            ["account.id"],
            name=op.f("fk_dismissed_suggestion_viewer_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("viewer_id", "account_id", name=op.f("pk_dismissed_suggestion")),
    )
    with op.batch_alter_table("dismissed_suggestion", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_dismissed_suggestion_account_id"), ["account_id"], unique=False
        )

    op.create_table(
        "featured_tag",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("hashtag_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_featured_tag_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["hashtag_id"],
            ["hashtag.id"],
            name=op.f("fk_featured_tag_hashtag_id_hashtag"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_featured_tag")),
        sa.UniqueConstraint(
            "account_id", "hashtag_id", name=op.f("uq_featured_tag_account_id_hashtag_id")
        ),
    )
    with op.batch_alter_table("featured_tag", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_featured_tag_hashtag_id"), ["hashtag_id"], unique=False
        )

    op.create_table(
        "people_list",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("owner_id", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column(
            "replies_policy",
            sa.Enum("followed", "list", "none", name="repliespolicy", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("exclusive", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["account.id"],
            name=op.f("fk_people_list_owner_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people_list")),
    )
    with op.batch_alter_table("people_list", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_people_list_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "tag_follow",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("hashtag_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_tag_follow_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["hashtag_id"],
            ["hashtag.id"],
            name=op.f("fk_tag_follow_hashtag_id_hashtag"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "hashtag_id", name=op.f("pk_tag_follow")),
    )
    with op.batch_alter_table("tag_follow", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_tag_follow_account_id_id"), ["account_id", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_tag_follow_hashtag_id"), ["hashtag_id"], unique=False)

    op.create_table(
        "people_list_member",
        sa.Column("list_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_people_list_member_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["list_id"],
            ["people_list.id"],
            name=op.f("fk_people_list_member_list_id_people_list"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("list_id", "account_id", name=op.f("pk_people_list_member")),
    )
    with op.batch_alter_table("people_list_member", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_people_list_member_account_id"), ["account_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_people_list_member_list_id_id"), ["list_id", "id"], unique=False
        )

    op.create_table(
        "thread_mute",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("thread_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_thread_mute_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["thread_id"],
            ["post.id"],
            name=op.f("fk_thread_mute_thread_id_post"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "thread_id", name=op.f("pk_thread_mute")),
    )
    with op.batch_alter_table("thread_mute", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_thread_mute_thread_id"), ["thread_id"], unique=False)

    with op.batch_alter_table("follow", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("boosts", sa.Boolean(), server_default=sa.true(), nullable=False)
        )
        batch_op.add_column(
            sa.Column("notify", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(sa.Column("languages", sa.String(length=200), nullable=True))
        batch_op.create_index(
            "ix_follow_notify",
            ["followee_id"],
            unique=False,
            sqlite_where=sa.text("notify"),
            postgresql_where=sa.text("notify"),
        )
