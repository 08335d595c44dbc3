"""The public keys of what Parvis signs."""

from __future__ import annotations

from flask import Response

from intranet.applications import context
from intranet.mastodon.answers import answer, settings_here
from intranet.mastodon.blueprint import bp
from intranet.mastodon.requirements import open_to_all


@bp.get("/.well-known/jwks.json")
@open_to_all
def jwks() -> Response:
    """What applications check the context with that they are opened with (RFC 7517)."""
    response = answer(context.public_keys(settings_here().secret_key))
    response.headers["Cache-Control"] = "public, max-age=300"
    return response
