"""Posts and what people do with them."""

import datetime as dt
import enum
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column

from intranet.accounts.models import Account
from intranet.audiences.models import Audience
from intranet.db import Base, CreatedAt, IdPk
from intranet.groups.models import Group
from intranet.kernel.ids import new_id
from intranet.pages.models import Page
from intranet.previews.models import LinkPreview


class Visibility(enum.StrEnum):
    """Who a post is for. GROUP goes with a group_id and follows the group's privacy, AUDIENCE
    with an audience_id: whoever its rule includes at the time of reading. DIRECT is for the
    participants of its thread and stands in no list of posts."""

    ORGANISATION = "organisation"
    FOLLOWERS = "followers"
    GROUP = "group"
    AUDIENCE = "audience"
    DIRECT = "direct"


class PostKind(enum.StrEnum):
    """What a post is beside its text. Only what begins a thread is more than a POST."""

    POST = "post"
    QUESTION = "question"  # one of its replies may be accepted as the answer
    PRAISE = "praise"  # of colleagues: rows of Praise and Praised


class PraiseReason(enum.StrEnum):
    """What somebody is praised for."""

    TEAMWORK = "teamwork"
    HELP = "help"
    IDEA = "idea"
    CUSTOMER = "customer"
    LEARNING = "learning"
    COURAGE = "courage"
    QUALITY = "quality"
    WELCOME = "welcome"


class Post(Base):
    """A post, a reply (`in_reply_to_id`, same audience as its root) or a boost (`boost_of_id`,
    no text of its own). A deleted post that has replies stays as an empty tombstone."""

    __tablename__ = "post"
    id: Mapped[IdPk]
    author_id: Mapped[int] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"))
    group_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey(Group.id, ondelete="CASCADE")
    )
    visibility: Mapped[Visibility]
    audience_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey(Audience.id, ondelete="RESTRICT"), index=True
    )
    # Of a page's post: the person who wrote it. None when the author wrote it itself.
    written_by_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey(Account.id, ondelete="SET NULL"), index=True
    )
    is_public: Mapped[bool] = mapped_column(default=False)  # readable without signing in
    # A warning stands before what it hides; `sensitive` veils the pictures.
    spoiler_text: Mapped[str] = mapped_column(Text, default="", server_default="")
    sensitive: Mapped[bool] = mapped_column(default=False, server_default=false())
    source: Mapped[str] = mapped_column(Text, default="")
    html: Mapped[str] = mapped_column(Text, default="")  # safe, made once from source
    language: Mapped[str | None] = mapped_column(String(8))
    in_reply_to_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("post.id", ondelete="CASCADE"), index=True
    )
    root_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("post.id", ondelete="CASCADE")
    )  # the thread's first post; None on that post itself
    boost_of_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("post.id", ondelete="CASCADE")
    )
    kind: Mapped[PostKind] = mapped_column(
        default=PostKind.POST, server_default=PostKind.POST.value
    )
    # `is_quote` stays when what was quoted is gone.
    is_quote: Mapped[bool] = mapped_column(default=False, server_default=false())
    quote_of_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("post.id", ondelete="SET NULL")
    )
    answer_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("post.id", ondelete="SET NULL")
    )  # of a question: the reply that was accepted
    # Its first link: what is known of that page, or a post of ours.
    preview_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey(LinkPreview.id, ondelete="SET NULL")
    )
    link_post_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("post.id", ondelete="SET NULL")
    )
    idempotency_key: Mapped[str | None] = mapped_column(String(64))
    replies_count: Mapped[int] = mapped_column(default=0)  # of the whole thread, on its root too
    boosts_count: Mapped[int] = mapped_column(default=0)
    quotes_count: Mapped[int] = mapped_column(default=0, server_default="0")
    search_text: Mapped[str] = mapped_column(Text, default="")  # folded source
    created_at: Mapped[CreatedAt]
    edited_at: Mapped[dt.datetime | None]
    deleted_at: Mapped[dt.datetime | None]

    __table_args__ = (
        Index(None, "author_id", "id"),
        Index(None, "group_id", "id"),
        # Only replies: SQLite's statistics cannot see that half of all posts have no root, and it
        # would look for one author's root posts among everybody's.
        Index(
            None,
            "root_id",
            "id",
            sqlite_where=text("root_id IS NOT NULL"),
            postgresql_where=text("root_id IS NOT NULL"),
        ),
        # What timelines read: without it a stream full of replies would be waded through.
        Index(
            "ix_post_author_roots",
            "author_id",
            "id",
            sqlite_where=text("root_id IS NULL"),
            postgresql_where=text("root_id IS NULL"),
        ),
        Index(
            "ix_post_group_roots",
            "group_id",
            "id",
            sqlite_where=text("root_id IS NULL"),
            postgresql_where=text("root_id IS NULL"),
        ),
        Index(
            "ix_post_organisation",
            "id",
            sqlite_where=text("visibility = 'organisation' AND root_id IS NULL"),
            postgresql_where=text("visibility = 'organisation' AND root_id IS NULL"),
        ),
        Index(
            "uq_post_boost",
            "boost_of_id",
            "author_id",
            unique=True,
            sqlite_where=text("boost_of_id IS NOT NULL"),
            postgresql_where=text("boost_of_id IS NOT NULL"),
        ),
        Index(
            "ix_post_quote_of_id",
            "quote_of_id",
            sqlite_where=text("quote_of_id IS NOT NULL"),
            postgresql_where=text("quote_of_id IS NOT NULL"),
        ),
        Index(
            "ix_post_preview_id",
            "preview_id",
            sqlite_where=text("preview_id IS NOT NULL"),
            postgresql_where=text("preview_id IS NOT NULL"),
        ),
        Index(
            "ix_post_link_post_id",
            "link_post_id",
            sqlite_where=text("link_post_id IS NOT NULL"),
            postgresql_where=text("link_post_id IS NOT NULL"),
        ),
        Index(
            "ix_post_answer_id",
            "answer_id",
            sqlite_where=text("answer_id IS NOT NULL"),
            postgresql_where=text("answer_id IS NOT NULL"),
        ),
        Index(
            "uq_post_idempotency",
            "author_id",
            "idempotency_key",
            unique=True,
            sqlite_where=text("idempotency_key IS NOT NULL"),
            postgresql_where=text("idempotency_key IS NOT NULL"),
        ),
    )


class Praise(Base):
    """Why the people of a post of that kind are praised."""

    __tablename__ = "praise"
    post_id: Mapped[int] = mapped_column(ForeignKey(Post.id, ondelete="CASCADE"), primary_key=True)
    reason: Mapped[PraiseReason]


class Praised(Base):
    """Somebody whom a post praises, in the order in which they are named."""

    __tablename__ = "praised"
    post_id: Mapped[int] = mapped_column(ForeignKey(Post.id, ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey(Account.id, ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int]

    __table_args__ = (Index(None, "account_id", "post_id"),)


class Participant(Base):
    """Somebody whom a direct thread is for, its author among them: a conversation as one person
    has it."""

    __tablename__ = "participant"
    conversation_id: Mapped[int] = mapped_column(
        ForeignKey(Post.id, ondelete="CASCADE"), primary_key=True
    )  # the thread's first post
    account_id: Mapped[int] = mapped_column(
        ForeignKey(Account.id, ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[int] = mapped_column(BigInteger, default=new_id, unique=True)
    last_post_id: Mapped[int] = mapped_column(BigInteger)  # the newest of the thread; orders lists
    last_read_post_id: Mapped[int] = mapped_column(BigInteger, default=0)
    hidden: Mapped[bool] = mapped_column(default=False)  # until the next message

    __table_args__ = (Index(None, "account_id", "last_post_id"),)


class PostRevision(Base):
    """What a post said before an edit; `created_at` is when that text was written."""

    __tablename__ = "post_revision"
    id: Mapped[IdPk]
    post_id: Mapped[int] = mapped_column(ForeignKey(Post.id, ondelete="CASCADE"), index=True)
    source: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    spoiler_text: Mapped[str] = mapped_column(Text, default="", server_default="")
    sensitive: Mapped[bool] = mapped_column(default=False, server_default=false())
    # The answers of its poll; [id, description, name] of each of its files (rows of old have no
    # name). Files that the edit took away are gone for good, as deleted ones are.
    options: Mapped[list[str] | None] = mapped_column(JSON)
    media: Mapped[list[Any] | None] = mapped_column(JSON)
    created_at: Mapped[CreatedAt]


class Reaction(Base):
    """One emoji of one person; the star is the favourite."""

    __tablename__ = "reaction"
    post_id: Mapped[int] = mapped_column(ForeignKey(Post.id, ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey(Account.id, ondelete="CASCADE"), primary_key=True, index=True
    )
    emoji: Mapped[str] = mapped_column(String(32), primary_key=True)
    created_at: Mapped[CreatedAt]


class Bookmark(Base):
    __tablename__ = "bookmark"
    account_id: Mapped[int] = mapped_column(
        ForeignKey(Account.id, ondelete="CASCADE"), primary_key=True
    )
    post_id: Mapped[int] = mapped_column(
        ForeignKey(Post.id, ondelete="CASCADE"), primary_key=True, index=True
    )
    id: Mapped[int] = mapped_column(BigInteger, default=new_id)  # orders the list
    # Where its owner put it (intranet/saved); None lies loose.
    folder_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("saved_folder.id", ondelete="SET NULL")
    )
    created_at: Mapped[CreatedAt]

    __table_args__ = (Index(None, "account_id", "id"), Index(None, "folder_id", "id"))


class ThreadMute(Base):
    """A thread that somebody wants to hear no more of; `thread_id` is its first post."""

    __tablename__ = "thread_mute"
    account_id: Mapped[int] = mapped_column(
        ForeignKey(Account.id, ondelete="CASCADE"), primary_key=True
    )
    thread_id: Mapped[int] = mapped_column(
        ForeignKey(Post.id, ondelete="CASCADE"), primary_key=True, index=True
    )
    created_at: Mapped[CreatedAt]


class ThreadFollow(Base):
    """A thread of which somebody hears every reply; `thread_id` is its first post. Nobody both
    follows and mutes one."""

    __tablename__ = "thread_follow"
    account_id: Mapped[int] = mapped_column(
        ForeignKey(Account.id, ondelete="CASCADE"), primary_key=True
    )
    thread_id: Mapped[int] = mapped_column(
        ForeignKey(Post.id, ondelete="CASCADE"), primary_key=True, index=True
    )
    created_at: Mapped[CreatedAt]


class Mention(Base):
    """Somebody named in a post who may see it."""

    __tablename__ = "mention"
    post_id: Mapped[int] = mapped_column(ForeignKey(Post.id, ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey(Account.id, ondelete="CASCADE"), primary_key=True
    )

    __table_args__ = (Index(None, "account_id", "post_id"),)


class Hashtag(Base):
    __tablename__ = "hashtag"
    id: Mapped[IdPk]
    name: Mapped[str] = mapped_column(String(100), unique=True)  # case-folded
    display: Mapped[str] = mapped_column(String(100))  # as first written


class PostHashtag(Base):
    __tablename__ = "post_hashtag"
    hashtag_id: Mapped[int] = mapped_column(
        ForeignKey(Hashtag.id, ondelete="CASCADE"), primary_key=True
    )
    post_id: Mapped[int] = mapped_column(
        ForeignKey(Post.id, ondelete="CASCADE"), primary_key=True, index=True
    )


class ProfilePin(Base):
    """An own post that its author holds at the top of their profile. A row of its own: the group
    of the post may hold it too."""

    __tablename__ = "profile_pin"
    post_id: Mapped[int] = mapped_column(ForeignKey(Post.id, ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"), index=True)
    created_at: Mapped[CreatedAt]


class PinnedPost(Base):
    """A post held at the top of its group, or of the page that published it: one of the two."""

    __tablename__ = "pinned_post"
    post_id: Mapped[int] = mapped_column(ForeignKey(Post.id, ondelete="CASCADE"), primary_key=True)
    group_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey(Group.id, ondelete="CASCADE"), index=True
    )
    page_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey(Page.account_id, ondelete="CASCADE"), index=True
    )
    pinned_by_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey(Account.id, ondelete="SET NULL"), index=True
    )
    created_at: Mapped[CreatedAt]


class PinPutAway(Base):
    """A pin that a reader wants no longer at the top. It counts for the pin that was there then:
    who pins the post anew shows it anew."""

    __tablename__ = "pin_put_away"
    account_id: Mapped[int] = mapped_column(
        ForeignKey(Account.id, ondelete="CASCADE"), primary_key=True
    )
    post_id: Mapped[int] = mapped_column(
        ForeignKey(Post.id, ondelete="CASCADE"), primary_key=True, index=True
    )
    created_at: Mapped[CreatedAt]
