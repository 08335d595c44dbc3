"""What an account should know of. Subjects are named by table: nothing above is imported."""

import datetime as dt
import enum

from sqlalchemy import BigInteger, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from intranet.accounts.models import Account
from intranet.db import Base, CreatedAt, IdPk


class NotificationKind(enum.StrEnum):
    FOLLOW = "follow"
    MENTION = "mention"
    REPLY = "reply"
    REACTION = "reaction"
    BOOST = "boost"
    GROUP_POST = "group_post"
    JOIN_REQUEST = "join_request"
    JOIN_ACCEPTED = "join_accepted"
    GROUP_INVITATION = "group_invitation"


class Notification(Base):
    __tablename__ = "notification"
    id: Mapped[IdPk]
    recipient_id: Mapped[int] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"))
    actor_id: Mapped[int] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"), index=True)
    kind: Mapped[NotificationKind]
    post_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("post.id", ondelete="CASCADE"), index=True
    )
    thread_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("post.id", ondelete="CASCADE"), index=True
    )  # the root of the thread post_id belongs to: notifications are grouped by it
    group_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("group.id", ondelete="CASCADE"), index=True
    )
    read_at: Mapped[dt.datetime | None]
    created_at: Mapped[CreatedAt]

    __table_args__ = (
        Index(None, "recipient_id", "id"),
        Index(
            "ix_notification_unread",
            "recipient_id",
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
    )
