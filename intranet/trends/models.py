"""What the organisation talks about, as it was last counted."""

import datetime as dt
import enum
from typing import Any

from sqlalchemy import JSON, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from intranet.db import Base, CreatedAt, IdPk


class TrendKind(enum.StrEnum):
    TAG = "tag"  # subject: the hashtag's canonical name
    STATUS = "status"  # subject: the post's id
    LINK = "link"  # subject: the address


class Trend(Base):
    """A row of the last count: all are replaced by the next one. `history` holds the days, the
    newest first: [{"day": "2026-01-31", "uses": 3, "accounts": 2}, ...]."""

    __tablename__ = "trend"
    id: Mapped[IdPk]
    kind: Mapped[TrendKind]
    rank: Mapped[int]  # from 0
    subject: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(String(200), default="")  # what links are called in posts
    history: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    counted_until: Mapped[dt.datetime]
    created_at: Mapped[CreatedAt]

    __table_args__ = (Index(None, "kind", "rank", unique=True),)
