"""What somebody reports to those who look after the place: a person, or posts of one person."""

import datetime as dt
import enum

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from intranet.accounts.models import Account
from intranet.db import Base, CreatedAt, IdPk
from intranet.groups.models import Group
from intranet.posts.models import Post


class ReportCategory(enum.StrEnum):
    SPAM = "spam"
    LEGAL = "legal"
    VIOLATION = "violation"  # of the rules of the house
    OTHER = "other"


class Report(Base):
    """Open until `handled_at`. With a group: posts of that group, whose stewards see it too."""

    __tablename__ = "report"
    id: Mapped[IdPk]
    reporter_id: Mapped[int] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"), index=True)
    target_id: Mapped[int] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"), index=True)
    group_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey(Group.id, ondelete="CASCADE"), index=True
    )
    category: Mapped[ReportCategory] = mapped_column(default=ReportCategory.OTHER)
    comment: Mapped[str] = mapped_column(Text, default="")
    posts_count: Mapped[int] = mapped_column(default=0)  # also of those that are deleted since
    handled_by_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey(Account.id, ondelete="SET NULL"), index=True
    )
    handled_at: Mapped[dt.datetime | None]
    note: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[CreatedAt]

    __table_args__ = (Index(None, "handled_at", "id"),)


class ReportedPost(Base):
    __tablename__ = "reported_post"
    report_id: Mapped[int] = mapped_column(
        ForeignKey(Report.id, ondelete="CASCADE"), primary_key=True
    )
    post_id: Mapped[int] = mapped_column(
        ForeignKey(Post.id, ondelete="CASCADE"), primary_key=True, index=True
    )
