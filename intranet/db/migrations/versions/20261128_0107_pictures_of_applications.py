"""pictures of applications"""

import sqlalchemy as sa
from alembic import op

revision = "8c1f0a5be307"
down_revision = "8c1f0a5be306"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.add_column(sa.Column("picture_key", sa.String(length=64), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_application_picture_key"), ["picture_key"])
