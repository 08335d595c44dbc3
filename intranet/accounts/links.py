"""Tokens of links that travel by e-mail, without being written down anywhere on the way.

The link has to be in a letter that is written later, by another process, from the outbox; a token
in clear there would let whoever reads the database, or a copy of it, take over accounts. So the
outbox holds a random *seed*, the token is computed from it with the secret key when the letter is
written, and the row that is redeemed holds the token's SHA-256. The database alone opens nothing,
and neither does the key alone. One-way: nothing has to be decrypted, so no cipher is needed.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets


def fresh_seed() -> str:
    """Something random for one link (192 bits)."""
    return secrets.token_urlsafe(24)


def token_of(key: str, purpose: str, seed: str) -> str:
    """The token of the link with this seed: 256 bits, of letters that an address may carry."""
    mac = hmac.new(key.encode(), f"{purpose}\0{seed}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mac).decode().rstrip("=")


def hash_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
