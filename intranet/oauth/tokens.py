"""Tokens: given, found with every request, taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, or_, select, update

from intranet.accounts.events import CredentialsChanged
from intranet.accounts.models import Account
from intranet.db import db
from intranet.kernel.clock import utc_now
from intranet.kernel.ids import new_id
from intranet.oauth import scopes as scope_names
from intranet.oauth.digests import digest, fresh
from intranet.oauth.models import AccessToken, OAuthApp

_TOUCH_AFTER = dt.timedelta(minutes=10)
LIFETIME = dt.timedelta(hours=2)  # of tokens that are refreshed; the others live until revoked
_MAX_TOKEN = 200


@dataclass(frozen=True, slots=True)
class Access:
    """Who asks: a program, for an account or (None) for itself, and what it may do."""

    token_id: int
    account: Account | None
    app: OAuthApp
    scopes: tuple[str, ...]
    touch_due: bool  # last_used_at is old enough to be worth a write

    def may(self, scope: str) -> bool:
        """Whether the token's scopes cover this one."""
        return scope_names.covers(self.scopes, scope)


@dataclass(frozen=True, slots=True)
class Issued:
    """A new token; the words themselves are kept nowhere."""

    token: str
    refresh: str | None
    row: AccessToken


def _living() -> tuple[ColumnElement[bool], ...]:
    """The token opens something now; needs OAuthApp joined and Account outer joined."""
    return (
        *_allowed(),
        or_(AccessToken.expires_at.is_(None), AccessToken.expires_at > utc_now()),
    )


def _allowed() -> tuple[ColumnElement[bool], ...]:
    """What was allowed still counts, though the token itself may have expired; same joins."""
    return (
        AccessToken.revoked_at.is_(None),
        OAuthApp.disabled_at.is_(None),
        or_(AccessToken.account_id.is_(None), Account.deactivated_at.is_(None)),
    )


def _found(which: ColumnElement[bool]) -> list[Access]:
    rows = db.session.execute(
        select(AccessToken.id, AccessToken.scopes, AccessToken.last_used_at, OAuthApp, Account)
        .join(OAuthApp, OAuthApp.id == AccessToken.app_id)
        .outerjoin(Account, Account.id == AccessToken.account_id)
        .where(which, *_living())
        .execution_options(populate_existing=True)
    ).all()
    old = utc_now() - _TOUCH_AFTER
    return [
        Access(id_, account, app, scope_names.held(scopes), last_used_at < old)
        for id_, scopes, last_used_at, app, account in rows
    ]


def _find(which: ColumnElement[bool]) -> Access | None:
    return next(iter(_found(which)), None)


def find(token: str) -> Access | None:
    """Whoever this token speaks for, while it lives: one statement."""
    if not token or len(token) > _MAX_TOKEN:
        return None
    return _find(AccessToken.token_hash == digest(token))


def find_by_id(token_id: int) -> Access | None:
    """The same for a token that was shown before (addresses of files name it so)."""
    return _find(AccessToken.id == token_id)


def living(token_ids: Collection[int]) -> dict[int, Access]:
    """Those of these tokens that live, by their ids: one statement."""
    if not token_ids:
        return {}
    return {one.token_id: one for one in _found(AccessToken.id.in_(token_ids))}


def alive(token_ids: Collection[int]) -> set[int]:
    """Which of these tokens still open something for a person: asked for open streams."""
    if not token_ids:
        return set()
    return set(
        db.session.scalars(
            select(AccessToken.id)
            .join(OAuthApp, OAuthApp.id == AccessToken.app_id)
            .join(Account, Account.id == AccessToken.account_id)
            .where(AccessToken.id.in_(token_ids), *_living())
        )
    )


def has_ended(token_id: int) -> bool:
    """Whether this token of a person opens nothing any more, and no successor will follow it: an
    expired one that can be refreshed has not ended."""
    lasts = or_(
        AccessToken.expires_at.is_(None),
        AccessToken.expires_at > utc_now(),
        AccessToken.refresh_hash.is_not(None),
    )
    found = db.session.scalar(
        select(AccessToken.id)
        .join(OAuthApp, OAuthApp.id == AccessToken.app_id)
        .join(Account, Account.id == AccessToken.account_id)
        .where(AccessToken.id == token_id, *_allowed(), lasts)
    )
    return found is None


def touch(token_id: int) -> None:
    """Remember that the token was used now."""
    db.session.execute(
        update(AccessToken).where(AccessToken.id == token_id).values(last_used_at=utc_now())
    )


def issue(
    app: OAuthApp,
    account_id: int | None,
    scopes: str,
    *,
    family_id: int | None = None,
) -> Issued:
    """A new token. It expires, and can be refreshed, only for an application that asked for that
    and acts for a person."""
    token, now = fresh(), utc_now()
    refreshed = app.uses_refresh and account_id is not None
    refresh = fresh() if refreshed else None
    row = AccessToken(
        token_hash=digest(token),
        refresh_hash=digest(refresh) if refresh else None,
        family_id=family_id or new_id(),
        app_id=app.id,
        account_id=account_id,
        scopes=scopes,
        created_at=now,
        last_used_at=now,
        expires_at=now + LIFETIME if refreshed else None,
    )
    db.session.add(row)
    db.session.flush()
    return Issued(token, refresh, row)


def find_refresh(refresh: str) -> AccessToken | None:
    """The row of this refresh token, spent or not."""
    if not refresh or len(refresh) > _MAX_TOKEN:
        return None
    return db.session.scalar(
        select(AccessToken)
        .where(AccessToken.refresh_hash == digest(refresh))
        .execution_options(populate_existing=True)
    )


def spend(row: AccessToken) -> bool:
    """Revoke the row for its successor. False when that was done before: of two that refresh at
    once exactly one hears True."""
    done = db.session.execute(
        update(AccessToken)
        .where(AccessToken.id == row.id, AccessToken.revoked_at.is_(None))
        .values(revoked_at=utc_now())
        .execution_options(synchronize_session=False)
    )
    return cast(CursorResult[Any], done).rowcount > 0


def _revoke(*which: ColumnElement[bool]) -> int:
    done = db.session.execute(
        update(AccessToken)
        .where(AccessToken.revoked_at.is_(None), *which)
        .values(revoked_at=utc_now())
        .execution_options(synchronize_session=False)
    )
    return cast(CursorResult[Any], done).rowcount


def revoke_family(family_id: int) -> None:
    """Take back everything that came from one consent: somebody used a spent word again."""
    _revoke(AccessToken.family_id == family_id)


def revoke_shown(app: OAuthApp, word: str) -> None:
    """Take back a token that its own application shows (RFC 7009); a foreign or unknown one is
    passed over in silence. A refresh token takes its family with it."""
    if not word or len(word) > _MAX_TOKEN:
        return
    mine = AccessToken.app_id == app.id
    known = (AccessToken.token_hash == digest(word)) | (AccessToken.refresh_hash == digest(word))
    row = db.session.scalar(select(AccessToken).where(mine, known))
    if row is not None:
        _revoke(AccessToken.family_id == row.family_id)


def revoke_app(account: Account, app_id: int) -> bool:
    """Take back everything that the account allowed this application; False if it was nothing."""
    return bool(_revoke(AccessToken.account_id == account.id, AccessToken.app_id == app_id))


def revoke_one(token_id: int) -> AccessToken | None:
    """Take back one token by its number, on the operator's word."""
    row = db.session.get(AccessToken, token_id)
    if row is not None:
        _revoke(AccessToken.id == token_id)
    return row


def credentials_changed(event: CredentialsChanged) -> None:
    """Another password or role, or a shut account: what was allowed before counts no more."""
    _revoke(AccessToken.account_id == event.account_id)
