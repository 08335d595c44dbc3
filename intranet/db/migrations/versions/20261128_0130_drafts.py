"""drafts of what somebody writes, and the files they show"""

import sqlalchemy as sa
from alembic import op

revision = "8c1f0a5be330"
down_revision = "9f3d27c40125"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "post_draft",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("form_key", sa.String(length=64), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
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
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("extras", sa.JSON(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["account.id"],
            name=op.f("fk_post_draft_author_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_draft")),
    )
    with op.batch_alter_table("post_draft", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_post_draft_author_id_updated_at"),
            ["author_id", "updated_at"],
            unique=False,
        )
        batch_op.create_index(
            "uq_post_draft_current",
            ["author_id", "place"],
            unique=True,
            sqlite_where=sa.text("is_current"),
            postgresql_where=sa.text("is_current"),
        )

    op.create_table(
        "draft_file",
        sa.Column("draft_id", sa.BigInteger(), nullable=False),
        sa.Column("media_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id"],
            ["post_draft.id"],
            name=op.f("fk_draft_file_draft_id_post_draft"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["media_id"],
            ["media_attachment.id"],
            name=op.f("fk_draft_file_media_id_media_attachment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("draft_id", "media_id", name=op.f("pk_draft_file")),
    )
    with op.batch_alter_table("draft_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draft_file_media_id"), ["media_id"], unique=False)
