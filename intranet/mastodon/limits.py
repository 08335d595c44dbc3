"""How often a program may ask. The same number of writes as in the web door, many more reads.

Counted in memory, or in Redis when several processes share the work; if Redis does not answer,
each process counts for itself rather than not at all."""

from __future__ import annotations

import datetime as dt
import logging
import time

from flask import Flask, Response, current_app, g, request
from limits import RateLimitItem, parse
from limits.errors import StorageError
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import FixedWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

from intranet.kernel.addresses import caller_of
from intranet.mastodon.identity import access_or_none
from intranet.settings import Settings

log = logging.getLogger(__name__)

_READS = ("GET", "HEAD", "OPTIONS")
_EVERYTHING = parse("1500 per 5 minutes")
_WRITES = parse("120 per minute")
# What needs no token yet: guessing secrets and codes is slow, as signing in is.
_BY_ENDPOINT = {
    "mastodon.token": (parse("60 per 5 minutes"), parse("600 per hour")),
    "mastodon.revoke": (parse("60 per 5 minutes"),),
    "mastodon.register_app": (parse("60 per hour"),),
    "mastodon.register_account": (parse("20 per hour"),),  # as in the web door
}


class Counters:
    """The counters of one application."""

    def __init__(self, settings: Settings) -> None:
        self.enabled = settings.rate_limits
        self._own = FixedWindowRateLimiter(MemoryStorage())
        self._shared = (
            FixedWindowRateLimiter(storage_from_string(settings.redis_url, wrap_exceptions=True))
            if settings.redis_url
            else self._own
        )

    def hit(self, limit: RateLimitItem, *who: str) -> tuple[bool, float, int]:
        """Count one; whether it was within the limit, when the count starts anew, what is left."""
        try:
            return self._hit(self._shared, limit, *who)
        except StorageError:
            log.warning("rate limits are counted by each process: Redis does not answer")
            return self._hit(self._own, limit, *who)

    @staticmethod
    def _hit(
        counters: FixedWindowRateLimiter, limit: RateLimitItem, *who: str
    ) -> tuple[bool, float, int]:
        within = counters.hit(limit, "parvis-api", *who)
        stats = counters.get_window_stats(limit, "parvis-api", *who)
        return within, stats.reset_time, stats.remaining


def register(app: Flask, settings: Settings) -> None:
    """Make the counters."""
    app.extensions["intranet.api_counters"] = Counters(settings)


def check() -> None:
    """Count this request; 429 when it is one too many."""
    counters: Counters = current_app.extensions["intranet.api_counters"]
    if not counters.enabled or request.method == "OPTIONS":
        return
    found = access_or_none()
    who = f"account:{found.account.id}" if found and found.account else address()
    limits = [_EVERYTHING]
    if request.method not in _READS:
        limits.append(_WRITES)
    limits.extend(_BY_ENDPOINT.get(request.endpoint or "", ()))
    for limit in limits:
        within, reset, left = counters.hit(limit, who, *_named(limit))
        if "api_limit" not in g or left <= g.api_limit[2]:
            g.api_limit = (limit.amount, reset, left)
        if not within:
            raise TooManyRequests(retry_after=max(1, round(reset - time.time())))


def _named(limit: RateLimitItem) -> tuple[str, ...]:
    own = _BY_ENDPOINT.get(request.endpoint or "", ())
    return (str(request.endpoint),) if limit in own else ()


def add_headers(response: Response) -> Response:
    """Say how much is left; the end of the window as ISO 8601, as clients of this API read it."""
    if "api_limit" in g:
        amount, reset, left = g.api_limit
        end = dt.datetime.fromtimestamp(reset, tz=dt.UTC)
        response.headers["X-RateLimit-Limit"] = str(amount)
        response.headers["X-RateLimit-Remaining"] = str(max(0, left))
        response.headers["X-RateLimit-Reset"] = end.strftime("%Y-%m-%dT%H:%M:%S.000000Z")
    return response


def address() -> str:
    """The caller's address as far as it tells people apart (IPv6: the /64 of one customer)."""
    return caller_of(request.remote_addr)
