"""The address behind Reply-To of a notice: signed, for one post and one person, for some months.

Whoever changes the server's secret key takes all of them back at once."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
import hmac
from dataclasses import dataclass

from intranet.kernel.errors import NotFound

GOOD_FOR = dt.timedelta(days=90)
_MAC = 12
_PURPOSE = b"post reply\0"
_LONGEST = 64  # of what stands before the @


@dataclass(frozen=True, slots=True)
class Addressed:
    """What an address was made for. `last_day` is the last one on which it is good."""

    post_id: int
    account_id: int
    last_day: dt.date


def token_for(secret: str, post_id: int, account_id: int, now: dt.datetime) -> str:
    """Which post and who, signed. Lower case letters and digits: mail programs may change case."""
    days = (now + GOOD_FOR).date().toordinal()
    said = post_id.to_bytes(8, "big") + account_id.to_bytes(8, "big") + days.to_bytes(3, "big")
    return base64.b32encode(said + _mac(secret, said)).decode("ascii").rstrip("=").lower()


def read_token(secret: str, token: str) -> Addressed:
    """What it is for; NotFound when it is not one of ours. That it is too old is the caller's to
    say."""
    try:
        raw = base64.b32decode(token.upper() + "=" * (-len(token) % 8))
    except (binascii.Error, ValueError):
        raise NotFound() from None
    said, mac = raw[:-_MAC], raw[-_MAC:]
    if len(token) > _LONGEST or len(said) != 19 or not hmac.compare_digest(mac, _mac(secret, said)):
        raise NotFound()
    post_id, account_id = (int.from_bytes(part, "big") for part in (said[:8], said[8:16]))
    return Addressed(post_id, account_id, dt.date.fromordinal(int.from_bytes(said[16:], "big")))


def _mac(secret: str, said: bytes) -> bytes:
    return hmac.digest(secret.encode(), _PURPOSE + said, hashlib.sha256)[:_MAC]
