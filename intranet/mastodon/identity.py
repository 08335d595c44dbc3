"""Who asks: the bearer of a token. Cookies are never looked at."""

from __future__ import annotations

from typing import cast

from flask import g, request

from intranet.accounts.models import Account
from intranet.oauth import tokens
from intranet.oauth.tokens import Access


def access_or_none() -> Access | None:
    """What the request's token gives; None without one, or when it is dead. Read once."""
    if "mastodon_access" not in g:
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        g.mastodon_access = tokens.find(token.strip()) if kind.lower() == "bearer" else None
    return cast("Access | None", g.mastodon_access)


def access() -> Access:
    """The access of a request that was let in with a token."""
    found = access_or_none()
    assert found is not None
    return found


def viewer() -> Account:
    """The account that the token acts for; only in views that ask for a person."""
    account = access().account
    assert account is not None
    return account
