"""The Message-ID of a letter: the same at every attempt, and provably ours when it comes back.

A worker that dies between the server's acceptance and its own note sends the letter again. Both
copies carry one Message-ID, by which mail servers and people's programs know the second for what
it is. The seal keeps strangers from calling a letter undeliverable that they never received.
"""

from __future__ import annotations

import hashlib
import hmac
import re

_OURS = re.compile(r"<(\d{1,19})\.([0-9a-f]{20})@[^<>\s]{1,255}>")


def message_id(key: str, id_: int, domain: str) -> str:
    """The Message-ID of the outbox message with this id."""
    return f"<{id_}.{_seal(key, id_)}@{domain}>"


def thread_id(key: str, thread: str, domain: str) -> str:
    """What all letters of a thread name as the one they answer, so that mail programs put them
    together although none of them came first for everybody."""
    digest = hmac.new(key.encode(), f"thread {thread}".encode(), hashlib.sha256).hexdigest()
    return f"<thread.{digest[:32]}@{domain}>"


def ids_in(key: str, text: str) -> list[int]:
    """The outbox ids of every Message-ID in the text that we made ourselves."""
    return [
        int(found[1])
        for found in _OURS.finditer(text)
        if hmac.compare_digest(_seal(key, int(found[1])), found[2])
    ]


def _seal(key: str, id_: int) -> str:
    return hmac.new(key.encode(), f"message {id_}".encode(), hashlib.sha256).hexdigest()[:20]
