"""Campaigns, their short links, and how often each was followed. Nothing about who followed."""

import datetime as dt

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from intranet.accounts.models import Account
from intranet.db import Base, CreatedAt, IdPk
from intranet.pages.models import Page


class Campaign(Base):
    """A name under which links are counted together: of a page, or of the organisation."""

    __tablename__ = "campaign"
    id: Mapped[IdPk]
    page_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey(Page.account_id, ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(120))
    created_by_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey(Account.id, ondelete="SET NULL"), index=True
    )
    created_at: Mapped[CreatedAt]
    closed_at: Mapped[dt.datetime | None]  # its links lead nowhere any more


class TrackedLink(Base):
    """A short address. `target` is absolute (http or https), or a path of this site. Whatever of
    ours it leads to is kept as its subject, for reports."""

    __tablename__ = "tracked_link"
    id: Mapped[IdPk]
    campaign_id: Mapped[int] = mapped_column(ForeignKey(Campaign.id, ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(16), unique=True)
    target: Mapped[str] = mapped_column(String(2000))
    label: Mapped[str] = mapped_column(String(120), default="")  # where it is put: "Newsletter"
    # By table name: announcements and events stand beside campaigns.
    announcement_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("announcement.id", ondelete="SET NULL"), index=True
    )
    event_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("event.id", ondelete="SET NULL"), index=True
    )
    post_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("post.id", ondelete="SET NULL"), index=True
    )
    created_by_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey(Account.id, ondelete="SET NULL"), index=True
    )
    created_at: Mapped[CreatedAt]
    closed_at: Mapped[dt.datetime | None]

    __table_args__ = (Index(None, "campaign_id", "id"),)


class LinkDay(Base):
    """How often a link was followed on one day of the organisation's zone."""

    __tablename__ = "link_day"
    link_id: Mapped[int] = mapped_column(
        ForeignKey(TrackedLink.id, ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[dt.date] = mapped_column(primary_key=True)
    clicks: Mapped[int] = mapped_column(default=0)

    __table_args__ = (CheckConstraint("clicks >= 0", name="clicks_not_negative"),)
