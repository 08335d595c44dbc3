"""How often one may try. Counted in memory, or in Redis when several processes share the work;
if Redis does not answer, each process counts for itself rather than not at all."""

from __future__ import annotations

from flask import Flask, request
from flask_limiter import Limiter

from intranet.kernel.addresses import caller_of
from intranet.settings import Settings
from intranet.web.identity import viewer_or_none

_READS = ("GET", "HEAD", "OPTIONS")


def caller() -> str:
    """Who counts as one: the account, else the address (IPv6: the /64 that one customer has)."""
    viewer = viewer_or_none()
    return f"account:{viewer.id}" if viewer is not None else address()


def address() -> str:
    """The caller's address as far as it tells people apart."""
    return caller_of(request.remote_addr)


def account_and_address() -> str:
    """The account that is tried, from this address: guessing locks out the guesser only."""
    return f"{_tried()}@{address()}"


def account_tried() -> str:
    """The account that is tried, from wherever."""
    return _tried()


def _tried() -> str:
    return request.form.get("handle", "").strip().removeprefix("@").lower()[:254]


limiter = Limiter(
    key_func=caller,
    application_limits=["120 per minute"],
    application_limits_exempt_when=lambda: request.method in _READS,
    headers_enabled=True,
    in_memory_fallback_enabled=True,
)

# Signing in: few tries at one account from one place, more at one account from everywhere (so
# that nobody can lock a colleague out), more from one place (an office behind one address).
sign_in = (
    limiter.limit("10 per 5 minutes", key_func=account_and_address, methods=["POST"]),
    limiter.limit("100 per hour", key_func=account_tried, methods=["POST"]),
    limiter.limit("60 per 5 minutes", key_func=address, methods=["POST"]),
)
# Coming in by a link or by registration, and proving one's password again.
arrival = limiter.limit("20 per hour", key_func=address, methods=["POST"])
# Asking for another password: the same for words that name somebody and words that do not.
forgotten = (
    limiter.limit("5 per 15 minutes", key_func=account_tried, methods=["POST"]),
    limiter.limit("20 per 15 minutes", key_func=address, methods=["POST"]),
)
# Guessing the code of an event takes longer than the event.
check_in = limiter.limit("20 per hour", methods=["POST"])
password_again = limiter.limit("10 per 5 minutes", methods=["POST"])


def register(app: Flask, settings: Settings) -> None:
    """Attach the counters; nothing is counted when the settings say so."""
    app.config.update(
        RATELIMIT_ENABLED=settings.rate_limits,
        RATELIMIT_STORAGE_URI=settings.redis_url or "memory://",
        RATELIMIT_KEY_PREFIX="parvis",
    )
    limiter.init_app(app)
