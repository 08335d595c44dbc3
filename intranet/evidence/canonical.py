"""The one form in which a fact is hashed. The standard library only: the verifier stands on it.

Canonical JSON: UTF-8, keys sorted, no spaces, nothing escaped that need not be; strings, integers,
true, false, null, lists and objects only. An integer that other readers of JSON would round
(2^53 and more, RFC 7493) is written as a string, so that every language can check the hashes.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

FIRST = "0" * 64  # the previous hash of the first entry
_EXACT = 1 << 53


def plain(value: Any) -> Any:
    """The value as it stands in canonical JSON. TypeError for what has no one form: floats,
    times, sets and the like."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, str):
        return str(value)  # a word of an enumeration becomes its text
    if isinstance(value, int):
        return value if -_EXACT < value < _EXACT else str(value)
    if isinstance(value, Mapping):
        return {_key(name): plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    raise TypeError(f"{type(value).__name__} has no canonical form")


def canonical(value: Any) -> str:
    """Canonical JSON of a value."""
    return json.dumps(
        plain(value), ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    )


def sha256(text: str) -> str:
    """SHA-256 of the UTF-8 text, in lower-case hexadecimal."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def iso(moment: dt.datetime) -> str:
    """A time in the one form that is hashed: UTC, microseconds, Z."""
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def entry_hash(
    previous: str,
    sequence: int,
    subject: int | str,
    kind: str,
    account: int | str | None,
    at: str,
    payload: str,
) -> str:
    """The hash of one entry. `payload` is canonical JSON already, `at` is of the form of `iso`;
    ids count as text."""
    who = None if account is None else str(account)
    return sha256(canonical([previous, sequence, str(subject), kind, who, at, payload]))


def recipients_digest(ids: Iterable[int | str]) -> str:
    """SHA-256 over the ids of the recipients, ascending, in decimal, joined by commas."""
    return sha256(",".join(str(id_) for id_ in sorted(map(int, ids))))


def _key(name: Any) -> str:
    if not isinstance(name, str):
        raise TypeError("keys are strings")
    return str(name)
