"""Audiences: saved rules that say who something is for."""

import enum

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from intranet.accounts.models import Account
from intranet.db import Base, CreatedAt, IdPk
from intranet.groups.models import Group


class AudienceField(enum.StrEnum):
    """What a rule may look at."""

    DEPARTMENT = "department"
    SITE = "site"
    ROLE = "role"  # accounts.models.Role
    EMPLOYMENT = "employment"
    LANGUAGE = "language"  # a language the person speaks, or reads the interface in
    GROUP = "group"  # belongs to the group


class Audience(Base):
    """A rule. Terms of one field are alternatives, fields narrow each other; a rule without
    terms includes all staff. Rules never change: another rule is another row."""

    __tablename__ = "audience"
    id: Mapped[IdPk]
    # Under which its owner finds it again; None when it was made for one thing only.
    name: Mapped[str | None] = mapped_column(String(120))
    owner_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey(Account.id, ondelete="SET NULL"), index=True
    )
    created_at: Mapped[CreatedAt]


class AudienceTerm(Base):
    __tablename__ = "audience_term"
    id: Mapped[IdPk]
    audience_id: Mapped[int] = mapped_column(ForeignKey(Audience.id, ondelete="CASCADE"))
    field: Mapped[AudienceField]
    value: Mapped[str] = mapped_column(String(120), default="")
    # A deleted group leaves its term, which nobody fulfils: the audience must not widen.
    group_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey(Group.id, ondelete="SET NULL"), index=True
    )

    __table_args__ = (Index(None, "audience_id", "field"),)
