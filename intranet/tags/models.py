"""Hashtags that people follow, and those they show on their profile."""

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from intranet.accounts.models import Account
from intranet.db import Base, CreatedAt, IdPk
from intranet.kernel.ids import new_id
from intranet.posts.models import Hashtag


class TagFollow(Base):
    """What carries the hashtag and is for everybody comes to the follower's home."""

    __tablename__ = "tag_follow"
    account_id: Mapped[int] = mapped_column(
        ForeignKey(Account.id, ondelete="CASCADE"), primary_key=True
    )
    hashtag_id: Mapped[int] = mapped_column(
        ForeignKey(Hashtag.id, ondelete="CASCADE"), primary_key=True, index=True
    )
    id: Mapped[int] = mapped_column(BigInteger, default=new_id)  # orders the list
    created_at: Mapped[CreatedAt]

    __table_args__ = (Index(None, "account_id", "id"),)


class FeaturedTag(Base):
    """A hashtag that somebody stands for, on their profile."""

    __tablename__ = "featured_tag"
    id: Mapped[IdPk]
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"))
    hashtag_id: Mapped[int] = mapped_column(ForeignKey(Hashtag.id, ondelete="CASCADE"), index=True)
    created_at: Mapped[CreatedAt]

    __table_args__ = (UniqueConstraint("account_id", "hashtag_id"),)
