"""Personal lists of people."""

import enum

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from intranet.accounts.models import Account
from intranet.db import Base, CreatedAt, IdPk
from intranet.kernel.ids import new_id


class RepliesPolicy(enum.StrEnum):
    """Which replies of its people a list shows: to anybody the owner follows, to each other, or
    none. What somebody answers to themselves goes with either of the first two."""

    FOLLOWED = "followed"
    LIST = "list"
    NONE = "none"


class PeopleList(Base):
    """Some of the people whom its owner follows, read apart. Nobody else knows of it."""

    __tablename__ = "people_list"
    id: Mapped[IdPk]
    owner_id: Mapped[int] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(String(100))
    replies_policy: Mapped[RepliesPolicy] = mapped_column(default=RepliesPolicy.LIST)
    exclusive: Mapped[bool] = mapped_column(default=False)  # its people leave the owner's home
    created_at: Mapped[CreatedAt]


class ListMember(Base):
    __tablename__ = "people_list_member"
    list_id: Mapped[int] = mapped_column(
        ForeignKey(PeopleList.id, ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[int] = mapped_column(
        ForeignKey(Account.id, ondelete="CASCADE"), primary_key=True, index=True
    )
    id: Mapped[int] = mapped_column(BigInteger, default=new_id)  # orders the members
    created_at: Mapped[CreatedAt]

    __table_args__ = (Index(None, "list_id", "id"),)
