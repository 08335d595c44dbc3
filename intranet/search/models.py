"""What is searched: the words of posts, the trigrams of names. And what people keep of searches."""

import datetime as dt
import enum

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from intranet.accounts.models import Account
from intranet.db import Base, CreatedAt, IdPk
from intranet.groups.models import Group
from intranet.posts.models import Post


class PostWords(Base):
    """A post as the index has it, see `indexing`. PostgreSQL searches this column; on SQLite the
    virtual table `post_match` follows it by triggers. A migration makes what either searches
    by (see `db.schema.is_ours`). Deleted posts, boosts and direct posts have no row."""

    __tablename__ = "post_words"
    post_id: Mapped[int] = mapped_column(
        ForeignKey(Post.id, ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    words: Mapped[str] = mapped_column(Text().with_variant(TSVECTOR(), "postgresql"))


class AccountGram(Base):
    """Three letters that stand in the name of a person or a page."""

    __tablename__ = "account_gram"
    gram: Mapped[str] = mapped_column(String(3), primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey(Account.id, ondelete="CASCADE"), primary_key=True, index=True
    )


class GroupGram(Base):
    """Three letters that stand in the name of a group."""

    __tablename__ = "group_gram"
    gram: Mapped[str] = mapped_column(String(3), primary_key=True)
    group_id: Mapped[int] = mapped_column(
        ForeignKey(Group.id, ondelete="CASCADE"), primary_key=True, index=True
    )


class RecentSearch(Base):
    """What somebody looked for lately; only they see it."""

    __tablename__ = "recent_search"
    id: Mapped[IdPk]
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"))
    query: Mapped[str] = mapped_column(String(200))
    searched_at: Mapped[CreatedAt]

    __table_args__ = (Index(None, "account_id", "query", unique=True),)


class Alert(enum.StrEnum):
    """How soon somebody hears of what a saved search finds."""

    NEVER = "never"
    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"


class ToldPost(Base):
    """A post that one of somebody's saved searches has told of, shown or only counted: no other
    one tells it again. It goes once all of them have looked past it."""

    __tablename__ = "told_post"
    account_id: Mapped[int] = mapped_column(
        ForeignKey(Account.id, ondelete="CASCADE"), primary_key=True
    )
    post_id: Mapped[int] = mapped_column(
        ForeignKey(Post.id, ondelete="CASCADE"), primary_key=True, index=True
    )


class SavedSearch(Base):
    """A question somebody asks again; with an alert it is asked for them. `seen_id` is how far it
    has been looked and told; a change of the pace does not move it."""

    __tablename__ = "saved_search"
    id: Mapped[IdPk]
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    query: Mapped[str] = mapped_column(String(200))
    alert: Mapped[Alert] = mapped_column(default=Alert.NEVER)
    seen_id: Mapped[int] = mapped_column(BigInteger)
    due_at: Mapped[dt.datetime | None]  # when the alert looks again; None without one
    created_at: Mapped[CreatedAt]

    __table_args__ = (
        Index(
            "ix_saved_search_due",
            "due_at",
            sqlite_where=text("due_at IS NOT NULL"),
            postgresql_where=text("due_at IS NOT NULL"),
        ),
    )
