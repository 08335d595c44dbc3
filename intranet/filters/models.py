"""What an account does not want to read: words, and single posts."""

import datetime as dt
import enum

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from intranet.accounts.models import Account
from intranet.db import Base, CreatedAt, IdPk
from intranet.posts.models import Post


class FilterAction(enum.StrEnum):
    """What is done with a post that matches."""

    WARN = "warn"  # shown behind the filter's title
    HIDE = "hide"  # not shown at all
    BLUR = "blur"  # its pictures and files only on demand


class FilterContext(enum.StrEnum):
    """Where a filter counts."""

    HOME = "home"
    NOTIFICATIONS = "notifications"
    PUBLIC = "public"  # the organisation, groups, hashtags
    THREAD = "thread"
    ACCOUNT = "account"


class ContentFilter(Base):
    __tablename__ = "content_filter"
    id: Mapped[IdPk]
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(String(100))
    contexts: Mapped[list[str]] = mapped_column(JSON)  # values of FilterContext
    action: Mapped[FilterAction] = mapped_column(default=FilterAction.WARN)
    expires_at: Mapped[dt.datetime | None]
    created_at: Mapped[CreatedAt]


class FilterKeyword(Base):
    __tablename__ = "filter_keyword"
    id: Mapped[IdPk]
    filter_id: Mapped[int] = mapped_column(
        ForeignKey(ContentFilter.id, ondelete="CASCADE"), index=True
    )
    keyword: Mapped[str] = mapped_column(String(100))
    whole_word: Mapped[bool] = mapped_column(default=True)


class FilteredPost(Base):
    __tablename__ = "filtered_post"
    id: Mapped[IdPk]
    filter_id: Mapped[int] = mapped_column(ForeignKey(ContentFilter.id, ondelete="CASCADE"))
    post_id: Mapped[int] = mapped_column(ForeignKey(Post.id, ondelete="CASCADE"), index=True)

    __table_args__ = (Index(None, "filter_id", "post_id", unique=True),)
