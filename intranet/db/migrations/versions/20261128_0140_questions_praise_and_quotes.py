"""questions, praise and quotes"""

import sqlalchemy as sa
from alembic import op

revision = "8c1f0a5b0140"
down_revision = "8c1f0a5be331"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("kind", sa.String(length=32), nullable=False, server_default="post")
        )
        batch_op.add_column(
            sa.Column("is_quote", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(sa.Column("quote_of_id", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("answer_id", sa.BigInteger(), nullable=True))
        batch_op.add_column(
            sa.Column("quotes_count", sa.BigInteger(), nullable=False, server_default="0")
        )
        for name in ("quote_of_id", "answer_id"):
            given = sa.text(f"{name} IS NOT NULL")
            batch_op.create_index(
                f"ix_post_{name}", [name], sqlite_where=given, postgresql_where=given
            )
            batch_op.create_foreign_key(
                batch_op.f(f"fk_post_{name}_post"), "post", [name], ["id"], ondelete="SET NULL"
            )

    op.create_table(
        "praise",
        sa.Column("post_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_praise_post_id_post"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_praise")),
    )
    op.create_table(
        "praised",
        sa.Column("post_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_praised_post_id_post"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_praised_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("post_id", "account_id", name=op.f("pk_praised")),
    )
    with op.batch_alter_table("praised", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_praised_account_id_post_id"), ["account_id", "post_id"]
        )
    with op.batch_alter_table("scheduled_post", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("parts", sa.JSON(), nullable=False, server_default=sa.text("'{}'"))
        )
