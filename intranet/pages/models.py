"""Pages: the official voice of a department, a brand or a site, run by several editors.

The page itself is an account (kind PAGE): it is followed, mentioned and named as an author like
any other. What only a page has stands here.
"""

import enum

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from intranet.accounts.models import Account
from intranet.db import Base, CreatedAt
from intranet.kernel.ids import new_id


class PageCategory(enum.StrEnum):
    DEPARTMENT = "department"
    BRAND = "brand"
    SITE = "site"
    OTHER = "other"


class Attribution(enum.StrEnum):
    """Who a post of the page is said to be by. The true author is always kept."""

    PAGE = "page"  # the page alone
    AUTHOR = "author"  # the page, and who wrote it


class PageRole(enum.StrEnum):
    """Owners run the page, editors write in its name, reviewers also let posts out, analysts
    only read its figures."""

    OWNER = "owner"
    EDITOR = "editor"
    REVIEWER = "reviewer"
    ANALYST = "analyst"


class Page(Base):
    """Name, handle, picture and about stand on the account."""

    __tablename__ = "page"
    account_id: Mapped[int] = mapped_column(
        ForeignKey(Account.id, ondelete="CASCADE"), primary_key=True
    )
    category: Mapped[PageCategory] = mapped_column(default=PageCategory.DEPARTMENT)
    tagline: Mapped[str] = mapped_column(String(200), default="")  # one line, plain text
    contact_email: Mapped[str] = mapped_column(String(254), default="")
    contact_phone: Mapped[str] = mapped_column(String(40), default="")
    contact_url: Mapped[str] = mapped_column(String(500), default="")
    attribution: Mapped[Attribution] = mapped_column(default=Attribution.AUTHOR)
    review_required: Mapped[bool] = mapped_column(default=False)  # posts wait for a reviewer
    is_public: Mapped[bool] = mapped_column(default=False)  # readable without signing in
    created_by_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey(Account.id, ondelete="SET NULL"), index=True
    )
    created_at: Mapped[CreatedAt]

    account: Mapped[Account] = relationship(foreign_keys=[account_id], lazy="raise")


class PageEditor(Base):
    """Somebody's role in a page."""

    __tablename__ = "page_editor"
    page_id: Mapped[int] = mapped_column(
        ForeignKey(Page.account_id, ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[int] = mapped_column(
        ForeignKey(Account.id, ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[int] = mapped_column(BigInteger, default=new_id)  # orders the lists
    role: Mapped[PageRole]
    created_at: Mapped[CreatedAt]

    __table_args__ = (Index(None, "account_id", "page_id"),)
