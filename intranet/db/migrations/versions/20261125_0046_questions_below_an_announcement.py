"""questions below an announcement"""

import sqlalchemy as sa
from alembic import op

revision = "ce9d9ae2b926"
down_revision = "1456a3b8afde"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("announcement", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("takes_questions", sa.Boolean(), nullable=False, server_default=sa.true())
        )
