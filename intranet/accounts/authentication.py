"""Proves who somebody is, before any transaction: reading and hashing only."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_, select

from intranet.accounts import passwords
from intranet.accounts.models import Account, AccountKind
from intranet.accounts.passwords import PasswordHash
from intranet.db import db
from intranet.kernel.errors import Invalid
from intranet.kernel.messages import N_

_MAX_LOGIN = 254


@dataclass(frozen=True, slots=True)
class Proof:
    """Somebody knew the password of this account. Actions that need one re-check the account."""

    account_id: int
    stored: str  # the hash that fitted: a password changed meanwhile voids the proof
    fresh: PasswordHash | None


def prove(login: str, password: str) -> Proof:
    """A proof for this handle or e-mail and password. Invalid in the same words and time whether
    the account is unknown, deactivated, without password, or the password wrong."""
    login = login.replace("\0", "").strip().removeprefix("@").lower()[:_MAX_LOGIN]
    row = db.session.execute(
        select(Account.id, Account.password_hash).where(
            or_(Account.handle == login, Account.email == login),
            Account.kind == AccountKind.PERSON,
            Account.deactivated_at.is_(None),
        )
    ).first()
    stored = row.password_hash if row is not None else None
    answer = passwords.verify(stored, password)
    if row is None or stored is None or not answer.right:
        raise Invalid(N_("That handle and password do not go together."))
    return Proof(row.id, stored, answer.fresh)


def prove_again(account: Account, password: str, *, field: str) -> Proof:
    """A proof from somebody signed in already; Invalid under `field` when it fails."""
    try:
        return prove(account.handle, password)
    except Invalid:
        raise Invalid(fields={field: N_("That is not your password.")}) from None
