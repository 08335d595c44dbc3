"""Who hears of what happens to an event: people through notifications, windows through facts."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import select

from intranet.accounts.models import Account
from intranet.calendar import policies
from intranet.calendar.events import RsvpChanged
from intranet.calendar.models import Answer, Event, EventVisibility, Occurrence, Rsvp
from intranet.db import db, record
from intranet.kernel.clock import utc_now
from intranet.notifications.actions import notify
from intranet.notifications.models import NotificationKind

COMING = (Answer.GOING, Answer.MAYBE)


def who_still_sees(event: Event, account_ids: Collection[int]) -> set[int]:
    """Those of the accounts that may see the event now."""
    if not account_ids:
        return set()
    return set(
        db.session.scalars(
            select(Account.id).where(Account.id.in_(account_ids), policies.readers(event))
        )
    )


def tell(
    actor: Account,
    kind: NotificationKind,
    event: Event,
    occurrence_id: int,
    account_ids: Collection[int],
    detail: str = "",
    *,
    tell_actor: bool = False,
) -> None:
    """One notification for each of them who may still see the event."""
    notify(
        who_still_sees(event, account_ids),
        actor=actor,
        kind=kind,
        event_id=event.id,
        occurrence_id=occurrence_id,
        detail=detail,
        tell_actor=tell_actor,
    )


def who_comes(occurrence_ids: Iterable[int]) -> dict[int, int]:
    """Who answered "going" or "maybe" for dates that are not over, each with the first of them."""
    rows = db.session.execute(
        select(Rsvp.account_id, Rsvp.occurrence_id)
        .join(Occurrence, Occurrence.id == Rsvp.occurrence_id)
        .where(
            Rsvp.occurrence_id.in_(list(occurrence_ids)),
            Rsvp.answer.in_(COMING),
            Occurrence.ends_at > utc_now(),
        )
        .order_by(Occurrence.starts_at)
    )
    first: dict[int, int] = {}
    for row in rows:
        first.setdefault(row.account_id, row.occurrence_id)
    return first


def tell_all(
    actor: Account,
    kind: NotificationKind,
    event: Event,
    occurrence_ids: Iterable[int],
    detail: str = "",
) -> None:
    """Tell everybody who comes, once, whatever number of dates it is about."""
    by_date: dict[int, set[int]] = {}
    for account_id, occurrence_id in who_comes(occurrence_ids).items():
        by_date.setdefault(occurrence_id, set()).add(account_id)
    for occurrence_id, account_ids in by_date.items():
        tell(actor, kind, event, occurrence_id, account_ids, detail)


def refresh(event: Event, occurrence_id: int) -> None:
    """Let the windows that show this date look again."""
    answered = db.session.scalars(
        select(Rsvp.account_id).where(Rsvp.occurrence_id == occurrence_id).limit(500)
    ).all()
    record(
        RsvpChanged(
            event_id=event.id,
            occurrence_id=occurrence_id,
            account_ids=tuple(answered),
            everybody=event.visibility is EventVisibility.ORGANISATION,
        )
    )
