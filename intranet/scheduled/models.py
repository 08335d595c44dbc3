"""Posts that are written now and published at a time."""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column

from intranet.accounts.models import Account
from intranet.db import Base, CreatedAt, IdPk
from intranet.posts.models import Visibility


class ScheduledPost(Base):
    """A post to come. Its files are the attachments with this `scheduled_id`; the row goes when
    the post is there. Group and parent may be gone by then: they are no references, so that
    what was written for them is never published elsewhere."""

    __tablename__ = "scheduled_post"
    id: Mapped[IdPk]
    author_id: Mapped[int] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"))
    publish_at: Mapped[dt.datetime]
    source: Mapped[str] = mapped_column(Text)
    spoiler_text: Mapped[str] = mapped_column(Text, default="")
    sensitive: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str | None] = mapped_column(String(8))
    visibility: Mapped[Visibility]
    group_id: Mapped[int | None] = mapped_column(BigInteger)
    in_reply_to_id: Mapped[int | None] = mapped_column(BigInteger)
    poll: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # polls.drafts: as_json, from_json
    # The page in whose name it comes; `reviewed`: somebody else has let it out already.
    as_page_id: Mapped[int | None] = mapped_column(BigInteger)
    is_public: Mapped[bool] = mapped_column(default=False, server_default=false())
    reviewed: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Its author has confirmed how many people "@group" tells.
    calls_group: Mapped[bool] = mapped_column(default=False, server_default=false())
    idempotency_key: Mapped[str | None] = mapped_column(String(64))
    failed_at: Mapped[dt.datetime | None]
    # Why, as a marked sentence, and what fills its places once it is translated.
    failure: Mapped[str] = mapped_column(Text, default="")
    failure_params: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    # What it is beside its text: posts.drafts, parts_as_json and parts_from_json.
    parts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    created_at: Mapped[CreatedAt]

    __table_args__ = (
        Index(None, "author_id", "id"),
        Index(
            "uq_scheduled_post_idempotency",
            "author_id",
            "idempotency_key",
            unique=True,
            sqlite_where=text("idempotency_key IS NOT NULL"),
            postgresql_where=text("idempotency_key IS NOT NULL"),
        ),
    )
