"""Who follows whom, who keeps whom at a distance, and what people note for themselves."""

import datetime as dt

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from intranet.accounts.models import Account
from intranet.db import Base, CreatedAt
from intranet.kernel.ids import new_id


class Follow(Base):
    __tablename__ = "follow"
    follower_id: Mapped[int] = mapped_column(
        ForeignKey(Account.id, ondelete="CASCADE"), primary_key=True
    )
    followee_id: Mapped[int] = mapped_column(
        ForeignKey(Account.id, ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[int] = mapped_column(BigInteger, default=new_id)  # orders the lists
    wide: Mapped[bool] = mapped_column(default=False)  # as the followee: pulled, not fanned out
    # What the follower wants of it: boosts too; word of each new post; only these languages,
    # written ",en,fr," so that SQL can look into it (None: all).
    boosts: Mapped[bool] = mapped_column(default=True)
    notify: Mapped[bool] = mapped_column(default=False)
    languages: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[CreatedAt]

    __table_args__ = (
        CheckConstraint("follower_id <> followee_id", name="not_oneself"),
        Index(None, "followee_id", "id"),
        Index(None, "follower_id", "id"),
        Index(
            "ix_follow_wide",
            "follower_id",
            sqlite_where=text("wide"),
            postgresql_where=text("wide"),
        ),
        Index(
            "ix_follow_notify",
            "followee_id",
            sqlite_where=text("notify"),
            postgresql_where=text("notify"),
        ),
    )


class Block(Base):
    """Two people who keep apart. One of them wished it, both are held to it."""

    __tablename__ = "account_block"
    blocker_id: Mapped[int] = mapped_column(
        ForeignKey(Account.id, ondelete="CASCADE"), primary_key=True
    )
    blocked_id: Mapped[int] = mapped_column(
        ForeignKey(Account.id, ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[int] = mapped_column(BigInteger, default=new_id)  # orders the list
    created_at: Mapped[CreatedAt]

    __table_args__ = (
        CheckConstraint("blocker_id <> blocked_id", name="not_oneself"),
        Index(None, "blocker_id", "id"),
        Index(None, "blocked_id"),
    )


class Mute(Base):
    """Somebody whom the muter reads less of. Nobody else learns of it."""

    __tablename__ = "account_mute"
    muter_id: Mapped[int] = mapped_column(
        ForeignKey(Account.id, ondelete="CASCADE"), primary_key=True
    )
    muted_id: Mapped[int] = mapped_column(
        ForeignKey(Account.id, ondelete="CASCADE"), primary_key=True, index=True
    )
    id: Mapped[int] = mapped_column(BigInteger, default=new_id)  # orders the list
    notifications: Mapped[bool] = mapped_column(default=True)  # these are kept away too
    expires_at: Mapped[dt.datetime | None]  # None: until it is taken back
    created_at: Mapped[CreatedAt]

    __table_args__ = (
        CheckConstraint("muter_id <> muted_id", name="not_oneself"),
        Index(None, "muter_id", "id"),
    )


class AccountNote(Base):
    """What somebody wrote down about a colleague, for their own eyes."""

    __tablename__ = "account_note"
    writer_id: Mapped[int] = mapped_column(
        ForeignKey(Account.id, ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[int] = mapped_column(
        ForeignKey(Account.id, ondelete="CASCADE"), primary_key=True, index=True
    )
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[CreatedAt]


class DismissedSuggestion(Base):
    """Somebody whom the viewer does not want to be proposed again."""

    __tablename__ = "dismissed_suggestion"
    viewer_id: Mapped[int] = mapped_column(
        ForeignKey(Account.id, ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[int] = mapped_column(
        ForeignKey(Account.id, ondelete="CASCADE"), primary_key=True, index=True
    )
    created_at: Mapped[CreatedAt]
