"""The blueprint of the door, and what stands before each of its routes.

It reads no cookie and asks for no form token: who calls is what the bearer token says.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException

from intranet.mastodon import errors, limits
from intranet.mastodon.answers import with_headers
from intranet.mastodon.errors import NotAPerson, NoToken, OutsideScopes
from intranet.mastodon.identity import access_or_none
from intranet.mastodon.requirements import requirement_of
from intranet.oauth import tokens
from intranet.unit_of_work import unit_of_work


class _Routes(Blueprint):
    """Clients put a slash at the end, or do not: both are meant."""

    def add_url_rule(self, rule: str, *args: Any, **options: Any) -> None:
        options.setdefault("strict_slashes", False)
        super().add_url_rule(rule, *args, **options)


bp = _Routes("mastodon", __name__)

# Addresses below these are this door's, also when there is nothing behind them.
PREFIXES = (
    "/api/",
    "/oauth/token",
    "/oauth/revoke",
    "/oauth/userinfo",
    "/.well-known/",
    "/nodeinfo",
)

errors.register(bp)


@bp.before_request
def guard() -> Response | None:
    """Let in whoever fulfils what the route asks for; a route that asks nothing is closed."""
    if request.method == "OPTIONS":
        return Response(status=204)
    limits.check()
    view = current_app.view_functions[str(request.endpoint)]
    wanted = requirement_of(view)
    if wanted is None:
        raise OutsideScopes
    if not wanted.token:
        return None
    access = access_or_none()
    if access is None:
        raise NoToken
    if wanted.person and access.account is None:
        raise NotAPerson
    if wanted.scopes and not any(map(access.may, wanted.scopes)):
        raise OutsideScopes
    if access.touch_due:
        with unit_of_work():
            tokens.touch(access.token_id)
    return None


@bp.after_request
def finish(response: Response) -> Response:
    """The headers of every answer."""
    return with_headers(limits.add_headers(response))


def nothing_here() -> Response | None:
    """Before anything else stands: an address of this door that leads nowhere gets its JSON and
    its CORS headers, not the page that browsers get."""
    error = request.routing_exception
    if error is None or not request.path.startswith(PREFIXES):
        return None
    if request.method == "OPTIONS":
        return with_headers(Response(status=204))
    assert isinstance(error, HTTPException)
    if error.code is None or error.code < 400:
        return None
    return with_headers(errors.of_http(error))


def register(app: Flask) -> None:
    """Attach the routes; the address of nothing is answered before any other door sees it."""
    app.before_request_funcs.setdefault(None, []).insert(0, nothing_here)
    app.register_blueprint(bp)
