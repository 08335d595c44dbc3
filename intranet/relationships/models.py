"""Who follows whom."""

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, text
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
    )
