"""What an account should know of. Subjects are named by table: nothing above is imported."""

import datetime as dt
import enum

from sqlalchemy import BigInteger, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from intranet.accounts.models import Account
from intranet.db import Base, CreatedAt, IdPk


class NotificationKind(enum.StrEnum):
    FOLLOW = "follow"
    MENTION = "mention"
    REPLY = "reply"
    THREAD_REPLY = "thread_reply"  # in a thread that the recipient follows
    MESSAGE = "message"  # a direct post
    REACTION = "reaction"
    BOOST = "boost"
    QUOTE = "quote"
    PRAISE = "praise"
    ANSWER = "answer"  # a reply of the recipient was accepted as the answer
    GROUP_POST = "group_post"
    POST = "post"  # of somebody whose posts the recipient asked to hear of
    JOIN_REQUEST = "join_request"
    JOIN_ACCEPTED = "join_accepted"
    GROUP_INVITATION = "group_invitation"
    PAGE_INVITATION = "page_invitation"  # made an editor of a page
    REVIEW_REQUEST = "review_request"  # a page's post waits for this reviewer
    REVIEW_ANSWER = "review_answer"  # published, or returned with a note
    ANNOUNCEMENT = "announcement"
    ANNOUNCEMENT_REMINDER = "announcement_reminder"
    ANNOUNCEMENT_REOPENED = "announcement_reopened"  # changed in substance: to be confirmed anew
    APPROVAL_REQUEST = "approval_request"  # an announcement waits for a second pair of eyes
    APPROVAL_ANSWER = "approval_answer"
    EVENT_INVITATION = "event_invitation"
    EVENT_CHANGED = "event_changed"
    EVENT_CANCELLED = "event_cancelled"
    EVENT_REMINDER = "event_reminder"
    POLL = "poll"  # it has ended: one's own, or one that the reader voted in
    SCHEDULED_FAILED = "scheduled_failed"  # a post to come that could not be published
    SAVED_SEARCH = "saved_search"  # found something new
    EVENT_PROMOTED = "event_promoted"  # from the waiting list to a place
    REPORT = "report"  # for those who look after the place, or the group


class Welcome(enum.StrEnum):
    """What becomes of notifications by people of some kind."""

    ACCEPT = "accept"
    FILTER = "filter"  # held aside, where they can be looked at
    DROP = "drop"  # never written


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
    announcement_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("announcement.id", ondelete="CASCADE"), index=True
    )
    event_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("event.id", ondelete="CASCADE"), index=True
    )
    # The date of the event that it is about.
    occurrence_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("occurrence.id", ondelete="CASCADE"), index=True
    )
    page_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("page.account_id", ondelete="CASCADE"), index=True
    )
    detail: Mapped[str] = mapped_column(String(60), default="")  # of an event: what changed
    # Held aside by the recipient's policy: in no list and no count but that of what is held.
    held: Mapped[bool] = mapped_column(default=False)
    # Reaches its recipient outside working hours too: part of an emergency.
    urgent: Mapped[bool] = mapped_column(default=False)
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


class NotificationPolicy(Base):
    """Whose notifications an account wants to hear of; without a row everybody's."""

    __tablename__ = "notification_policy"
    account_id: Mapped[int] = mapped_column(
        ForeignKey(Account.id, ondelete="CASCADE"), primary_key=True
    )
    for_not_following: Mapped[Welcome] = mapped_column(default=Welcome.ACCEPT)
    for_not_followers: Mapped[Welcome] = mapped_column(default=Welcome.ACCEPT)
    for_new_accounts: Mapped[Welcome] = mapped_column(default=Welcome.ACCEPT)
    for_private_mentions: Mapped[Welcome] = mapped_column(default=Welcome.ACCEPT)
    for_limited_accounts: Mapped[Welcome] = mapped_column(default=Welcome.ACCEPT)


class NotificationPermission(Base):
    """Somebody whom the account hears whatever its policy says."""

    __tablename__ = "notification_permission"
    account_id: Mapped[int] = mapped_column(
        ForeignKey(Account.id, ondelete="CASCADE"), primary_key=True
    )
    from_account_id: Mapped[int] = mapped_column(
        ForeignKey(Account.id, ondelete="CASCADE"), primary_key=True, index=True
    )
    created_at: Mapped[CreatedAt]


class MarkedList(enum.StrEnum):
    """What somebody reads downwards and comes back to."""

    HOME = "home"
    NOTIFICATIONS = "notifications"


class ReadingMark(Base):
    """How far an account has read a list. `version` grows with every change."""

    __tablename__ = "reading_mark"
    account_id: Mapped[int] = mapped_column(
        ForeignKey(Account.id, ondelete="CASCADE"), primary_key=True
    )
    timeline: Mapped[MarkedList] = mapped_column(primary_key=True)
    last_read_id: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[CreatedAt]
