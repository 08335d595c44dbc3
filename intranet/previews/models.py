"""What is known of the pages that posts link to."""

import datetime as dt

from sqlalchemy import Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from intranet.db import Base, CreatedAt, IdPk


class LinkPreview(Base):
    """One address, for all posts that begin with a link to it. Without a title there is nothing to
    show. `due_at` is when a worker asks for it; while one does, when another may."""

    __tablename__ = "link_preview"
    id: Mapped[IdPk]
    url: Mapped[str] = mapped_column(Text)
    url_hash: Mapped[str] = mapped_column(String(64), unique=True)
    title: Mapped[str] = mapped_column(Text, default="")
    description: Mapped[str] = mapped_column(Text, default="")
    site_name: Mapped[str] = mapped_column(Text, default="")
    image_key: Mapped[str | None] = mapped_column(String(32), index=True)
    image_width: Mapped[int | None]
    image_height: Mapped[int | None]
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[dt.datetime | None]
    expires_at: Mapped[dt.datetime | None]
    created_at: Mapped[CreatedAt]

    __table_args__ = (
        Index(
            "ix_link_preview_due",
            "due_at",
            sqlite_where=text("due_at IS NOT NULL"),
            postgresql_where=text("due_at IS NOT NULL"),
        ),
    )
