"""Texts that somebody is still writing."""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from intranet.accounts.models import Account
from intranet.db import Base, CreatedAt, IdPk
from intranet.posts.models import Visibility


class Draft(Base):
    """What somebody has written in the form of one `place` (`home`, `group:ID`, `post:ID`,
    `page:ID`, `quote:ID`, or `quote:ID:PAGE` in a page's name) and not published. The one that
    `is_current` is what that form shows; others were kept aside when a second device wrote
    something else. Its files are its DraftFile rows. Place and group are no references: what was
    written for them is their author's, also when they go."""

    __tablename__ = "post_draft"
    id: Mapped[IdPk]
    author_id: Mapped[int] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"))
    place: Mapped[str] = mapped_column(String(48))
    is_current: Mapped[bool] = mapped_column(default=True)
    # The form that wrote it last, by its idempotency key: one page in one browser.
    form_key: Mapped[str] = mapped_column(String(64), default="")
    version: Mapped[int] = mapped_column(default=1)
    source: Mapped[str] = mapped_column(Text, default="")
    visibility: Mapped[Visibility]
    group_id: Mapped[int | None] = mapped_column(BigInteger)
    language: Mapped[str | None] = mapped_column(String(8))
    # The open parts of the form and what they hold, as its door wrote them.
    extras: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    updated_at: Mapped[dt.datetime]
    created_at: Mapped[CreatedAt]

    __table_args__ = (
        Index(None, "author_id", "updated_at"),
        Index(
            "uq_post_draft_current",
            "author_id",
            "place",
            unique=True,
            sqlite_where=text("is_current"),
            postgresql_where=text("is_current"),
        ),
    )
