"""What happens to accounts: made, signed in, given roles, shut and opened again."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.exc import IntegrityError

from intranet.accounts import names, sessions
from intranet.accounts.authentication import Proof
from intranet.accounts.events import CredentialsChanged, PasswordChanged, PlaceChanged
from intranet.accounts.models import Account, AccountKind, PasswordReset, Role
from intranet.accounts.passwords import PasswordHash
from intranet.accounts.policies import require_may_administer
from intranet.accounts.words import search_text_of
from intranet.db import db, record
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import Conflict, Forbidden, Invalid
from intranet.kernel.messages import N_


@dataclass(frozen=True, kw_only=True)
class NewAccount:
    """An account to be made; the names are checked by `create_account`."""

    handle: str
    email: str
    display_name: str
    role: Role = Role.MEMBER
    password_hash: PasswordHash | None = None
    time_zone: str = "Europe/Paris"
    locale: str | None = None


def create_account(new: NewAccount) -> Account:
    """A new account. Invalid, per field, when a name cannot be had or is taken."""
    handle = names.handle(new.handle)
    email = names.email(new.email)
    display_name = names.display_name(new.display_name)
    taken = db.session.execute(
        select(Account.handle, Account.email).where(
            or_(Account.handle == handle, Account.email == email)
        )
    ).all()
    problems = {}
    if any(row.handle == handle for row in taken):
        problems["handle"] = N_("Somebody has that handle already.")
    if any(row.email == email for row in taken):
        problems["email"] = N_("Somebody has that e-mail address already.")
    if problems:
        raise Invalid(fields=problems)
    account = Account(
        handle=handle,
        email=email,
        display_name=display_name,
        role=new.role,
        password_hash=new.password_hash,
        time_zone=new.time_zone,
        locale=new.locale,
        joined_on=utc_now().date(),
    )
    account.search_text = search_text_of(account)
    db.session.add(account)
    try:
        db.session.flush()
    except IntegrityError:  # somebody was quicker by milliseconds
        raise Invalid(fields={"handle": N_("Somebody has that handle already.")}) from None
    record(PlaceChanged(account_id=account.id))
    return account


def sign_in(proof: Proof, *, lifetime: dt.timedelta, user_agent: str, ip_address: str) -> str:
    """Open a session for whoever gave the proof; its token. Invalid when the account was shut or
    its password changed since."""
    account = _proven(proof)
    if proof.fresh is not None:
        account.password_hash = proof.fresh
    return sessions.open_session(
        account, lifetime=lifetime, user_agent=user_agent, ip_address=ip_address
    )


def change_password(proof: Proof, new: PasswordHash, *, keep_session: int | None) -> None:
    """Set another password; every session but `keep_session` ends."""
    _set(_proven(proof), new, keep_session)


def set_password(account: Account, new: PasswordHash) -> None:
    """Set a password without knowing the old one (command line, link by e-mail); every session
    ends."""
    _set(account, new, None)


def _set(account: Account, new: PasswordHash, keep_session: int | None) -> None:
    account.password_hash = new
    sessions.end_all(account.id, but=keep_session)
    # A link that somebody else may have asked for must not undo the change.
    db.session.execute(
        delete(PasswordReset).where(
            PasswordReset.account_id == account.id, PasswordReset.used_at.is_(None)
        )
    )
    record(PasswordChanged(account_id=account.id))
    record(CredentialsChanged(account_id=account.id))


def _proven(proof: Proof) -> Account:
    account = db.session.scalars(
        select(Account)
        .where(
            Account.id == proof.account_id,
            Account.password_hash == proof.stored,
            Account.deactivated_at.is_(None),
        )
        .execution_options(populate_existing=True)
    ).one_or_none()
    if account is None:
        raise Invalid(N_("That handle and password do not go together."))
    return account


def deactivate(actor: Account, account: Account) -> None:
    """Shut the account: its sessions end and it can no longer sign in. What it wrote stays."""
    require_may_administer(actor)
    if actor.id == account.id:
        raise Forbidden(N_("You cannot shut your own account."))
    shut(account)


def shut(account: Account) -> None:
    """Deactivate on the operator's word, without an actor; the last administrator stays."""
    if not account.is_active:
        return
    _require_another_administrator(account)
    account.deactivated_at = utc_now()
    sessions.end_all(account.id)
    record(CredentialsChanged(account_id=account.id))


def reactivate(actor: Account, account: Account) -> None:
    """Open a shut account again; it signs in with the password it had."""
    require_may_administer(actor)
    reopen(account)


def reopen(account: Account) -> None:
    """Reactivate on the operator's word, without an actor."""
    account.deactivated_at = None
    record(PlaceChanged(account_id=account.id))


def change_role(actor: Account, account: Account, role: Role) -> None:
    """Give another role. Sessions end: what the account may see has changed. A member does not
    become a guest, nor a guest staff: what they follow and belong to would not fit."""
    require_may_administer(actor)
    if account.kind is not AccountKind.PERSON:
        raise Forbidden(N_("Only people have roles."))
    if role is account.role:
        return
    if Role.GUEST in (role, account.role):
        raise Conflict(N_("A guest account stays one: invite the person anew with another role."))
    if role is not Role.ADMINISTRATOR:
        _require_another_administrator(account)
    account.role = role
    record(PlaceChanged(account_id=account.id))
    sessions.end_all(account.id)
    record(CredentialsChanged(account_id=account.id))


def _require_another_administrator(account: Account) -> None:
    if account.role is not Role.ADMINISTRATOR:
        return
    # The rows are locked first (a no-op write): two administrators who demote each other at
    # once must not both find the other one still there.
    administrators = (Account.role == Role.ADMINISTRATOR, Account.deactivated_at.is_(None))
    db.session.execute(update(Account).where(*administrators).values(role=Account.role))
    others = db.session.scalar(
        select(func.count()).where(*administrators, Account.id != account.id)
    )
    if not others:
        raise Conflict(N_("The last administrator has to stay one."))
