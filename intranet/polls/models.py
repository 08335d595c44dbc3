"""Polls of posts. Posts stand above: they are named by table."""

import datetime as dt
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, ForeignKeyConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from intranet.accounts.models import Account
from intranet.db import Base, CreatedAt


class Poll(Base):
    """The question is the text of its post, of which there is one poll at most: its id is the
    post's. `closed_at` is when its end was told."""

    __tablename__ = "poll"
    post_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("post.id", ondelete="CASCADE"), primary_key=True
    )
    multiple: Mapped[bool] = mapped_column(default=False)
    hide_totals: Mapped[bool] = mapped_column(default=False)  # until the end
    anonymous: Mapped[bool] = mapped_column(default=True)  # nobody learns who voted for what
    expires_at: Mapped[dt.datetime]
    closed_at: Mapped[dt.datetime | None]
    voters_count: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[CreatedAt]  # when it was opened last: an edit opens it for another length


class PollOption(Base):
    """One answer, in its place from 0 on."""

    __tablename__ = "poll_option"
    post_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey(Poll.post_id, ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    title: Mapped[str] = mapped_column(String(500))
    votes_count: Mapped[int] = mapped_column(default=0)


class PollVoter(Base):
    """Who has voted. The row is there once: that is what makes a second vote impossible. Kept of
    anonymous polls too, and shown to nobody."""

    __tablename__ = "poll_voter"
    post_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey(Poll.post_id, ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey(Account.id, ondelete="CASCADE"), primary_key=True, index=True
    )
    created_at: Mapped[CreatedAt]


class PollVote(Base):
    """What somebody chose: one row for each choice."""

    __tablename__ = "poll_vote"
    post_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    account_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)

    __table_args__: Any = (
        ForeignKeyConstraint(
            ["post_id", "account_id"],
            [PollVoter.post_id, PollVoter.account_id],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["post_id", "position"],
            [PollOption.post_id, PollOption.position],
            ondelete="CASCADE",
        ),
    )
