"""Applications, the codes that consent gives them, and the tokens they act with.

Nothing that opens a door is stored in clear: secrets, codes and tokens by their SHA-256.
"""

import datetime as dt

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from intranet.accounts.models import Account
from intranet.db import Base, CreatedAt, IdPk


class OAuthApp(Base):
    """A program that asks to act for people. A public one (`confidential` false) can keep no
    secret and proves itself by PKCE. A trusted one is the operator's own."""

    __tablename__ = "oauth_app"
    id: Mapped[IdPk]
    client_id: Mapped[str] = mapped_column(String(64), unique=True)
    secret_hash: Mapped[str | None] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(120))
    website: Mapped[str] = mapped_column(String(500), default="")
    redirect_uris: Mapped[list[str]] = mapped_column(JSON, default=list)
    scopes: Mapped[str] = mapped_column(Text)
    confidential: Mapped[bool] = mapped_column(default=True)
    uses_refresh: Mapped[bool] = mapped_column(default=False)  # asked for tokens that expire
    trusted: Mapped[bool] = mapped_column(default=False)
    created_by_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey(Account.id, ondelete="SET NULL"), index=True
    )
    created_at: Mapped[CreatedAt]
    approved_at: Mapped[dt.datetime | None]
    disabled_at: Mapped[dt.datetime | None]


class AuthorizationCode(Base):
    """What consent hands to the application's address: good once, for ten minutes. The row stays
    for a day, so that a second use is noticed and takes back what the first one gave."""

    __tablename__ = "oauth_code"
    id: Mapped[IdPk]
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    app_id: Mapped[int] = mapped_column(ForeignKey(OAuthApp.id, ondelete="CASCADE"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"), index=True)
    redirect_uri: Mapped[str] = mapped_column(Text)
    scopes: Mapped[str] = mapped_column(Text)
    code_challenge: Mapped[str | None] = mapped_column(String(128))  # S256
    family_id: Mapped[int]  # of the token that it gives
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[dt.datetime] = mapped_column(index=True)
    used_at: Mapped[dt.datetime | None]


class AccessToken(Base):
    """What a program shows with every request. Without an account it speaks for the program only.
    Tokens that came from one consent by refreshing share a family."""

    __tablename__ = "oauth_token"
    id: Mapped[IdPk]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    refresh_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    family_id: Mapped[int]
    app_id: Mapped[int] = mapped_column(ForeignKey(OAuthApp.id, ondelete="CASCADE"))
    account_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey(Account.id, ondelete="CASCADE")
    )
    scopes: Mapped[str] = mapped_column(Text)
    created_at: Mapped[CreatedAt]
    last_used_at: Mapped[CreatedAt]
    expires_at: Mapped[dt.datetime | None]
    revoked_at: Mapped[dt.datetime | None]

    __table_args__ = (
        Index(None, "family_id"),
        Index(None, "app_id", "account_id"),
        Index(None, "account_id", "id"),
    )
