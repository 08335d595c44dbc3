"""Announcements, their texts in several languages, whom they were for and what each did."""

import datetime as dt
import enum
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from intranet.accounts.models import Account
from intranet.audiences.models import Audience
from intranet.db import Base, CreatedAt, IdPk
from intranet.kernel.ids import new_id
from intranet.pages.models import Page
from intranet.posts.models import Post


class AnnouncementStatus(enum.StrEnum):
    DRAFT = "draft"
    IN_APPROVAL = "in_approval"  # waits for a second pair of eyes
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class RecipientOrigin(enum.StrEnum):
    SNAPSHOT = "snapshot"  # in the audience when it was published
    JOINER = "joiner"  # came into it within the days that the author set


class Announcement(Base):
    """`revision` grows with each edit that changes the substance: what was acknowledged before has
    then to be acknowledged anew."""

    __tablename__ = "announcement"
    id: Mapped[IdPk]
    page_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey(Page.account_id, ondelete="SET NULL"), index=True
    )  # in whose name; None: in the author's own
    author_id: Mapped[int] = mapped_column(ForeignKey(Account.id), index=True)
    status: Mapped[AnnouncementStatus] = mapped_column(default=AnnouncementStatus.DRAFT)
    audience_id: Mapped[int] = mapped_column(ForeignKey(Audience.id), index=True)
    joiner_days: Mapped[int] = mapped_column(default=0)  # 0: only who was there at publication
    default_language: Mapped[str] = mapped_column(String(8), default="fr")
    revision: Mapped[int] = mapped_column(default=1)
    publish_at: Mapped[dt.datetime | None]
    published_at: Mapped[dt.datetime | None]
    expires_at: Mapped[dt.datetime | None]
    withdrawn_at: Mapped[dt.datetime | None]
    pinned: Mapped[bool] = mapped_column(default=True)  # above the feed until it is read
    requires_acknowledgement: Mapped[bool] = mapped_column(default=False)
    acknowledge_by: Mapped[dt.datetime | None]
    # When to remind: [{"days_before": 3, "channel": "feed" | "push" | "email" | "manager"}, ...]
    reminders: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    by_email: Mapped[bool] = mapped_column(default=False)  # also sent by e-mail when published
    approved_by_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey(Account.id, ondelete="SET NULL"), index=True
    )
    approved_at: Mapped[dt.datetime | None]
    approval_note: Mapped[str] = mapped_column(String(500), default="")
    takes_questions: Mapped[bool] = mapped_column(default=True)  # a thread opens when it is out
    # The post whose thread holds the questions; visible to the same audience.
    post_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey(Post.id, ondelete="SET NULL"), index=True
    )
    # Why it may interrupt people outside their hours; "" when it may not. By whom it was said.
    emergency_reason: Mapped[str] = mapped_column(String(300), default="")
    emergency_by_id: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[CreatedAt]

    __table_args__ = (Index(None, "status", "publish_at"),)


class AnnouncementText(Base):
    """One state of the text in one language. Rows are never changed once published: an edit adds
    the next version. `based_on` is the version of the default language that it says the same as;
    when that one is newer, this text is stale."""

    __tablename__ = "announcement_text"
    id: Mapped[IdPk]
    announcement_id: Mapped[int] = mapped_column(ForeignKey(Announcement.id, ondelete="CASCADE"))
    language: Mapped[str] = mapped_column(String(8))
    version: Mapped[int]  # 1, 2, 3 ... within the language
    revision: Mapped[int]  # of the announcement, when it was written
    based_on: Mapped[int | None]
    title: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(Text, default="")
    html: Mapped[str] = mapped_column(Text, default="")  # safe, made once from source
    facts: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)  # {"value", "label"}
    # What a reader must answer before acknowledging:
    # [{"text": "...", "options": ["...", "..."], "answer": 0}]; "answer" is the right option.
    questions: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    content_hash: Mapped[str] = mapped_column(String(64))  # SHA-256 of the canonical content
    change_note: Mapped[str] = mapped_column(String(300), default="")
    written_by_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey(Account.id, ondelete="SET NULL"), index=True
    )
    created_at: Mapped[CreatedAt]

    __table_args__ = (Index(None, "announcement_id", "language", "version", unique=True),)


class AnnouncementRecipient(Base):
    """Somebody it is for: the audience as it was, with where they stood then. The first times are
    kept. `acknowledged_revision` below the announcement's means: to be acknowledged anew."""

    __tablename__ = "announcement_recipient"
    announcement_id: Mapped[int] = mapped_column(
        ForeignKey(Announcement.id, ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[int] = mapped_column(
        ForeignKey(Account.id, ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[int] = mapped_column(BigInteger, default=new_id)  # orders the lists
    origin: Mapped[RecipientOrigin] = mapped_column(default=RecipientOrigin.SNAPSHOT)
    department: Mapped[str] = mapped_column(String(120), default="")
    site: Mapped[str] = mapped_column(String(120), default="")
    manager_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey(Account.id, ondelete="SET NULL"), index=True
    )
    added_at: Mapped[CreatedAt]
    read_at: Mapped[dt.datetime | None]
    read_text_id: Mapped[int | None] = mapped_column(BigInteger)
    dismissed_at: Mapped[dt.datetime | None]  # put away from above the feed
    acknowledged_at: Mapped[dt.datetime | None]
    acknowledged_revision: Mapped[int | None]
    exempted_at: Mapped[dt.datetime | None]
    exempted_by_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey(Account.id, ondelete="SET NULL"), index=True
    )
    exemption_reason: Mapped[str] = mapped_column(String(300), default="")
    reminders_sent: Mapped[int] = mapped_column(default=0)
    last_reminded_at: Mapped[dt.datetime | None]

    __table_args__ = (
        Index(None, "account_id", "announcement_id"),
        Index(None, "announcement_id", "id"),
    )


class Door(enum.StrEnum):
    """Which way something came in."""

    WEB = "web"
    EMAIL = "email"
    API = "api"


class Acknowledgement(Base):
    """ "I have read it", of one revision, in the words of one text. Only ever added."""

    __tablename__ = "acknowledgement"
    id: Mapped[IdPk]
    announcement_id: Mapped[int] = mapped_column(ForeignKey(Announcement.id, ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"), index=True)
    revision: Mapped[int]
    text_id: Mapped[int] = mapped_column(
        ForeignKey(AnnouncementText.id, ondelete="CASCADE"), index=True
    )
    content_hash: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(8))
    door: Mapped[Door]
    created_at: Mapped[CreatedAt]

    __table_args__ = (Index(None, "announcement_id", "account_id", "revision", unique=True),)


class AnnouncementReminder(Base):
    """A step of the reminders that was taken: the row is what makes it happen once."""

    __tablename__ = "announcement_reminder"
    id: Mapped[IdPk]
    announcement_id: Mapped[int] = mapped_column(ForeignKey(Announcement.id, ondelete="CASCADE"))
    revision: Mapped[int]
    # The deadline, the days before it and the channel; or "now" and the day, by a person.
    step: Mapped[str] = mapped_column(String(40))
    channel: Mapped[str] = mapped_column(String(16))
    asked_by_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey(Account.id, ondelete="SET NULL"), index=True
    )  # None: the schedule
    told: Mapped[int] = mapped_column(default=0)  # how many people it reached
    created_at: Mapped[CreatedAt]

    __table_args__ = (Index(None, "announcement_id", "revision", "step", unique=True),)


class ConfirmationLink(Base):
    """A single-use link in an e-mail that confirms one reading. Only its hash is kept."""

    __tablename__ = "confirmation_link"
    id: Mapped[IdPk]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    announcement_id: Mapped[int] = mapped_column(
        ForeignKey(Announcement.id, ondelete="CASCADE"), index=True
    )
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"), index=True)
    revision: Mapped[int]
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[dt.datetime]
    used_at: Mapped[dt.datetime | None]
