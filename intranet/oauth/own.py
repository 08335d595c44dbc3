"""Applications of the house: what tokens from the command line, and those of bots, belong to."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from intranet.accounts.models import Account
from intranet.db import db
from intranet.db.once import insert_once
from intranet.oauth import scopes as scope_names
from intranet.oauth import tokens
from intranet.oauth.models import OAuthApp


@dataclass(frozen=True, slots=True)
class Own:
    """One of the applications of the house, as people and programs read its name."""

    client_id: str
    name: str


COMMAND_LINE = Own("command-line", "Command line")
BOTS = Own("bots", "Bots")


def token_for(account: Account, scopes: str, own: Own = COMMAND_LINE) -> str:
    """A new token for a script or a bot. Invalid for a scope that does not exist."""
    wanted = scope_names.parse(scopes)
    insert_once(
        OAuthApp,
        client_id=own.client_id,
        name=own.name,
        redirect_uris=[],
        scopes="read write follow push profile",
        trusted=True,
    )
    app = db.session.scalars(select(OAuthApp).where(OAuthApp.client_id == own.client_id)).one()
    return tokens.issue(app, account.id, " ".join(wanted)).token
