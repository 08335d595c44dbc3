"""Pages speak: posts that wait for review, their files, and pins on a page."""

import sqlalchemy as sa
from alembic import op

revision = "31c2224c6e73"
down_revision = "498b8e3926cd"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "page_submission",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("page_id", sa.BigInteger(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "returned",
                "published",
                "withdrawn",
                name="submissionstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reviewer_id", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("post_id", sa.BigInteger(), nullable=True),
        sa.Column("idempotency_key", sa.String(length=64), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["account.id"],
            name=op.f("fk_page_submission_author_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["page_id"],
            ["page.account_id"],
            name=op.f("fk_page_submission_page_id_page"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["post_id"],
            ["post.id"],
            name=op.f("fk_page_submission_post_id_post"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"],
            ["account.id"],
            name=op.f("fk_page_submission_reviewer_id_account"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_submission")),
    )
    with op.batch_alter_table("page_submission", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_page_submission_author_id"), ["author_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_page_submission_page_id_state_id"),
            ["page_id", "state", "id"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_page_submission_post_id"), ["post_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_page_submission_reviewer_id"), ["reviewer_id"], unique=False
        )
        batch_op.create_index(
            "uq_page_submission_idempotency", ["author_id", "idempotency_key"], unique=True
        )

    with op.batch_alter_table("media_attachment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("submission_id", sa.BigInteger(), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_media_attachment_submission_id"), ["submission_id"], unique=False
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_media_attachment_submission_id_page_submission"),
            "page_submission",
            ["submission_id"],
            ["id"],
            ondelete="SET NULL",
        )

    with op.batch_alter_table("pinned_post", schema=None) as batch_op:
        batch_op.add_column(sa.Column("page_id", sa.BigInteger(), nullable=True))
        batch_op.alter_column("group_id", existing_type=sa.BIGINT(), nullable=True)
        batch_op.create_index(batch_op.f("ix_pinned_post_page_id"), ["page_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_pinned_post_page_id_page"),
            "page",
            ["page_id"],
            ["account_id"],
            ondelete="CASCADE",
        )
