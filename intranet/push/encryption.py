"""A message that only the device can read, and the headers that say who sends it.

RFC 8291 (aes128gcm) with RFC 8292, or for programs that ask for it the drafts before them
(aesgcm), in which the keys travel as headers.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import http_ece
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from joserfc import jwt
from joserfc.jwk import ECKey

from intranet.push.keys import decoded, encoded, point_of, private_key

_SIGNED_SECONDS = 12 * 3600  # 24 hours are the most that services take


@dataclass(frozen=True, slots=True)
class Sealed:
    """What is posted to the push service."""

    body: bytes
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Device:
    """Where a message goes, and the keys that the device made for us."""

    endpoint: str
    p256dh: str
    auth: str
    standard: bool


def seal(
    device: Device, text: bytes, *, folder: Path, contact: str, seconds: int, urgency: str
) -> Sealed:
    """The message with its headers. `contact` is whom the service may write to, `seconds` how long
    it keeps the message for a device that is away."""
    mine = ec.generate_private_key(ec.SECP256R1())
    theirs, secret = decoded(device.p256dh), decoded(device.auth)
    word = _signed(device.endpoint, folder, contact)
    public = encoded(point_of(private_key(folder)))
    headers = {
        "TTL": str(seconds),
        "Urgency": urgency,
        "Content-Type": "application/octet-stream",
    }
    if device.standard:
        body = http_ece.encrypt(
            text, private_key=mine, dh=theirs, auth_secret=secret, version="aes128gcm"
        )
        headers["Content-Encoding"] = "aes128gcm"
        headers["Authorization"] = f"vapid t={word}, k={public}"
        return Sealed(body, headers)
    salt = os.urandom(16)
    body = http_ece.encrypt(
        text, salt=salt, private_key=mine, dh=theirs, auth_secret=secret, version="aesgcm"
    )
    headers["Content-Encoding"] = "aesgcm"
    headers["Encryption"] = f"salt={encoded(salt)}"
    headers["Crypto-Key"] = f"dh={encoded(point_of(mine))};p256ecdsa={public}"
    headers["Authorization"] = f"WebPush {word}"
    return Sealed(body, headers)


def _signed(endpoint: str, folder: Path, contact: str) -> str:
    parts = urlsplit(endpoint)
    pem = private_key(folder).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int(time.time()) + _SIGNED_SECONDS,
        "sub": f"mailto:{contact}",
    }
    return str(jwt.encode({"typ": "JWT", "alg": "ES256"}, claims, ECKey.import_key(pem)))
