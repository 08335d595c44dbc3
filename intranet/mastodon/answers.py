"""How this door writes: JSON, times, ids, and the headers that every answer carries."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

import orjson
from flask import Response, current_app, request

from intranet.settings import Settings

# Browsers may call from any page: what counts is the token, and no cookie is ever read here.
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST, PUT, PATCH, DELETE, OPTIONS",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key",
    "Access-Control-Expose-Headers": (
        "Link, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, Retry-After"
    ),
    "Access-Control-Max-Age": "86400",
}
_FIXED = {
    **CORS,
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}


def settings_here() -> Settings:
    """The settings of this application."""
    settings: Settings = current_app.extensions["intranet.settings"]
    return settings


def absolute(path: str) -> str:
    """The whole address, from the settings and not from the Host header, which a caller chooses."""
    return settings_here().base_url + path


def answer(data: Any, status: int = 200) -> Response:
    """The data as JSON."""
    return Response(orjson.dumps(data), status, mimetype="application/json")


def with_headers(response: Response) -> Response:
    """What every answer of this door carries, refusals too."""
    for name, value in _FIXED.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "private, no-store")
    response.vary.update(("Authorization", "Origin"))
    return response


def moment(value: dt.datetime | None) -> str | None:
    """`2026-01-02T03:04:05.678Z`."""
    if value is None:
        return None
    return value.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.") + (
        f"{value.microsecond // 1000:03d}Z"
    )


def as_utc(value: dt.datetime) -> dt.datetime:
    """A moment that was sent; without a zone it is UTC."""
    return value if value.tzinfo is not None else value.replace(tzinfo=dt.UTC)


def midnight(value: dt.datetime) -> str:
    """The day of a moment as Mastodon says when an account began."""
    return value.astimezone(dt.UTC).strftime("%Y-%m-%dT00:00:00.000Z")


def linked(response: Response, *, older: int | None, newer: int | None) -> Response:
    """Add the Link header: `next` with max_id, then `prev` with min_id, in this order, since some
    clients look at the start only. The other parameters of the request are kept."""
    links = []
    kept = [
        (name, value)
        for name, value in request.args.items(multi=True)
        if name not in ("max_id", "min_id", "since_id", "access_token")
    ]
    for relation, name, value in (("next", "max_id", older), ("prev", "min_id", newer)):
        if value is not None:
            query = urlencode([*kept, (name, str(value))])
            links.append(f'<{absolute(request.path)}?{query}>; rel="{relation}"')
    if links:
        response.headers["Link"] = ", ".join(links)
    return response
