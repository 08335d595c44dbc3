"""parts of what waits for a review; a draft of a quote in a page's name has a longer place"""

import sqlalchemy as sa
from alembic import op

revision = "8c1f0a5b0174"
down_revision = "8c1f0a5be361"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("page_submission", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("parts", sa.JSON(), nullable=False, server_default=sa.text("'{}'"))
        )
    with op.batch_alter_table("post_draft", schema=None) as batch_op:
        batch_op.alter_column(
            "place", existing_type=sa.String(length=40), type_=sa.String(length=48)
        )
