"""What people have said about being interrupted, and who may do it all the same."""

import datetime as dt
import enum

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from intranet.accounts.models import Account
from intranet.db import Base, CreatedAt, IdPk


class Pace(enum.StrEnum):
    """How often somebody is written to."""

    NEVER = "never"
    AT_ONCE = "at_once"  # a letter for each notice
    HOURLY = "hourly"
    DAILY = "daily"
    WEEKLY = "weekly"


class Topic(enum.StrEnum):
    """What notices are about, as people choose among them."""

    TALK = "talk"  # mentions and replies
    MESSAGES = "messages"
    GROUPS = "groups"
    POSTS = "posts"
    APPLAUSE = "applause"  # reactions, boosts, followers
    EVENTS = "events"
    TEAM = "team"  # requests, reviews, reports: what waits for somebody


class Level(enum.StrEnum):
    """How a notice reaches its reader."""

    AT_ONCE = "at_once"  # devices, and letters as often as was chosen
    DIGEST = "digest"  # only in what gathers several of them
    LIST = "list"  # only where one looks for it


class InterruptionPreference(Base):
    """What somebody has chosen. Without a row, and where a column is None, the company's choice."""

    __tablename__ = "interruption_preference"
    account_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey(Account.id, ondelete="CASCADE"), primary_key=True
    )
    hours: Mapped[list[list[int]] | None] = mapped_column(JSON(none_as_null=True))  # see Span
    quiet_until: Mapped[dt.datetime | None]
    pace: Mapped[Pace | None]
    levels: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)  # Topic -> Level


class InterruptionDefault(Base):
    """What the company has chosen for who has not. One row, with id 1."""

    __tablename__ = "interruption_default"
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    hours: Mapped[list[list[int]]] = mapped_column(JSON, default=list)
    pace: Mapped[Pace] = mapped_column(default=Pace.DAILY)


class DayOff(Base):
    """Days on which somebody does not work, the last one included."""

    __tablename__ = "day_off"
    id: Mapped[IdPk]
    account_id: Mapped[int] = mapped_column(BigInteger, ForeignKey(Account.id, ondelete="CASCADE"))
    first_day: Mapped[dt.date]
    last_day: Mapped[dt.date]

    __table_args__ = (Index(None, "account_id", "last_day"),)


class DigestClock(Base):
    """When somebody is next written to, and up to which notification they have been."""

    __tablename__ = "digest_clock"
    account_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey(Account.id, ondelete="CASCADE"), primary_key=True
    )
    next_at: Mapped[dt.datetime] = mapped_column(index=True)
    told_up_to: Mapped[int] = mapped_column(default=0)


class EmergencySender(Base):
    """Somebody whom an administrator lets interrupt everybody."""

    __tablename__ = "emergency_sender"
    account_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey(Account.id, ondelete="CASCADE"), primary_key=True
    )
    granted_by_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey(Account.id, ondelete="SET NULL"), index=True
    )
    created_at: Mapped[CreatedAt]


class Emergency(Base):
    """That working hours were not heeded: by whom, why, and for how many. Rows are never changed
    nor deleted; names are kept as they were then."""

    __tablename__ = "emergency"
    id: Mapped[IdPk]
    announcement_id: Mapped[int] = mapped_column(BigInteger, unique=True)
    sender_id: Mapped[int] = mapped_column(BigInteger)
    sender_name: Mapped[str] = mapped_column(String(120))
    reason: Mapped[str] = mapped_column(String(300))
    reached: Mapped[int]
    outside_hours: Mapped[int]
    created_at: Mapped[CreatedAt]
