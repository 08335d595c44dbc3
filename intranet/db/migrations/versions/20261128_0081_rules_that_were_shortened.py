"""rules that were shortened"""

import sqlalchemy as sa
from alembic import op

revision = "8c1f0a5be281"
down_revision = "8c1f0a5be280"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("shortened", sa.JSON(), nullable=False, server_default=sa.text("'[]'"))
        )
