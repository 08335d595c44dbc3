"""Random words that open doors, and what is kept of them."""

from __future__ import annotations

import hashlib
import hmac
import secrets


def fresh() -> str:
    """A new secret, code or token: 256 random bits."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """What is stored of it; random words of that length need no salt."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def fits(secret: str, stored: str | None) -> bool:
    """Whether this is the secret of that digest, in constant time."""
    return stored is not None and hmac.compare_digest(digest(secret), stored)
