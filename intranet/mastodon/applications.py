"""How a program comes to its token: it registers, trades its code, and gives the token back.

What a person allows, they allow on a page of the web door (`/oauth/authorize`).
"""

from __future__ import annotations

from typing import Annotated, Any

from flask import Response, request
from pydantic import BeforeValidator

from intranet.mastodon.answers import answer, settings_here
from intranet.mastodon.blueprint import bp
from intranet.mastodon.identity import access
from intranet.mastodon.parameters import (
    Flag,
    MaybeText,
    Parameters,
    Texts,
    flat_fields,
    read,
)
from intranet.mastodon.requirements import app_token, open_to_all
from intranet.oauth import apps, server
from intranet.oauth import scopes as scope_names
from intranet.oauth.models import OAuthApp
from intranet.push import actions as devices
from intranet.push import keys
from intranet.unit_of_work import unit_of_work

# Of RFC 7591: the client has no way to keep a secret.
_PUBLIC = ("none",)


def _split(value: Any) -> Any:
    """Addresses in one text, or as an array: both are sent."""
    if isinstance(value, str):
        return tuple(value.split())
    if isinstance(value, list | tuple):
        return tuple(word for one in value if isinstance(one, str) for word in one.split())
    return value


def _joined(value: Any) -> Any:
    return " ".join(map(str, value)) if isinstance(value, list | tuple) else value


class NewApp(Parameters):
    """The fields of a registration."""

    client_name: str = ""
    redirect_uris: Annotated[tuple[str, ...], BeforeValidator(_split)] = ()
    scopes: Annotated[MaybeText, BeforeValidator(_joined)] = None
    website: MaybeText = None
    # Beyond Mastodon: names of RFC 7591 for public clients, and for tokens that expire.
    token_endpoint_auth_method: MaybeText = None
    grant_types: Texts = ()
    confidential: Flag = None


@bp.post("/api/v1/apps")
@open_to_all
def register_app() -> Response:
    """Register a program; the answer holds its secret, which is told this once."""
    sent = read(NewApp)
    public = sent.token_endpoint_auth_method in _PUBLIC or sent.confidential is False
    draft = apps.AppDraft(
        name=sent.client_name,
        redirect_uris=sent.redirect_uris,
        scopes=sent.scopes,
        website=sent.website or "",
        confidential=not public,
        uses_refresh="refresh_token" in sent.grant_types,
    )
    with unit_of_work():
        made = apps.register(draft)
    entity = _application(made.app) | {
        "client_id": made.app.client_id,
        "client_secret": made.secret,
        "client_secret_expires_at": 0,
    }
    return answer(entity)


@bp.get("/api/v1/apps/verify_credentials")
@app_token
def verify_app() -> Response:
    """The program that the token belongs to."""
    return answer(_application(access().app))


def _application(app: OAuthApp) -> dict[str, Any]:
    """https://docs.joinmastodon.org/entities/Application/"""
    return {
        "id": str(app.id),
        "name": app.name,
        "website": app.website or None,
        "scopes": list(scope_names.held(app.scopes)),
        "redirect_uri": "\n".join(app.redirect_uris),
        "redirect_uris": list(app.redirect_uris),
        "vapid_key": keys.public_key(settings_here().data),
    }


@bp.post("/oauth/token")
@open_to_all
def token() -> Response:
    """Trade a code, a refresh token or the program's own secret for a token (RFC 6749)."""
    with unit_of_work():
        given = server.give_token(flat_fields(), dict(request.headers))
        # A token that may not be told anything leaves the subscription to end with the spent one.
        if given.renewed is not None and scope_names.covers(given.renewed.scopes, "push"):
            sealed = keys.sealed(settings_here().secret_key, given.renewed.token)
            devices.follow_token(given.renewed.spent_id, given.renewed.token_id, sealed)
    return _protocol(given)


@bp.post("/oauth/revoke")
@open_to_all
def revoke() -> Response:
    """Give a token back (RFC 7009): it opens nothing afterwards."""
    with unit_of_work():
        given = server.take_back(flat_fields(), dict(request.headers))
    return _protocol(given)


def _protocol(given: server.Answer) -> Response:
    response = answer(given.body, given.status)
    for name, value in given.headers.items():
        if name.lower() != "content-type":
            response.headers[name] = value
    response.headers["Cache-Control"] = "no-store"
    return response
