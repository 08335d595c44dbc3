"""Posts of a page that wait for a second pair of eyes."""

import datetime as dt
import enum
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from intranet.accounts.models import Account
from intranet.db import Base, CreatedAt, IdPk
from intranet.pages.models import Page
from intranet.posts.models import Post


class SubmissionState(enum.StrEnum):
    """WAITING for a reviewer, RETURNED to its author with a note, or settled: PUBLISHED, or
    WITHDRAWN by its author."""

    WAITING = "waiting"
    RETURNED = "returned"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class PageSubmission(Base):
    """A post to be. Its files are the attachments with this `submission_id`."""

    __tablename__ = "page_submission"
    id: Mapped[IdPk]
    page_id: Mapped[int] = mapped_column(ForeignKey(Page.account_id, ondelete="CASCADE"))
    author_id: Mapped[int] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"), index=True)
    source: Mapped[str] = mapped_column(Text)
    spoiler_text: Mapped[str] = mapped_column(Text, default="", server_default="")
    sensitive: Mapped[bool] = mapped_column(default=False, server_default=false())
    poll: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # polls.drafts: as_json, from_json
    # What it is beside its text: posts.drafts, parts_as_json and parts_from_json.
    parts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    publish_at: Mapped[dt.datetime | None]  # not before this; None: as soon as it is let out
    language: Mapped[str | None] = mapped_column(String(8))
    is_public: Mapped[bool] = mapped_column(default=False)
    state: Mapped[SubmissionState] = mapped_column(default=SubmissionState.WAITING)
    reviewer_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey(Account.id, ondelete="SET NULL"), index=True
    )
    note: Mapped[str] = mapped_column(String(1000), default="")  # of the reviewer who returned it
    post_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey(Post.id, ondelete="SET NULL"), index=True
    )
    idempotency_key: Mapped[str | None] = mapped_column(String(64))
    submitted_at: Mapped[dt.datetime]
    decided_at: Mapped[dt.datetime | None]
    created_at: Mapped[CreatedAt]

    __table_args__ = (
        Index(None, "page_id", "state", "id"),
        Index("uq_page_submission_idempotency", "author_id", "idempotency_key", unique=True),
    )
