"""Single-use links that bring people in. Only a hash of the link's token is kept."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select, update

from intranet.accounts import links, names
from intranet.accounts.actions import NewAccount, create_account
from intranet.accounts.events import Invited
from intranet.accounts.models import Account, Invitation, Role
from intranet.accounts.passwords import PasswordHash
from intranet.accounts.policies import require_may_administer
from intranet.accounts.queries import find_by_email
from intranet.db import db, record
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import Invalid, NotFound
from intranet.kernel.messages import N_

PURPOSE = "invitation"
_SHOWN = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationDraft:
    """Who is invited as what. A guest needs the group it comes for."""

    email: str
    display_name: str = ""
    role: Role = Role.MEMBER
    group_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """What somebody who follows an invitation chose."""

    handle: str
    display_name: str
    password_hash: PasswordHash
    time_zone: str
    locale: str | None


def invite(actor: Account, draft: InvitationDraft, *, lifetime: dt.timedelta, key: str) -> str:
    """A new invitation, which is also sent by e-mail; gives its token, written down nowhere. An
    earlier open one to the same address stops working. Invalid when the address has an account
    already. `key` is the secret key."""
    require_may_administer(actor)
    email = names.email(draft.email)
    if find_by_email(email) is not None:
        raise Invalid(fields={"email": N_("Somebody has that e-mail address already.")})
    if draft.role is Role.GUEST and draft.group_id is None:
        raise Invalid(fields={"group": N_("Choose the group that the guest comes for.")})
    now = utc_now()
    db.session.execute(
        update(Invitation).where(Invitation.email == email, _open(now)).values(revoked_at=now)
    )
    seed = links.fresh_seed()
    token = links.token_of(key, PURPOSE, seed)
    invitation = Invitation(
        token_hash=links.hash_of(token),
        email=email,
        display_name=names.line(draft.display_name, field="display_name", most=100),
        role=draft.role,
        group_id=draft.group_id,
        invited_by_id=actor.id,
        created_at=now,
        expires_at=now + lifetime,
    )
    db.session.add(invitation)
    db.session.flush()
    record(Invited(invitation_id=invitation.id, email=email, seed=seed, locale=actor.locale))
    return token


def find_open(invitation_id: int) -> Invitation | None:
    """The invitation with this id if it still works: a letter about a dead one is not sent."""
    return db.session.scalar(
        select(Invitation).where(Invitation.id == invitation_id, _open(utc_now()))
    )


def get_open(token: str) -> Invitation:
    """The invitation of this link; NotFound when unknown, used, revoked or too old: all alike."""
    found = db.session.scalar(
        select(Invitation).where(Invitation.token_hash == links.hash_of(token), _open(utc_now()))
    )
    if found is None:
        raise NotFound(N_("This invitation is no longer valid. Ask for a new one."))
    return found


def accept(token: str, arrival: Arrival) -> tuple[Account, int | None]:
    """Make the account the invitation is for; gives it and the id of the group it brings, for
    whoever calls to join. Of two who use one link at once, one meets NotFound."""
    now = utc_now()
    invitation = db.session.scalar(
        update(Invitation)
        .where(Invitation.token_hash == links.hash_of(token), _open(now))
        .values(used_at=now)
        .returning(Invitation)
    )
    if invitation is None:
        raise NotFound(N_("This invitation is no longer valid. Ask for a new one."))
    account = create_account(
        NewAccount(
            handle=arrival.handle,
            email=invitation.email,
            display_name=arrival.display_name,
            role=invitation.role,
            password_hash=arrival.password_hash,
            time_zone=arrival.time_zone,
            locale=arrival.locale,
        )
    )
    invitation.account_id = account.id
    return account, invitation.group_id


def revoke(actor: Account, invitation_id: int) -> None:
    """Make an open invitation worthless; doing it twice changes nothing."""
    require_may_administer(actor)
    now = utc_now()
    db.session.execute(
        update(Invitation).where(Invitation.id == invitation_id, _open(now)).values(revoked_at=now)
    )


def list_open(actor: Account) -> list[Invitation]:
    """Invitations that still work, the newest first."""
    require_may_administer(actor)
    return list(
        db.session.scalars(
            select(Invitation).where(_open(utc_now())).order_by(Invitation.id.desc()).limit(_SHOWN)
        )
    )


def _open(now: dt.datetime) -> ColumnElement[bool]:
    return (
        Invitation.used_at.is_(None)
        & Invitation.revoked_at.is_(None)
        & (Invitation.expires_at > now)
    )
