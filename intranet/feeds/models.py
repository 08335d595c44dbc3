"""Addresses under which somebody's feed reader follows what they may read."""

import datetime as dt
import enum

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from intranet.accounts.models import Account
from intranet.db import Base, CreatedAt, IdPk
from intranet.groups.models import Group
from intranet.search.models import SavedSearch

TOUCH_AFTER = dt.timedelta(hours=1)  # so old `last_used_at` is worth a write


class FeedKind(enum.StrEnum):
    """What a feed is of: it has the column of that name."""

    PROFILE = "profile"
    GROUP = "group"
    HASHTAG = "hashtag"
    SEARCH = "search"


class Feed(Base):
    """One address. The token in it is kept as a digest only; revoked, the row is gone."""

    __tablename__ = "feed"
    id: Mapped[IdPk]
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[FeedKind]
    profile_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey(Account.id, ondelete="CASCADE"), index=True
    )
    group_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey(Group.id, ondelete="CASCADE"), index=True
    )
    hashtag: Mapped[str | None] = mapped_column(String(100))  # its canonical name
    search_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey(SavedSearch.id, ondelete="CASCADE"), index=True
    )
    last_used_at: Mapped[dt.datetime | None]
    created_at: Mapped[CreatedAt]
