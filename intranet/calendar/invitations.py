"""Asking people to come."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, exists, not_, select

from intranet.accounts import chips
from intranet.accounts import policies as account_policies
from intranet.accounts.chips import AccountChip
from intranet.accounts.models import Account, AccountKind
from intranet.calendar import policies
from intranet.calendar.events import EventInvited
from intranet.calendar.models import Event, EventInvitation, Occurrence, Rsvp
from intranet.calendar.telling import tell
from intranet.db import db, record
from intranet.db.once import insert_once
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import Conflict, Invalid
from intranet.kernel.messages import N_
from intranet.kernel.text import fold, normalise
from intranet.notifications.models import NotificationKind

AT_ONCE = 100
_OFFERED = 40


def invite(actor: Account, event: Event, occurrence: Occurrence, account_ids: Sequence[int]) -> int:
    """Ask these people to come, whoever the event is for; each is told once. Gives how many were
    not invited before. Guests of a private audience or group only see what they are invited to."""
    policies.require_may_manage(actor, event)
    if event.cancelled_at or occurrence.cancelled_at:
        raise Conflict(N_("This event has been cancelled."))
    wanted = set(account_ids)
    if len(wanted) > AT_ONCE:
        raise Invalid(N_("Invite 100 people at a time at most."))
    fit = set(
        db.session.scalars(
            select(Account.id).where(
                Account.id.in_(wanted),
                Account.kind == AccountKind.PERSON,
                Account.deactivated_at.is_(None),
                account_policies.visible_to(actor),
            )
        )
    )
    new = [
        account_id
        for account_id in sorted(fit)
        if insert_once(
            EventInvitation,
            event_id=event.id,
            account_id=account_id,
            invited_by_id=actor.id,
            created_at=utc_now(),
        )
    ]
    if new:
        tell(actor, NotificationKind.EVENT_INVITATION, event, occurrence.id, new)
        record(EventInvited(event_id=event.id, account_ids=tuple(new)))
    return len(new)


def withdraw(actor: Account, event: Event, account_id: int) -> None:
    """Take an invitation back; answers that were given stay while the event is visible to them."""
    policies.require_may_manage(actor, event)
    db.session.execute(
        delete(EventInvitation).where(
            EventInvitation.event_id == event.id, EventInvitation.account_id == account_id
        )
    )


def list_invited(event: Event, occurrence: Occurrence, limit: int = 80) -> list[AccountChip]:
    """Who is invited and has not answered for this date."""
    answered = exists().where(
        Rsvp.occurrence_id == occurrence.id, Rsvp.account_id == EventInvitation.account_id
    )
    rows = db.session.execute(
        chips.select_chips()
        .join(EventInvitation, EventInvitation.account_id == Account.id)
        .where(
            EventInvitation.event_id == event.id,
            Account.deactivated_at.is_(None),
            not_(answered),
        )
        .order_by(Account.sort_name, Account.id)
        .limit(limit)
    )
    return list(map(chips.chip_from, rows))


def suggested(viewer: Account, event: Event, q: str) -> list[AccountChip]:
    """People whom the viewer may invite, found by name; those who are invited left out."""
    words = fold(normalise(q[:200])).split()[:8]
    if not words:
        return []
    invited = exists().where(
        EventInvitation.event_id == event.id, EventInvitation.account_id == Account.id
    )
    rows = db.session.execute(
        chips.select_chips()
        .where(
            account_policies.visible_to(viewer),
            Account.kind == AccountKind.PERSON,
            Account.deactivated_at.is_(None),
            Account.id != viewer.id,
            not_(invited),
            *(Account.search_text.contains(word, autoescape=True) for word in words),
        )
        .order_by(Account.sort_name, Account.id)
        .limit(_OFFERED)
    )
    return list(map(chips.chip_from, rows))
