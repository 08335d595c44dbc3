"""previews of links"""

import sqlalchemy as sa
from alembic import op

revision = "8c1f0a5b0141"
down_revision = "8c1f0a5b0140"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "link_preview",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("url_hash", sa.String(length=64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("site_name", sa.Text(), nullable=False),
        sa.Column("image_key", sa.String(length=32), nullable=True),
        sa.Column("image_width", sa.BigInteger(), nullable=True),
        sa.Column("image_height", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_preview")),
        sa.UniqueConstraint("url_hash", name=op.f("uq_link_preview_url_hash")),
    )
    with op.batch_alter_table("link_preview", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_link_preview_image_key"), ["image_key"])
        due = sa.text("due_at IS NOT NULL")
        batch_op.create_index(
            "ix_link_preview_due", ["due_at"], sqlite_where=due, postgresql_where=due
        )
    with op.batch_alter_table("post", schema=None) as batch_op:
        for name, table in (("preview_id", "link_preview"), ("link_post_id", "post")):
            batch_op.add_column(sa.Column(name, sa.BigInteger(), nullable=True))
            given = sa.text(f"{name} IS NOT NULL")
            batch_op.create_index(
                f"ix_post_{name}", [name], sqlite_where=given, postgresql_where=given
            )
            batch_op.create_foreign_key(
                batch_op.f(f"fk_post_{name}_{table}"), table, [name], ["id"], ondelete="SET NULL"
            )
