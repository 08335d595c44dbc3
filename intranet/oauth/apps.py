"""Applications: registered, found, judged by administrators, forgotten when nobody used them."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy import delete, exists, select

from intranet.accounts import names
from intranet.accounts.models import Account
from intranet.accounts.policies import require_may_administer
from intranet.db import db
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import DomainError, Invalid, NotFound
from intranet.kernel.messages import N_
from intranet.oauth import scopes as scope_names
from intranet.oauth.digests import digest, fresh
from intranet.oauth.models import AccessToken, AuthorizationCode, OAuthApp

OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
_MAX_NAME = 120
_MAX_WEBSITE = 500
_MAX_URI = 2000
_MAX_URIS = 20
_FORGET_AFTER = dt.timedelta(days=30)
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[\x21\x23-\x5b\x5d\x5f-\x7e]+")
# What a browser would run or open by itself.
_REFUSED = {"javascript", "data", "vbscript", "file", "blob", "about", "filesystem", "view-source"}
_CLIENT_ID = re.compile(r"[\w-]{1,64}", re.ASCII)


@dataclass(frozen=True, kw_only=True, slots=True)
class AppDraft:
    """A program as it registers itself; `scopes` is a list in one text."""

    name: str
    redirect_uris: tuple[str, ...]
    scopes: str | None = None
    website: str = ""
    confidential: bool = True
    uses_refresh: bool = False


@dataclass(frozen=True, slots=True)
class Registered:
    """A new application and its secret, which is told this once; None for a public one."""

    app: OAuthApp
    secret: str | None


def register(draft: AppDraft) -> Registered:
    """A new application. Invalid, per field, for what cannot be taken."""
    problems: dict[str, str] = {}
    name = ""
    try:
        name = names.line(draft.name, field="client_name", most=_MAX_NAME, required=True)
    except Invalid as error:
        problems |= error.fields
    scopes: tuple[str, ...] = ()
    try:
        scopes = scope_names.parse(draft.scopes)
    except Invalid as error:
        problems |= error.fields
    uris = tuple(dict.fromkeys(draft.redirect_uris))
    if not uris or len(uris) > _MAX_URIS or not all(map(is_redirect_uri, uris)):
        problems["redirect_uris"] = N_("Each must be a complete address without a fragment.")
    website = draft.website.strip()
    if website and not _is_website(website):
        problems["website"] = N_("That is not the address of a page.")
    if problems:
        raise Invalid(fields=problems)
    _forget_unused()
    secret = fresh() if draft.confidential else None
    app = OAuthApp(
        client_id=fresh(),
        secret_hash=digest(secret) if secret else None,
        name=name,
        website=website,
        redirect_uris=list(uris),
        scopes=" ".join(scopes),
        confidential=draft.confidential,
        uses_refresh=draft.uses_refresh,
    )
    db.session.add(app)
    db.session.flush()
    return Registered(app, secret)


def is_redirect_uri(uri: str) -> bool:
    """Whether a browser may be sent there with a code: a whole address of any scheme but those
    that a browser runs itself."""
    if uri == OUT_OF_BAND:
        return True
    if len(uri) > _MAX_URI or not _URI.fullmatch(uri) or "#" in uri:
        return False
    try:
        parts = urlsplit(uri)
        hostless = parts.scheme in ("http", "https") and (not parts.hostname or "@" in parts.netloc)
    except ValueError:
        return False
    return parts.scheme not in _REFUSED and not hostless


def _is_website(address: str) -> bool:
    on_the_web = address.startswith(("http://", "https://"))
    return (
        on_the_web and len(address) <= _MAX_WEBSITE and is_redirect_uri(address.partition("#")[0])
    )


def _forget_unused() -> None:
    """Drop what registered long ago and was never allowed anything: clients register anew at
    each sign-in, and nobody tidies up after them."""
    used = exists().where(AccessToken.app_id == OAuthApp.id)
    old = OAuthApp.created_at < utc_now() - _FORGET_AFTER
    db.session.execute(
        delete(OAuthApp)
        .where(
            old,
            ~used,
            OAuthApp.trusted.is_(False),
            OAuthApp.approved_at.is_(None),
            OAuthApp.disabled_at.is_(None),
        )
        .execution_options(synchronize_session=False)
    )
    db.session.execute(
        delete(AuthorizationCode)
        .where(AuthorizationCode.expires_at < utc_now() - dt.timedelta(days=1))
        .execution_options(synchronize_session=False)
    )


def find(client_id: str) -> OAuthApp | None:
    """The application with this public name, unless an administrator has turned it off."""
    if not _CLIENT_ID.fullmatch(client_id):
        return None
    return db.session.scalar(
        select(OAuthApp).where(OAuthApp.client_id == client_id, OAuthApp.disabled_at.is_(None))
    )


def may_be_allowed(app: OAuthApp, *, only_approved: bool) -> bool:
    """Whether people may let it act for them, where the settings ask for approval or not."""
    return app.trusted or not only_approved or app.approved_at is not None


def get(actor: Account, app_id: int) -> OAuthApp:
    """Any application, for administrators; Forbidden for others, NotFound if there is none."""
    require_may_administer(actor)
    app = db.session.get(OAuthApp, app_id)
    if app is None:
        raise NotFound
    return app


def approve(actor: Account, app_id: int) -> OAuthApp:
    """Let people use it where applications need approval."""
    app = get(actor, app_id)
    app.approved_at = app.approved_at or utc_now()
    return app


def disable(actor: Account, app_id: int) -> OAuthApp:
    """Turn it off for everybody at once: its tokens count for nothing until it is enabled."""
    app = get(actor, app_id)
    app.disabled_at = app.disabled_at or utc_now()
    return app


def enable(actor: Account, app_id: int) -> OAuthApp:
    """Turn it on again; tokens that were not revoked work again."""
    app = get(actor, app_id)
    app.disabled_at = None
    return app


def require_registered(app: OAuthApp, redirect_uri: str) -> None:
    """Invalid unless the address is, letter for letter, one that the application registered."""
    if redirect_uri not in app.redirect_uris:
        raise Invalid(N_("The application asks to be answered at an address it never registered."))


class Refused(DomainError):
    """The application may not be allowed anything yet."""

    code, status = "refused", 403
    default = N_("An administrator has to approve this application first.")
