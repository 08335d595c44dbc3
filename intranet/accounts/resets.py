"""Another password for whoever has lost theirs and can read their mail.

Asking says nothing about who exists: the door only queues a task, the same for every word that is
typed, and everything that depends on the account happens here, later.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ColumnElement, delete, func, or_, select, update

from intranet.accounts import actions, links
from intranet.accounts.events import ResetAsked
from intranet.accounts.models import Account, AccountKind, PasswordReset
from intranet.accounts.passwords import PasswordHash
from intranet.db import db, record
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import NotFound
from intranet.kernel.messages import N_
from intranet.tasks.actions import enqueue

ASKED = "accounts.reset_asked"
PURPOSE = "password reset"
LIFETIME = dt.timedelta(minutes=30)
_MOST_AN_HOUR = 3  # letters to one person, whoever asks
_MAX_LOGIN = 254
_GONE = N_("This link is no longer valid. Ask for a new one.")


def ask(login: str) -> None:
    """Somebody typed this handle or address: remember to look into it."""
    enqueue(ASKED, {"login": login.replace("\0", "").strip()[:_MAX_LOGIN]})


def look_into(payload: dict[str, Any], *, key: str) -> None:
    """Make a link for the account that was asked for, if there is one that has a password to
    lose; earlier links stop working. `key` is the secret key."""
    login = payload["login"].removeprefix("@").lower()
    account = db.session.scalar(
        select(Account).where(
            or_(Account.handle == login, Account.email == login),
            Account.deactivated_at.is_(None),
            Account.kind == AccountKind.PERSON,
            Account.email.is_not(None),
            Account.password_hash.is_not(None),
        )
    )
    now = utc_now()
    if account is None or _asked_lately(account, now) >= _MOST_AN_HOUR:
        return
    db.session.execute(
        update(PasswordReset)
        .where(PasswordReset.account_id == account.id, _open(now))
        .values(expires_at=now)
    )
    seed = links.fresh_seed()
    reset = PasswordReset(
        account_id=account.id,
        token_hash=links.hash_of(links.token_of(key, PURPOSE, seed)),
        created_at=now,
        expires_at=now + LIFETIME,
    )
    db.session.add(reset)
    db.session.flush()
    record(ResetAsked(account_id=account.id, reset_id=reset.id, seed=seed))


def _asked_lately(account: Account, now: dt.datetime) -> int:
    return (
        db.session.scalar(
            select(func.count()).where(
                PasswordReset.account_id == account.id,
                PasswordReset.created_at > now - dt.timedelta(hours=1),
            )
        )
        or 0
    )


def is_open(reset_id: int) -> bool:
    """Whether the link still leads somewhere: a letter about a dead one is not sent."""
    return (
        db.session.scalar(
            select(PasswordReset.id).where(PasswordReset.id == reset_id, _open(utc_now()))
        )
        is not None
    )


def get_open(token: str) -> Account:
    """Whose link it is; NotFound when unknown, used, too old, or of a shut account: all alike."""
    account = db.session.scalar(
        select(Account)
        .join(PasswordReset, PasswordReset.account_id == Account.id)
        .where(
            PasswordReset.token_hash == links.hash_of(token),
            _open(utc_now()),
            Account.deactivated_at.is_(None),
        )
    )
    if account is None:
        raise NotFound(_GONE)
    return account


def redeem(token: str, new: PasswordHash) -> None:
    """Set the password; the link and every session are over. Of two who use one link at once, one
    meets NotFound."""
    now = utc_now()
    account_id = db.session.scalar(
        update(PasswordReset)
        .where(PasswordReset.token_hash == links.hash_of(token), _open(now))
        .values(used_at=now)
        .returning(PasswordReset.account_id)
    )
    account = db.session.get(Account, account_id) if account_id is not None else None
    if account is None or not account.is_active:
        raise NotFound(_GONE)
    actions.set_password(account, new)


def expire(before: dt.datetime) -> None:
    """Delete what was made before then."""
    db.session.execute(delete(PasswordReset).where(PasswordReset.created_at < before))


def _open(now: dt.datetime) -> ColumnElement[bool]:
    return PasswordReset.used_at.is_(None) & (PasswordReset.expires_at > now)
