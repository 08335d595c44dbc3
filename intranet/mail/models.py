"""The outbox: what is to be sent by e-mail, kept in the transaction of its cause."""

import datetime as dt
import enum
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from intranet.accounts.models import Account
from intranet.db import Base, CreatedAt, IdPk


class OutboxStatus(enum.StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    DROPPED = "dropped"  # nothing to say any more when its turn came
    FAILED = "failed"  # refused for good, or tried too often


class OutboxMessage(Base):
    """One e-mail to one person. It holds ids, not words: it is written when it is sent, from what
    the recipient may then see."""

    __tablename__ = "outbox_message"
    id: Mapped[IdPk]
    kind: Mapped[str] = mapped_column(String(60))  # which letter; see the letters package
    account_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey(Account.id, ondelete="CASCADE"), index=True
    )
    address: Mapped[str] = mapped_column(String(254), default="")  # when there is no account
    payload: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    # The same key is sent once, however often it is asked for.
    dedupe_key: Mapped[str | None] = mapped_column(String(200), unique=True)
    status: Mapped[OutboxStatus] = mapped_column(default=OutboxStatus.WAITING)
    send_after: Mapped[dt.datetime]  # moves forward while a worker holds it and after a failure
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(Text, default="")
    sent_at: Mapped[dt.datetime | None]
    created_at: Mapped[CreatedAt]

    __table_args__ = (Index(None, "status", "send_after"),)


class MailOptOut(Base):
    """This person wants no letters of this list. Letters that are no list are always sent."""

    __tablename__ = "mail_opt_out"
    account_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey(Account.id, ondelete="CASCADE"), primary_key=True
    )
    list_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    created_at: Mapped[CreatedAt]


class MailedReply(Base):
    """An answer that came by mail: taken once, however often its server hands it over. Without
    `post_id` it was not published, for a reason; then `text` keeps what was written until the
    letter that gives it back is long sent."""

    __tablename__ = "mailed_reply"
    id: Mapped[IdPk]
    account_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey(Account.id, ondelete="CASCADE"), index=True
    )
    digest: Mapped[str] = mapped_column(String(64), unique=True)  # of address and Message-ID
    post_id: Mapped[int | None] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(String(200), default="")  # a marked sentence
    params: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    dropped: Mapped[list[str]] = mapped_column(JSON, default=list)  # names of files left out
    text: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[CreatedAt]
