"""The three ways to a token. There is no password grant and no implicit one."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from authlib.oauth2.rfc6749 import InvalidGrantError, InvalidRequestError, grants
from authlib.oauth2.rfc7636 import CodeChallenge
from sqlalchemy import CursorResult, select, update

from intranet.accounts.models import Account
from intranet.db import db
from intranet.kernel.clock import utc_now
from intranet.kernel.ids import new_id
from intranet.oauth import tokens
from intranet.oauth.clients import Client
from intranet.oauth.digests import digest
from intranet.oauth.models import AccessToken, AuthorizationCode

_CODE_LIFETIME = dt.timedelta(minutes=10)
_WITH_SECRET = ("client_secret_basic", "client_secret_post")


def _active(account_id: int | None) -> Account | None:
    return db.session.scalar(
        select(Account).where(Account.id == account_id, Account.deactivated_at.is_(None))
    )


class HeldCode:
    """A stored code as Authlib asks about it."""

    def __init__(self, row: AuthorizationCode) -> None:
        self.row = row
        self.code_challenge = row.code_challenge
        self.code_challenge_method = "S256"

    def get_redirect_uri(self) -> str:
        """Where the code was sent."""
        return self.row.redirect_uri

    def get_scope(self) -> str:
        """What was allowed."""
        return self.row.scopes


class CodeGrant(grants.AuthorizationCodeGrant):  # type: ignore[misc]  # authlib has no types
    """RFC 6749 section 4.1. A code is good once, for the client and address that got it; a
    second use takes back what the first one gave."""

    TOKEN_ENDPOINT_AUTH_METHODS = (*_WITH_SECRET, "none")

    def save_authorization_code(self, code: str, request: Any) -> None:
        """Keep the digest of a new code."""
        now = utc_now()
        db.session.add(
            AuthorizationCode(
                code_hash=digest(code),
                app_id=request.client.app.id,
                account_id=request.user.id,
                redirect_uri=request.payload.redirect_uri,
                scopes=request.scope,
                code_challenge=request.payload.data.get("code_challenge") or None,
                family_id=new_id(),
                created_at=now,
                expires_at=now + _CODE_LIFETIME,
            )
        )

    def query_authorization_code(self, code: str, client: Client) -> HeldCode | None:
        """The client's unused code; None for anything else."""
        row = db.session.scalar(
            select(AuthorizationCode)
            .where(
                AuthorizationCode.code_hash == digest(code),
                AuthorizationCode.app_id == client.app.id,
            )
            .execution_options(populate_existing=True)
        )
        if row is None:
            return None
        if row.used_at is not None:
            tokens.revoke_family(row.family_id)
            return None
        return HeldCode(row) if row.expires_at > utc_now() else None

    def authenticate_user(self, authorization_code: HeldCode) -> Account | None:
        """Who allowed it, if the account is open; the code is used up here. Of two that come at
        once the second finds it used."""
        row = authorization_code.row
        done = db.session.execute(
            update(AuthorizationCode)
            .where(AuthorizationCode.id == row.id, AuthorizationCode.used_at.is_(None))
            .values(used_at=utc_now())
            .execution_options(synchronize_session=False)
        )
        if not cast(CursorResult[Any], done).rowcount:
            tokens.revoke_family(row.family_id)
            return None
        self.request.family_id = row.family_id
        return _active(row.account_id)

    def delete_authorization_code(self, authorization_code: HeldCode) -> None:
        """Kept, marked as used, so that a second use is noticed."""


class Challenge(CodeChallenge):  # type: ignore[misc]  # authlib has no types
    """PKCE (RFC 7636), S256 only. A public client must bring it; one that proves itself by its
    secret may do without. Authlib alone would give a public client its code without."""

    DEFAULT_CODE_CHALLENGE_METHOD = "S256"
    SUPPORTED_CODE_CHALLENGE_METHOD = ("S256",)

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        """Refuse a missing challenge, and one whose method is not said or not S256."""
        data = grant.request.payload.data
        if data.get("code_challenge") and data.get("code_challenge_method") != "S256":
            raise InvalidRequestError("The code_challenge_method must be S256.")
        super().validate_code_challenge(grant, redirect_uri)
        if not data.get("code_challenge") and not grant.request.client.app.confidential:
            raise InvalidRequestError("A public client must send a code_challenge.")


class ClientGrant(grants.ClientCredentialsGrant):  # type: ignore[misc]  # authlib has no types
    """RFC 6749 section 4.4: the application for itself."""

    TOKEN_ENDPOINT_AUTH_METHODS = _WITH_SECRET


class HeldToken:
    """A stored token as Authlib asks about it."""

    def __init__(self, row: AccessToken) -> None:
        self.row = row

    def check_client(self, client: Client) -> bool:
        """Whether it was given to this client."""
        return self.row.app_id == client.app.id

    def get_scope(self) -> str:
        """What it may do."""
        return self.row.scopes


class RefreshGrant(grants.RefreshTokenGrant):  # type: ignore[misc]  # authlib has no types
    """RFC 6749 section 6 with rotation: each refresh token is good once, and using one again
    revokes the whole family (RFC 9700 section 4.14)."""

    TOKEN_ENDPOINT_AUTH_METHODS = (*_WITH_SECRET, "none")
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token: str) -> HeldToken | None:
        """The unspent row. Whether it is the client's own is asked before anything is revoked."""
        row = tokens.find_refresh(refresh_token)
        if row is None or row.app_id != self.request.client.app.id:
            return None
        if row.revoked_at is not None:
            tokens.revoke_family(row.family_id)
            return None
        return HeldToken(row)

    def authenticate_user(self, refresh_token: HeldToken) -> Account | None:
        """Who allowed it, if the account is open; the row is spent here."""
        row = refresh_token.row
        if not tokens.spend(row):
            tokens.revoke_family(row.family_id)
            raise InvalidGrantError()
        self.request.family_id = row.family_id
        self.request.spent_id = row.id
        return _active(row.account_id)

    def revoke_old_credential(self, refresh_token: HeldToken) -> None:
        """Spent already, before the new one was made."""
