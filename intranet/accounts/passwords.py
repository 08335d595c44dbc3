"""Passwords: what is accepted, and argon2 hashes made away from the event loop.

Hashing takes tens of milliseconds on purpose, so it happens before a unit of work opens: while
one writes, SQLite lets nobody else write.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import NewType

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from intranet.accounts.common_passwords import COMMON
from intranet.kernel.errors import Invalid
from intranet.kernel.messages import N_
from intranet.kernel.offload import run_offloaded

PasswordHash = NewType("PasswordHash", str)

MIN_LENGTH = 10
MAX_BYTES = 1024
# OWASP's figures for argon2id; the memory is what ten sign-ins at once must not exhaust.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


@dataclass(frozen=True, slots=True)
class Verified:
    """The answer to one attempt; `fresh` is the hash to store when the old parameters aged."""

    right: bool
    fresh: PasswordHash | None = None


def prepare(
    password: str, *, personal: tuple[str, ...] = (), field: str = "password"
) -> PasswordHash:
    """The hash of a new password. Invalid under `field` when it is short, endless, among the most
    common ones, or one of the `personal` words (handle, e-mail, name)."""
    if len(password) < MIN_LENGTH:
        raise Invalid(fields={field: N_("Use at least 10 characters.")})
    if len(password.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise Invalid(fields={field: N_("That is longer than 1,024 bytes.")})
    folded = password.casefold()
    if folded in COMMON or folded in {word.casefold() for word in personal}:
        raise Invalid(fields={field: N_("Too many people would guess that one. Choose another.")})
    return PasswordHash(run_offloaded(_hasher.hash, password.encode("utf-8", "surrogatepass")))


def verify(stored: str | None, password: str) -> Verified:
    """Whether the password fits the stored hash. Takes as long when there is no hash at all."""
    raw = password.encode("utf-8", "surrogatepass")
    if len(raw) > MAX_BYTES:
        raw, stored = b"", None
    right = run_offloaded(_fits, stored or _dummy(), raw) and stored is not None
    if right and stored is not None and _hasher.check_needs_rehash(stored):
        return Verified(True, PasswordHash(run_offloaded(_hasher.hash, raw)))
    return Verified(right)


def _fits(stored: str, raw: bytes) -> bool:
    try:
        return _hasher.verify(stored, raw)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _dummy() -> str:
    """A hash of the real parameters that nothing fits: unknown accounts cost the same time."""
    return str(run_offloaded(_hasher.hash, b"nobody's password"))
