"""Pictures and files. They inherit the audience of the post they belong to."""

import enum

from sqlalchemy import BigInteger, Float, ForeignKey, Index, String, and_, or_
from sqlalchemy.orm import Mapped, mapped_column

from intranet.accounts.models import Account
from intranet.db import Base, CreatedAt, IdPk


class MediaKind(enum.StrEnum):
    IMAGE = "image"
    FILE = "file"


class MediaAttachment(Base):
    """Until it belongs to a post, an event or an announcement only its owner may see it."""

    __tablename__ = "media_attachment"
    id: Mapped[IdPk]
    key: Mapped[str] = mapped_column(String(64), unique=True)  # 128 random bits, in addresses
    owner_id: Mapped[int] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"), index=True)
    # By table name: media stand below posts.
    post_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("post.id", ondelete="SET NULL")
    )
    event_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("event.id", ondelete="SET NULL"), index=True
    )
    announcement_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("announcement.id", ondelete="SET NULL"), index=True
    )
    # Kept for a page's post that waits for review.
    submission_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("page_submission.id", ondelete="SET NULL"), index=True
    )
    # Kept for a post that is published later.
    scheduled_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("scheduled_post.id", ondelete="SET NULL"), index=True
    )
    position: Mapped[int] = mapped_column(default=0)
    kind: Mapped[MediaKind]
    file_name: Mapped[str] = mapped_column(String(255))  # what the sender called it; shown only
    content_type: Mapped[str] = mapped_column(String(127))
    size: Mapped[int]  # bytes of the stored original
    width: Mapped[int | None]  # pixels
    height: Mapped[int | None]
    blurhash: Mapped[str | None] = mapped_column(String(64))
    alt_text: Mapped[str] = mapped_column(String(1500), default="")
    # What has to stay in view when it is cut: from -1 (left, bottom) to 1 (right, top).
    focus_x: Mapped[float] = mapped_column(Float, default=0.0)
    focus_y: Mapped[float] = mapped_column(Float, default=0.0)
    # Pixels of a preview that its owner gave; None: made from the picture, or there is none.
    preview_width: Mapped[int | None]
    preview_height: Mapped[int | None]
    created_at: Mapped[CreatedAt]

    __table_args__ = (Index(None, "post_id", "position"),)


# Nothing holds it yet: only its owner sees it, and it goes if that stays so.
_HOLDERS = (
    MediaAttachment.post_id,
    MediaAttachment.event_id,
    MediaAttachment.announcement_id,
    MediaAttachment.submission_id,
    MediaAttachment.scheduled_id,
)
UNATTACHED = and_(*(holder.is_(None) for holder in _HOLDERS))
# Of a post that is not out yet: its form still changes them.
WAITING = or_(MediaAttachment.submission_id.is_not(None), MediaAttachment.scheduled_id.is_not(None))


def is_unattached(media: MediaAttachment) -> bool:
    """The same of a loaded row."""
    return all(getattr(media, holder.key) is None for holder in _HOLDERS)


class DraftFile(Base):
    """An upload that a draft shows: it is still its owner's own, and kept as long as the draft."""

    __tablename__ = "draft_file"
    # By table name: media stand below drafts.
    draft_id: Mapped[int] = mapped_column(
        ForeignKey("post_draft.id", ondelete="CASCADE"), primary_key=True
    )
    media_id: Mapped[int] = mapped_column(
        ForeignKey(MediaAttachment.id, ondelete="CASCADE"), primary_key=True, index=True
    )
    position: Mapped[int] = mapped_column(default=0)
