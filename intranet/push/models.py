"""Where push messages go, and those that wait to be sent."""

import datetime as dt
import enum
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from intranet.accounts.models import Account, AccountSession
from intranet.db import Base, CreatedAt, IdPk
from intranet.notifications.models import Notification


class PushPolicy(enum.StrEnum):
    """Whose doing is told of."""

    ALL = "all"
    FOLLOWED = "followed"  # of whom the recipient follows
    FOLLOWER = "follower"  # of who follows the recipient
    NONE = "none"


class PushSubscription(Base):
    """A device of somebody: a browser, which belongs to its session, or a program, which belongs
    to its token. It goes with the row of its session. A token that was revoked, has expired or
    belongs to a disabled program keeps its row: the first message that is due afterwards is not
    sent, and takes the subscription with it. Of a token that is refreshed it moves to the next."""

    __tablename__ = "push_subscription"
    id: Mapped[IdPk]
    account_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey(Account.id, ondelete="CASCADE"), index=True
    )
    session_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey(AccountSession.id, ondelete="CASCADE"), unique=True
    )
    token_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("oauth_token.id", ondelete="CASCADE"), unique=True
    )
    endpoint: Mapped[str] = mapped_column(Text)
    p256dh: Mapped[str] = mapped_column(String(100))  # the device's public key, base64url
    auth: Mapped[str] = mapped_column(String(40))  # the secret that goes with it, base64url
    standard: Mapped[bool] = mapped_column(default=True)  # RFC 8291, else the draft before it
    alerts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # programs: type -> wanted
    policy: Mapped[PushPolicy] = mapped_column(default=PushPolicy.ALL)
    # Of a program its own token, which it wants to read in each message; sealed with our key.
    sealed_token: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[CreatedAt]


class PushMessage(Base):
    """A notification that a device is still to hear of. It holds ids, not words."""

    __tablename__ = "push_message"
    subscription_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey(PushSubscription.id, ondelete="CASCADE"), primary_key=True
    )
    notification_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey(Notification.id, ondelete="CASCADE"), primary_key=True, index=True
    )
    send_after: Mapped[dt.datetime]  # moves forward while a worker holds it and after a failure
    attempts: Mapped[int] = mapped_column(default=0)
    # Its recipient's hours have held it back: told together with the others when they open.
    held_back: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[CreatedAt]

    __table_args__ = (Index(None, "send_after"),)
