"""How a delivery proves where it comes from: https://www.standardwebhooks.com/

The secret of an address is not stored. It is made of the server's key, the address's id and a
number that grows when the secret is changed.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac

PREFIX = "whsec_"
OVERLAP = dt.timedelta(days=1)  # after a change both secrets sign


def secret_of(key: str, webhook_id: int, number: int) -> bytes:
    """The 32 bytes of the secret with this number."""
    said = f"outgoing webhook {webhook_id} secret {number}"
    return hmac.digest(key.encode(), said.encode(), hashlib.sha256)


def shown(secret: bytes) -> str:
    """The secret as it is given to whoever checks signatures."""
    return PREFIX + base64.b64encode(secret).decode()


def signature(secret: bytes, message_id: str, timestamp: int, body: bytes) -> str:
    """`v1,` and the HMAC-SHA256 over `id.timestamp.body` in base64."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(secret, signed, hashlib.sha256)).decode()


def headers(
    secrets: list[bytes], message_id: str, moment: dt.datetime, body: bytes
) -> dict[str, str]:
    """What is sent with the body; one signature for each secret."""
    timestamp = int(moment.timestamp())
    return {
        "Content-Type": "application/json",
        "User-Agent": "Parvis-Webhooks",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(
            signature(secret, message_id, timestamp, body) for secret in secrets
        ),
    }
