"""Who asks: the bearer of a token. Cookies are never looked at."""

from __future__ import annotations

from typing import cast

from flask import g, request

from intranet.accounts.models import Account
from intranet.oauth import tokens
from intranet.oauth.tokens import Access

# Browsers set no header on a socket: here the token may be its first protocol, or a parameter.
_STREAMS = ("mastodon.streaming", "mastodon.streaming_events")


def access_or_none() -> Access | None:
    """What the request's token gives; None without one, or when it is dead. Read once."""
    if "mastodon_access" not in g:
        g.mastodon_access = tokens.find(shown_token())
    return cast("Access | None", g.mastodon_access)


def shown_token() -> str:
    """The token as the request shows it, living or not; nothing without one."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return token.strip()
    if request.endpoint not in _STREAMS:
        return ""
    offered = request.headers.get("Sec-WebSocket-Protocol", "").split(",")[0].strip()
    return offered or request.args.get("access_token", "")


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
