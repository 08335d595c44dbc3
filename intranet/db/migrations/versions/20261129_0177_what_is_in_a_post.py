"""sound, film and events are marks of the index: posts are read anew by a task"""

import sqlalchemy as sa
from alembic import op

revision = "5d20e9c70177"
down_revision = "8c1f0a5b0174"
branch_labels = None
depends_on = None

_TASK = 1 << 41 | 177  # ids of today are far larger


def upgrade() -> None:
    connection = op.get_bind()
    if not connection.scalar(sa.text("SELECT 1 FROM post_words LIMIT 1")):
        return
    task = sa.table(
        "task",
        sa.column("id", sa.BigInteger),
        sa.column("kind", sa.String),
        sa.column("payload", sa.JSON),
        sa.column("run_at", sa.DateTime(timezone=True)),
        sa.column("attempts", sa.BigInteger),
        sa.column("last_error", sa.Text),
        sa.column("created_at", sa.DateTime(timezone=True)),
    )
    now = sa.func.current_timestamp()
    connection.execute(
        sa.insert(task).values(
            id=_TASK,
            kind="search.index_rest",
            payload={},
            run_at=now,
            attempts=0,
            last_error="",
            created_at=now,
        )
    )
