"""The operator's own application: what tokens from the command line belong to."""

from __future__ import annotations

from sqlalchemy import select

from intranet.accounts.models import Account
from intranet.db import db
from intranet.db.once import insert_once
from intranet.oauth import scopes as scope_names
from intranet.oauth import tokens
from intranet.oauth.models import OAuthApp

_CLIENT_ID = "command-line"


def token_for(account: Account, scopes: str) -> str:
    """A new token for scripts. Invalid for a scope that does not exist."""
    wanted = scope_names.parse(scopes)
    insert_once(
        OAuthApp,
        client_id=_CLIENT_ID,
        name="Command line",
        redirect_uris=[],
        scopes="read write follow push profile",
        trusted=True,
    )
    app = db.session.scalars(select(OAuthApp).where(OAuthApp.client_id == _CLIENT_ID)).one()
    return tokens.issue(app, account.id, " ".join(wanted)).token
