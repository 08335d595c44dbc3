"""The applications of the organisation: where they are, and for whom."""

import datetime as dt

from sqlalchemy import BigInteger, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from intranet.accounts.models import Account
from intranet.audiences.models import Audience
from intranet.db import Base, CreatedAt, IdPk


class Application(Base):
    """A program with pages of its own, opened inside Parvis or beside it."""

    __tablename__ = "application"
    id: Mapped[IdPk]
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name_en: Mapped[str] = mapped_column(String(80))
    name_fr: Mapped[str] = mapped_column(String(80), default="")
    description_en: Mapped[str] = mapped_column(String(300), default="")
    description_fr: Mapped[str] = mapped_column(String(300), default="")
    icon: Mapped[str] = mapped_column(String(32), default="")  # an emoji; initials without one
    picture_key: Mapped[str | None] = mapped_column(String(64), unique=True)  # before the emoji
    start_url: Mapped[str] = mapped_column(Text)
    inside: Mapped[bool] = mapped_column(default=True)  # may stand in a frame
    audience_id: Mapped[int] = mapped_column(
        ForeignKey(Audience.id, ondelete="RESTRICT"), index=True
    )
    created_by_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey(Account.id, ondelete="SET NULL"), index=True
    )
    created_at: Mapped[CreatedAt]
    disabled_at: Mapped[dt.datetime | None]
