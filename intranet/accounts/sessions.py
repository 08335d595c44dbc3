"""Server-side sessions: opened, found by token, listed, ended."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, select, update

from intranet.accounts.events import AccessChanged
from intranet.accounts.models import Account, AccountSession
from intranet.db import db, record
from intranet.kernel.clock import utc_now

_TOUCH_AFTER = dt.timedelta(minutes=10)

# Every request asks it: to build it takes longer than the database takes to answer.
_LIVING = (
    select(Account, AccountSession.id, AccountSession.last_seen_at)
    .join(AccountSession, AccountSession.account_id == Account.id)
    .where(
        AccountSession.token_hash == bindparam("token_hash"),
        AccountSession.expires_at > bindparam("now"),
        Account.deactivated_at.is_(None),
    )
)


@dataclass(frozen=True, slots=True)
class FoundSession:
    account: Account
    session_id: int
    touch_due: bool  # last_seen_at is old enough to be worth a write


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def find(token: str) -> FoundSession | None:
    """The unexpired session of an active account: one statement."""
    now = utc_now()
    row = db.session.execute(_LIVING, {"token_hash": _hash(token), "now": now}).one_or_none()
    if row is None:
        return None
    return FoundSession(row[0], row[1], row[2] < now - _TOUCH_AFTER)


def open_session(
    account: Account, *, lifetime: dt.timedelta, user_agent: str, ip_address: str
) -> str:
    """A new session row; gives the token for the cookie (256 bits), kept nowhere else."""
    token = secrets.token_urlsafe(32)
    now = utc_now()
    db.session.add(
        AccountSession(
            account_id=account.id,
            token_hash=_hash(token),
            user_agent=user_agent[:255],
            ip_address=ip_address[:64],
            created_at=now,
            last_seen_at=now,
            expires_at=now + lifetime,
        )
    )
    return token


def touch(session_id: int) -> None:
    """Remember that the session was used now."""
    db.session.execute(
        update(AccountSession).where(AccountSession.id == session_id).values(last_seen_at=utc_now())
    )


def list_sessions(account: Account) -> list[AccountSession]:
    """The account's living sessions, the last used first."""
    return list(
        db.session.scalars(
            select(AccountSession)
            .where(AccountSession.account_id == account.id, AccountSession.expires_at > utc_now())
            .order_by(AccountSession.last_seen_at.desc())
        )
    )


def end(account_id: int, session_id: int) -> None:
    """End one session of this account; ending one that is gone does nothing."""
    db.session.execute(
        delete(AccountSession).where(
            AccountSession.id == session_id, AccountSession.account_id == account_id
        )
    )
    record(AccessChanged(account_id=account_id))


def end_all(account_id: int, *, but: int | None = None) -> None:
    """End every session of the account, except perhaps the one in use."""
    db.session.execute(
        delete(AccountSession).where(
            AccountSession.account_id == account_id,
            AccountSession.id != (but if but is not None else -1),
        )
    )
    record(AccessChanged(account_id=account_id))


def alive(session_ids: list[int]) -> set[int]:
    """Which of these sessions still live, for active accounts: asked for open sockets."""
    if not session_ids:
        return set()
    return set(
        db.session.scalars(
            select(AccountSession.id)
            .join(Account, Account.id == AccountSession.account_id)
            .where(
                AccountSession.id.in_(session_ids),
                AccountSession.expires_at > utc_now(),
                Account.deactivated_at.is_(None),
            )
        )
    )
