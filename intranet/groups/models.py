"""Groups, who belongs to them, who asks to and who is asked."""

import enum

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from intranet.accounts.models import Account
from intranet.db import Base, CreatedAt, IdPk
from intranet.kernel.ids import new_id


class GroupPrivacy(enum.StrEnum):
    """Open: all members of the organisation read and join. Closed: all know of it, members
    read, joining is asked for. Secret: nobody outside knows that it exists."""

    OPEN = "open"
    CLOSED = "closed"
    SECRET = "secret"  # noqa: S105  (a privacy, not a password)


class GroupRole(enum.StrEnum):
    OWNER = "owner"
    MODERATOR = "moderator"
    MEMBER = "member"


class NotifyLevel(enum.StrEnum):
    EVERYTHING = "everything"
    MENTIONS = "mentions"
    NOTHING = "nothing"


class GroupCaller(enum.StrEnum):
    """Who may tell all members at once, by "@group" in a post."""

    NOBODY = "nobody"
    OWNERS = "owners"  # and moderators
    MEMBERS = "members"


class Group(Base):
    __tablename__ = "group"
    id: Mapped[IdPk]
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    purpose: Mapped[str] = mapped_column(String(300), default="")  # one line, plain text
    about_source: Mapped[str] = mapped_column(Text, default="")
    about_html: Mapped[str] = mapped_column(Text, default="")
    privacy: Mapped[GroupPrivacy] = mapped_column(default=GroupPrivacy.OPEN)
    created_by_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey(Account.id, ondelete="SET NULL"), index=True
    )
    created_at: Mapped[CreatedAt]
    # kept true by the actions that change them
    members_count: Mapped[int] = mapped_column(default=0)
    guests_count: Mapped[int] = mapped_column(default=0)  # of the members
    last_post_id: Mapped[int | None] = mapped_column(BigInteger)
    wide: Mapped[bool] = mapped_column(default=False)  # too many members for fan-out
    search_text: Mapped[str] = mapped_column(Text, default="")  # folded name and purpose
    called_by: Mapped[GroupCaller] = mapped_column(
        default=GroupCaller.OWNERS, server_default=GroupCaller.OWNERS.value
    )


class Membership(Base):
    __tablename__ = "membership"
    group_id: Mapped[int] = mapped_column(
        ForeignKey(Group.id, ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[int] = mapped_column(
        ForeignKey(Account.id, ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[int] = mapped_column(BigInteger, default=new_id)  # orders the lists
    role: Mapped[GroupRole] = mapped_column(default=GroupRole.MEMBER)
    notify_level: Mapped[NotifyLevel] = mapped_column(default=NotifyLevel.MENTIONS)
    last_read_post_id: Mapped[int | None] = mapped_column(BigInteger)
    wide: Mapped[bool] = mapped_column(default=False)  # as the group: pulled, not fanned out
    created_at: Mapped[CreatedAt]

    __table_args__ = (
        Index(None, "account_id", "group_id"),
        Index(None, "group_id", "id"),
        Index(
            "ix_membership_wide",
            "account_id",
            sqlite_where=text("wide"),
            postgresql_where=text("wide"),
        ),
    )


class JoinRequest(Base):
    """Somebody asks to join a closed group; gone when answered."""

    __tablename__ = "join_request"
    id: Mapped[IdPk]
    group_id: Mapped[int] = mapped_column(ForeignKey(Group.id, ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"), index=True)
    message: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[CreatedAt]

    __table_args__ = (Index(None, "group_id", "account_id", unique=True),)


class GroupInvitation(Base):
    """A member asks a colleague to join; gone when answered."""

    __tablename__ = "group_invitation"
    id: Mapped[IdPk]
    group_id: Mapped[int] = mapped_column(ForeignKey(Group.id, ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"), index=True)
    invited_by_id: Mapped[int] = mapped_column(
        ForeignKey(Account.id, ondelete="CASCADE"), index=True
    )
    created_at: Mapped[CreatedAt]

    __table_args__ = (Index(None, "group_id", "account_id", unique=True),)


class GroupCall(Base):
    """Somebody told all members at once; counted, so that it stays rare."""

    __tablename__ = "group_call"
    id: Mapped[IdPk]
    group_id: Mapped[int] = mapped_column(ForeignKey(Group.id, ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"), index=True)
    created_at: Mapped[CreatedAt]

    __table_args__ = (Index(None, "group_id", "created_at"),)
