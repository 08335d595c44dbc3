"""Bots: accounts that programs act with, and the person who answers for each."""

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from intranet.accounts.models import Account
from intranet.db import Base, CreatedAt
from intranet.groups.models import Group


class Bot(Base):
    """Name, handle and picture stand on the account. One that belongs to a group sees that group
    only, as a guest would, and the owners of the group run it."""

    __tablename__ = "bot"
    account_id: Mapped[int] = mapped_column(
        ForeignKey(Account.id, ondelete="CASCADE"), primary_key=True
    )
    owner_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey(Account.id, ondelete="SET NULL"), index=True
    )
    group_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey(Group.id, ondelete="SET NULL"), index=True
    )
    purpose: Mapped[str] = mapped_column(String(200), default="")  # one line, plain text
    created_by_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey(Account.id, ondelete="SET NULL"), index=True
    )
    created_at: Mapped[CreatedAt]

    account: Mapped[Account] = relationship(foreign_keys=[account_id], lazy="raise")
