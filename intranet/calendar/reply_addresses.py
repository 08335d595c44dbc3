"""The address behind ORGANIZER: signed, and good for one date or series and one person.

Who answers by mail is known by it, never by the sender's name."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from typing import Protocol

from intranet.kernel.errors import NotFound

_MAC = 12
_PURPOSES = {False: b"calendar reply\0", True: b"calendar series reply\0"}


class ReplyAddress(Protocol):
    """Gives the mailto: of a date's id, or with `series` of an event's."""

    def __call__(self, id_: int, *, series: bool = False) -> str: ...


@dataclass(frozen=True, slots=True)
class Addressed:
    """What a token was made for: a date, or with `series` an event, and who."""

    id: int
    account_id: int
    series: bool


def token_for(secret: str, id_: int, account_id: int, *, series: bool = False) -> str:
    """Which date or series and who, signed. Lower case letters and digits, since mail programs
    may change case, and short, since a local part may have 64 characters."""
    ids = id_.to_bytes(8, "big") + account_id.to_bytes(8, "big")
    return base64.b32encode(ids + _mac(secret, ids, series)).decode("ascii").rstrip("=").lower()


def read_token(secret: str, token: str) -> Addressed:
    """What it is for; NotFound when it is not one of ours."""
    try:
        raw = base64.b32decode(token.upper() + "=" * (-len(token) % 8))
    except (binascii.Error, ValueError):
        raise NotFound() from None
    ids, mac = raw[:16], raw[16:]
    for series in _PURPOSES:
        if len(token) <= 64 and hmac.compare_digest(mac, _mac(secret, ids, series)):
            id_, account_id = int.from_bytes(ids[:8], "big"), int.from_bytes(ids[8:], "big")
            return Addressed(id_, account_id, series)
    raise NotFound()


def _mac(secret: str, ids: bytes, series: bool) -> bytes:
    return hmac.digest(secret.encode(), _PURPOSES[series] + ids, hashlib.sha256)[:_MAC]
