"""People, what they know, their sessions and the invitations that bring them in."""

import datetime as dt
import enum
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from intranet.db import Base, CreatedAt, IdPk
from intranet.kernel.text import fold


class Role(enum.StrEnum):
    """What an account may do in the whole organisation."""

    GUEST = "guest"
    MEMBER = "member"
    MODERATOR = "moderator"
    HR = "hr"
    ADMINISTRATOR = "administrator"


class AccountKind(enum.StrEnum):
    """Who is behind an account. A page is the official voice of a department, a brand or a site:
    nobody signs in as it, its editors speak in its name. A bot is a program: it acts by tokens,
    and somebody answers for it."""

    PERSON = "person"
    PAGE = "page"
    BOT = "bot"


class Theme(enum.StrEnum):
    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Density(enum.StrEnum):
    COMFORTABLE = "comfortable"
    COMPACT = "compact"


def sort_name_of(display_name: str) -> str:
    """By what a name stands in lists."""
    return fold(display_name)[:240]


def _sort_name(context: Any) -> str:
    return sort_name_of(context.get_current_parameters()["display_name"])


class Account(Base):
    """A person, a page or a bot. A guest comes from outside and sees only the groups it was
    invited to. Only people have an address and a password."""

    __tablename__ = "account"
    id: Mapped[IdPk]
    handle: Mapped[str] = mapped_column(String(64), unique=True)  # lower case ASCII
    # lower case; None for pages and bots
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    kind: Mapped[AccountKind] = mapped_column(default=AccountKind.PERSON)
    verified: Mapped[bool] = mapped_column(default=False)  # an official page, said by a badge
    display_name: Mapped[str] = mapped_column(String(120))
    # Folded, so that "Élodie" stands beside "Elodie" whatever collation the database has.
    sort_name: Mapped[str] = mapped_column(String(240), default=_sort_name)
    role: Mapped[Role] = mapped_column(default=Role.MEMBER)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    deactivated_at: Mapped[dt.datetime | None]
    created_at: Mapped[CreatedAt]
    # profile
    title: Mapped[str] = mapped_column(String(120), default="")
    department: Mapped[str] = mapped_column(String(120), default="")
    site: Mapped[str] = mapped_column(String(120), default="")
    employment: Mapped[str] = mapped_column(String(60), default="")  # kind of contract, by HR
    manager_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("account.id", ondelete="SET NULL"), index=True
    )
    phone: Mapped[str] = mapped_column(String(40), default="")
    pronouns: Mapped[str] = mapped_column(String(40), default="")
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)  # BCP 47 codes
    about_source: Mapped[str] = mapped_column(Text, default="")
    about_html: Mapped[str] = mapped_column(Text, default="")
    joined_on: Mapped[dt.date | None]
    avatar_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    header_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    # What people add in their own words, in order: [{"name": ..., "value": ...}].
    facts: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    is_automated: Mapped[bool] = mapped_column(default=False)  # a program writes here
    # preferences
    time_zone: Mapped[str] = mapped_column(String(64), default="Europe/Paris")  # IANA name
    locale: Mapped[str | None] = mapped_column(String(8))  # None: what the browser asks for
    theme: Mapped[Theme] = mapped_column(default=Theme.SYSTEM)
    density: Mapped[Density] = mapped_column(default=Density.COMFORTABLE)
    shortcuts: Mapped[bool] = mapped_column(default=True)
    # How a post begins when nothing else is said.
    post_audience: Mapped[str] = mapped_column(String(16), default="organisation")
    post_sensitive: Mapped[bool] = mapped_column(default=False)
    post_language: Mapped[str | None] = mapped_column(String(8))  # BCP 47
    # kept true by the actions that change them
    followers_count: Mapped[int] = mapped_column(default=0)
    following_count: Mapped[int] = mapped_column(default=0)
    last_post_id: Mapped[int | None] = mapped_column(BigInteger)
    wide: Mapped[bool] = mapped_column(default=False)  # too many followers for fan-out
    home_from: Mapped[int] = mapped_column(default=0)  # home entries are complete from this id on
    search_text: Mapped[str] = mapped_column(Text, default="")  # folded, see kernel text.fold

    manager: Mapped["Account | None"] = relationship(remote_side="Account.id", lazy="raise")

    __table_args__ = (
        Index(None, "department"),
        Index(None, "site"),
        Index(None, "kind"),
        Index(None, "sort_name", "id"),
    )

    @property
    def is_page(self) -> bool:
        """Whether the account is an official page, not a person."""
        return self.kind is AccountKind.PAGE

    @property
    def is_bot(self) -> bool:
        """Whether a program is behind the account."""
        return self.kind is AccountKind.BOT

    @property
    def is_guest(self) -> bool:
        """Whether the account sees its groups only, as people from outside the organisation do."""
        return self.role is Role.GUEST

    @property
    def moderates(self) -> bool:
        """Whether the account answers for what is said in the whole organisation."""
        return self.role in (Role.MODERATOR, Role.ADMINISTRATOR)

    @property
    def is_active(self) -> bool:
        """Whether the account may sign in and be addressed."""
        return self.deactivated_at is None


class Skill(Base):
    """Something people can be asked about; one row for all spellings of a name."""

    __tablename__ = "skill"
    id: Mapped[IdPk]
    name: Mapped[str] = mapped_column(String(60))
    folded: Mapped[str] = mapped_column(String(60), unique=True)


class AccountSkill(Base):
    __tablename__ = "account_skill"
    account_id: Mapped[int] = mapped_column(
        ForeignKey(Account.id, ondelete="CASCADE"), primary_key=True
    )
    skill_id: Mapped[int] = mapped_column(
        ForeignKey(Skill.id, ondelete="CASCADE"), primary_key=True, index=True
    )


class AccountSession(Base):
    """A signed-in browser. The cookie holds the token, this row only its SHA-256."""

    __tablename__ = "account_session"
    id: Mapped[IdPk]
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_agent: Mapped[str] = mapped_column(String(255), default="")
    ip_address: Mapped[str] = mapped_column(String(64), default="")
    created_at: Mapped[CreatedAt]
    last_seen_at: Mapped[CreatedAt]
    expires_at: Mapped[dt.datetime] = mapped_column(index=True)


class Invitation(Base):
    """A single-use link for one e-mail address, with the role and group it leads to."""

    __tablename__ = "invitation"
    id: Mapped[IdPk]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[str] = mapped_column(String(254), index=True)
    display_name: Mapped[str] = mapped_column(String(120), default="")
    role: Mapped[Role]
    # By table name: accounts stand below groups.
    group_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("group.id", ondelete="CASCADE"), index=True
    )
    invited_by_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey(Account.id, ondelete="SET NULL"), index=True
    )
    account_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey(Account.id, ondelete="SET NULL"), index=True
    )
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[dt.datetime]
    used_at: Mapped[dt.datetime | None]
    revoked_at: Mapped[dt.datetime | None]


class PasswordReset(Base):
    """A single-use link that sets another password. Only a hash of its token is kept."""

    __tablename__ = "password_reset"
    id: Mapped[IdPk]
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[dt.datetime]
    used_at: Mapped[dt.datetime | None]
