"""The home timeline as rows: one for each post that was fanned out to a reader."""

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from intranet.accounts.models import Account
from intranet.db import Base


class HomeEntry(Base):
    """Root posts and boosts of narrow streams only; wide streams are pulled when reading."""

    __tablename__ = "home_entry"
    account_id: Mapped[int] = mapped_column(
        ForeignKey(Account.id, ondelete="CASCADE"), primary_key=True
    )
    # No foreign key and no index of its own: deleting a post deletes its entries by recipient.
    post_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    author_id: Mapped[int] = mapped_column(BigInteger)
    group_id: Mapped[int | None] = mapped_column(BigInteger)

    __table_args__ = ({"sqlite_with_rowid": False},)
