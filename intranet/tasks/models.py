"""Work that must happen but may lag: a row in the same transaction as its cause."""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from intranet.db import Base, CreatedAt, IdPk


class Task(Base):
    """Deleted when done. `run_at` moves forward while a worker holds it and after a failure."""

    __tablename__ = "task"
    id: Mapped[IdPk]
    kind: Mapped[str] = mapped_column(String(60))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    run_at: Mapped[dt.datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[CreatedAt]

    __table_args__ = (Index(None, "run_at"),)
