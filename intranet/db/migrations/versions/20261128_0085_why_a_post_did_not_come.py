"""what fills the sentence that says why a post did not come"""

import sqlalchemy as sa
from alembic import op

revision = "8c1f0a5be285"
down_revision = "8c1f0a5be281"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("scheduled_post", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("failure_params", sa.JSON(), nullable=False, server_default=sa.text("'{}'"))
        )
