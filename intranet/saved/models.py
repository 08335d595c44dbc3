"""Folders for what people saved."""

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from intranet.accounts.models import Account
from intranet.db import Base, CreatedAt, IdPk


class SavedFolder(Base):
    """Where its owner puts saved posts (`Bookmark.folder_id`). Nobody else knows of it."""

    __tablename__ = "saved_folder"
    id: Mapped[IdPk]
    owner_id: Mapped[int] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(60))
    folded: Mapped[str] = mapped_column(Text)  # two of one name cannot be told apart
    created_at: Mapped[CreatedAt]

    __table_args__ = (UniqueConstraint("owner_id", "folded"),)
