"""The keys of this server: the pair by which push services know it (VAPID, RFC 8292), and the seal
for what only we may read again."""

from __future__ import annotations

import base64
import functools
import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_FILE = "vapid_key.pem"


@functools.cache
def private_key(folder: Path) -> ec.EllipticCurvePrivateKey:
    """The pair in the data folder, made at the first call and readable by its owner only. Devices
    subscribe to this key: with another one they would have to subscribe again."""
    path = folder / _FILE
    if not path.exists():
        _make(path)
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError(f"{path} holds no key of the curve P-256")
    return key


def _make(path: Path) -> None:
    made = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{_FILE}.{os.getpid()}.{secrets.token_hex(4)}")
    fresh.touch(mode=0o600)
    try:
        fresh.write_bytes(made)
        # Of two processes that start together the first one's key wins.
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()


def public_key(folder: Path) -> str:
    """The public half as browsers and programs take it: the point, in base64url."""
    return encoded(point_of(private_key(folder)))


def point_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The public point of a pair, 65 bytes."""
    return key.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )


def encoded(data: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """The bytes of base64url, padded or not. ValueError for anything else."""
    plain = text.strip().rstrip("=").replace("+", "-").replace("/", "_")
    return base64.b64decode(plain + "=" * (-len(plain) % 4), altchars=b"-_", validate=True)


def sealed(secret_key: str, text: str) -> str:
    """The text, for nobody to read without our secret key."""
    return _seal(secret_key).encrypt(text.encode()).decode()


def opened(secret_key: str, text: str) -> str:
    """What was sealed; nothing when it was sealed with another key."""
    try:
        return _seal(secret_key).decrypt(text.encode()).decode()
    except InvalidToken:
        return ""


@functools.cache
def _seal(secret_key: str) -> Fernet:
    derived = HKDF(hashes.SHA256(), 32, salt=None, info=b"push tokens").derive(secret_key.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
