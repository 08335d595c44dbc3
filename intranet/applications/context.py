"""Who opens an application, said so that the application can check it: a JWT that lives for
five minutes, signed with a key whose public half everybody may read.

The key is made of the server's own secret, so that every process signs alike and none is stored.
An application knows a person by a name that no other application has.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from joserfc import jwt
from joserfc.jwk import ECKey

from intranet.kernel.clock import utc_now

ALGORITHM = "ES256"
LIFETIME = dt.timedelta(minutes=5)
# The order of P-256 (FIPS 186-4, D.1.2.3): private keys are 1 .. order - 1.
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@dataclass(frozen=True, kw_only=True, slots=True)
class Opening:
    """Who opens which application, and how they see the world."""

    issuer: str
    audience: str
    application_id: int
    account_id: int
    name: str
    locale: str
    theme: str
    group: dict[str, str] | None = None


def audience_of(base_url: str, slug: str) -> str:
    """What an application finds in `aud`: its own address in Parvis."""
    return f"{base_url}/applications/{slug}"


def signed(opening: Opening, key: str) -> str:
    """The context as a compact JWT."""
    now = utc_now()
    claims: dict[str, Any] = {
        "iss": opening.issuer,
        "aud": opening.audience,
        "sub": subject(key, opening.application_id, opening.account_id),
        "iat": int(now.timestamp()),
        "exp": int((now + LIFETIME).timestamp()),
        "nonce": secrets.token_urlsafe(16),
        "name": opening.name,
        "locale": opening.locale,
        "theme": opening.theme,
    }
    if opening.group is not None:
        claims["group"] = opening.group
    private = _private(key)
    return jwt.encode({"alg": ALGORITHM, "kid": _kid(private), "typ": "JWT"}, claims, private)


def subject(key: str, application_id: int, account_id: int) -> str:
    """The name that this application has for this person; another one has another."""
    said = f"application {application_id} account {account_id}".encode()
    return base64.urlsafe_b64encode(hmac.digest(key.encode(), said, hashlib.sha256))[:32].decode()


def public_keys(key: str) -> dict[str, Any]:
    """The JWK set (RFC 7517) to check with."""
    private = _private(key)
    public = dict(private.as_dict(private=False))
    return {"keys": [{**public, "kid": _kid(private), "use": "sig", "alg": ALGORITHM}]}


@lru_cache(maxsize=4)
def _private(key: str) -> ECKey:
    stretched = b"".join(
        hmac.digest(key.encode(), b"application context, part %d" % part, hashlib.sha256)
        for part in (1, 2)
    )
    number = int.from_bytes(stretched) % (_ORDER - 1) + 1
    made = ec.derive_private_key(number, ec.SECP256R1()).private_numbers()
    public = made.public_numbers
    return ECKey.import_key(
        {
            "kty": "EC",
            "crv": "P-256",
            "x": _word(public.x),
            "y": _word(public.y),
            "d": _word(made.private_value),
        }
    )


def _kid(key: ECKey) -> str:
    return str(key.thumbprint())


def _word(number: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes(32)).rstrip(b"=").decode()
