"""What people allowed, and what administrators see of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, or_, select

from intranet.accounts.models import Account
from intranet.accounts.policies import require_may_administer
from intranet.db import db
from intranet.kernel.clock import utc_now
from intranet.kernel.pagination import MAX_LIMIT, Cursor, Page, page_of
from intranet.kernel.text import fold
from intranet.oauth import scopes as scope_names
from intranet.oauth.models import AccessToken, OAuthApp


@dataclass(frozen=True, slots=True)
class AllowedApp:
    """An application that acts for somebody: what it may do, since when, last when."""

    id: int
    name: str
    website: str
    scopes: tuple[str, ...]  # the wide and narrow names, sorted as SUPPORTED is
    since: dt.datetime
    last_used_at: dt.datetime


@dataclass(frozen=True, slots=True)
class RegisteredApp:
    """An application as administrators see it; `people` have allowed it something."""

    id: int
    name: str
    website: str
    redirect_uris: tuple[str, ...]
    scopes: tuple[str, ...]
    created_at: dt.datetime
    people: int
    last_used_at: dt.datetime | None
    is_approved: bool
    is_disabled: bool
    is_trusted: bool


def allowed_by(account: Account) -> list[AllowedApp]:
    """What acts for the account now, the last used first; MAX_LIMIT at most."""
    rows = db.session.execute(
        select(AccessToken, OAuthApp)
        .join(OAuthApp, OAuthApp.id == AccessToken.app_id)
        .where(
            AccessToken.account_id == account.id,
            AccessToken.revoked_at.is_(None),
            or_(
                AccessToken.expires_at > utc_now() - dt.timedelta(days=30),
                AccessToken.expires_at.is_(None),
            ),
            OAuthApp.disabled_at.is_(None),
        )
        .order_by(AccessToken.last_used_at.desc(), AccessToken.id.desc())
        .limit(MAX_LIMIT * 5)
    ).all()
    apps: dict[int, AllowedApp] = {}
    for token, app in rows:
        seen = apps.get(app.id)
        granted = set(scope_names.held(token.scopes)) | set(seen.scopes if seen else ())
        apps[app.id] = AllowedApp(
            app.id,
            app.name,
            app.website,
            tuple(one for one in scope_names.SUPPORTED if one in granted),
            min(token.created_at, seen.since) if seen else token.created_at,
            max(token.last_used_at, seen.last_used_at) if seen else token.last_used_at,
        )
    return list(apps.values())[:MAX_LIMIT]


def registered(actor: Account, q: str, cursor: Cursor) -> Page[RegisteredApp]:
    """All applications for an administrator, the newest first; `q` is a part of the name."""
    require_may_administer(actor)
    used = (
        select(
            AccessToken.app_id,
            func.count(AccessToken.account_id.distinct()).label("people"),
            func.max(AccessToken.last_used_at).label("last_used_at"),
        )
        .where(AccessToken.revoked_at.is_(None), AccessToken.account_id.is_not(None))
        .group_by(AccessToken.app_id)
        .subquery()
    )
    statement = (
        select(OAuthApp, used.c.people, used.c.last_used_at)
        .outerjoin(used, used.c.app_id == OAuthApp.id)
        .order_by(OAuthApp.id.desc())
        .limit(cursor.limit + 1)
    )
    if word := fold(q).strip():
        statement = statement.where(func.lower(OAuthApp.name).contains(word, autoescape=True))
    if cursor.before is not None:
        statement = statement.where(OAuthApp.id < cursor.before)
    rows = db.session.execute(statement).all()
    found = [
        RegisteredApp(
            id=app.id,
            name=app.name,
            website=app.website,
            redirect_uris=tuple(app.redirect_uris),
            scopes=scope_names.held(app.scopes),
            created_at=app.created_at,
            people=people or 0,
            last_used_at=last_used_at,
            is_approved=app.approved_at is not None,
            is_disabled=app.disabled_at is not None,
            is_trusted=app.trusted,
        )
        for app, people, last_used_at in rows
    ]
    return page_of(found, cursor.limit, lambda app: app.id)


@dataclass(frozen=True, slots=True)
class TokenLine:
    """A living token as the command line lists it."""

    id: int
    handle: str
    app: str
    scopes: str
    created_at: dt.datetime
    last_used_at: dt.datetime


def living_tokens(handle: str | None, limit: int = 200) -> list[TokenLine]:
    """The tokens that open something, of one account or of all, the newest first."""
    statement = (
        select(AccessToken, OAuthApp.name, Account.handle)
        .join(OAuthApp, OAuthApp.id == AccessToken.app_id)
        .join(Account, Account.id == AccessToken.account_id)
        .where(AccessToken.revoked_at.is_(None))
        .order_by(AccessToken.id.desc())
        .limit(limit)
    )
    if handle is not None:
        statement = statement.where(Account.handle == handle)
    return [
        TokenLine(token.id, owner, name, token.scopes, token.created_at, token.last_used_at)
        for token, name, owner in db.session.execute(statement)
    ]
