"""Addresses that programs post to, and addresses that are told what happened here."""

import datetime as dt
import enum

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from intranet.accounts.models import Account
from intranet.bots.models import Bot
from intranet.db import Base, CreatedAt, IdPk
from intranet.groups.models import Group
from intranet.posts.models import Post


class IncomingWebhook(Base):
    """Whoever knows the token posts into the group as its bot. Only the token's hash is kept."""

    __tablename__ = "incoming_webhook"
    id: Mapped[IdPk]
    group_id: Mapped[int] = mapped_column(ForeignKey(Group.id, ondelete="CASCADE"), index=True)
    bot_id: Mapped[int] = mapped_column(ForeignKey(Bot.account_id, ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_by_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey(Account.id, ondelete="SET NULL"), index=True
    )
    created_at: Mapped[CreatedAt]
    last_used_at: Mapped[dt.datetime | None]
    revoked_at: Mapped[dt.datetime | None]

    group: Mapped[Group] = relationship(lazy="raise")


class WebhookEvent(enum.StrEnum):
    """What a subscriber can be told of. PING is the test that its owner asks for."""

    POST_PUBLISHED = "post.published"
    POST_CHANGED = "post.changed"
    POST_DELETED = "post.deleted"
    MEMBER_JOINED = "member.joined"
    ANNOUNCEMENT_PUBLISHED = "announcement.published"
    EVENT_CHANGED = "event.changed"
    COMMAND = "command"  # somebody typed a command: the answer is what they read
    PING = "ping"


class OutgoingWebhook(Base):
    """An address that is told of some events: those of a group, or (without one) those that all
    staff may read. Its secret is not stored: it is made of the server's key and `secret_number`."""

    __tablename__ = "outgoing_webhook"
    id: Mapped[IdPk]
    group_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey(Group.id, ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(80))
    url: Mapped[str] = mapped_column(Text)
    events: Mapped[str] = mapped_column(String(300))  # values of WebhookEvent with spaces
    secret_number: Mapped[int] = mapped_column(default=1)
    rotated_at: Mapped[dt.datetime | None]  # both secrets sign for a day
    failures: Mapped[int] = mapped_column(default=0)  # since the last success
    created_by_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey(Account.id, ondelete="SET NULL"), index=True
    )
    created_at: Mapped[CreatedAt]
    disabled_at: Mapped[dt.datetime | None]
    disabled_because: Mapped[str] = mapped_column(String(200), default="")


class DeliveryStatus(enum.StrEnum):
    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"
    DROPPED = "dropped"  # what it was about is no more


class WebhookDelivery(Base):
    """Something to tell one subscriber. Ids only: what is said is written when it is sent, so that
    what was deleted meanwhile goes nowhere. Several attempts carry the same id."""

    __tablename__ = "webhook_delivery"
    id: Mapped[IdPk]
    webhook_id: Mapped[int] = mapped_column(ForeignKey(OutgoingWebhook.id, ondelete="CASCADE"))
    event: Mapped[WebhookEvent]
    subject_id: Mapped[int]  # of the post, announcement, event or (member.joined) account
    status: Mapped[DeliveryStatus] = mapped_column(default=DeliveryStatus.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    send_after: Mapped[dt.datetime]
    created_at: Mapped[CreatedAt]
    ended_at: Mapped[dt.datetime | None]
    response_status: Mapped[int | None]
    milliseconds: Mapped[int | None]  # of the last attempt; None while one is made
    excerpt: Mapped[str] = mapped_column(String(500), default="")  # of the answer, or why none

    __table_args__ = (
        Index(None, "webhook_id", "id"),
        Index(None, "status", "send_after"),
        Index(None, "ended_at"),
    )


class SlashCommand(Base):
    """What people type to ask a program: `/name`. Its bot answers, and where the bot is a member
    the command works. One of a group works in that group, others where a group lets them in.
    `webhook_id` is the address that is asked; the command of the house has none."""

    __tablename__ = "slash_command"
    id: Mapped[IdPk]
    group_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey(Group.id, ondelete="CASCADE")
    )
    name: Mapped[str] = mapped_column(String(32))
    description: Mapped[str] = mapped_column(String(200), default="")
    usage: Mapped[str] = mapped_column(String(120), default="")  # what may follow: [stage]
    bot_id: Mapped[int] = mapped_column(ForeignKey(Bot.account_id, ondelete="CASCADE"), index=True)
    webhook_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey(OutgoingWebhook.id, ondelete="CASCADE"), unique=True
    )
    created_at: Mapped[CreatedAt]

    __table_args__ = (
        Index("uq_slash_command_of_group", "group_id", "name", unique=True),
        Index(
            "uq_slash_command_of_all",
            "name",
            unique=True,
            sqlite_where=text("group_id IS NULL"),
            postgresql_where=text("group_id IS NULL"),
        ),
    )


class CommandCall(Base):
    """Somebody typed a command: what, where, and the private message to the bot that keeps it."""

    __tablename__ = "command_call"
    id: Mapped[IdPk]
    command_id: Mapped[int] = mapped_column(
        ForeignKey(SlashCommand.id, ondelete="CASCADE"), index=True
    )
    actor_id: Mapped[int] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"), index=True)
    asked_id: Mapped[int] = mapped_column(ForeignKey(Post.id, ondelete="CASCADE"), index=True)
    group_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey(Group.id, ondelete="CASCADE"), index=True
    )
    reply_to_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey(Post.id, ondelete="SET NULL"), index=True
    )
    arguments: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[CreatedAt]
