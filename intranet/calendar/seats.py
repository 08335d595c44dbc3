"""The seats of one date: counts and the waiting list. Callers hold the lock of the date's row, so
that changes follow one another and no more seats are ever taken than there are.

The line is kept strictly: who stands first waits until the whole party fits, and nobody passes.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import case, func, select

from intranet.accounts.models import Account
from intranet.calendar.models import Answer, Event, Occurrence, Rsvp
from intranet.calendar.telling import tell, who_still_sees
from intranet.db import db
from intranet.kernel.clock import utc_now
from intranet.kernel.ids import new_id
from intranet.notifications.models import NotificationKind

_GOING = (Rsvp.answer == Answer.GOING) & Rsvp.waiting.is_(False)


def _counts() -> Any:
    def number(condition: Any, value: Any = 1) -> Any:
        return func.coalesce(func.sum(case((condition, value), else_=0)), 0)

    return (
        number(_GOING, 1 + Rsvp.guests).label("seats_taken"),
        number(_GOING).label("going_count"),
        number(Rsvp.answer == Answer.MAYBE).label("maybe_count"),
        number(Rsvp.answer == Answer.NO).label("no_count"),
        number(Rsvp.waiting).label("waiting_count"),
    )


def count(occurrence: Occurrence) -> None:
    """Write what the answers add up to."""
    db.session.flush()
    row = db.session.execute(select(*_counts()).where(Rsvp.occurrence_id == occurrence.id)).one()
    for name, value in row._mapping.items():
        setattr(occurrence, name, int(value))
    db.session.flush()


def fits(event: Event, occurrence: Occurrence, seats: int) -> bool:
    """Whether so many seats more are free."""
    return event.capacity is None or occurrence.seats_taken + seats <= event.capacity


def place_in_line(occurrence: Occurrence) -> int:
    """A queue id behind everybody who waits, whichever process let them in."""
    last = db.session.scalar(
        select(func.max(Rsvp.queue_id)).where(Rsvp.occurrence_id == occurrence.id)
    )
    return max(new_id(), (last or 0) + 1)


def promote(event: Event, occurrence: Occurrence) -> list[int]:
    """Give free seats to those who wait, in order; tell them. Who may not see the event any more
    leaves the line. Gives who has a seat now."""
    if not occurrence.waiting_count or occurrence.cancelled_at or occurrence.ends_at <= utc_now():
        return []
    line = list(
        db.session.scalars(
            select(Rsvp)
            .where(Rsvp.occurrence_id == occurrence.id, Rsvp.waiting)
            .order_by(Rsvp.queue_id)
            .execution_options(populate_existing=True)
        )
    )
    allowed = who_still_sees(event, [one.account_id for one in line])
    promoted = []
    for one in line:
        if one.account_id not in allowed:
            db.session.delete(one)
            continue
        if not fits(event, occurrence, 1 + one.guests):
            break
        one.waiting = False
        occurrence.seats_taken += 1 + one.guests
        promoted.append(one.account_id)
    count(occurrence)
    if promoted:
        organiser = db.session.get_one(Account, event.organiser_id)
        tell(
            organiser, NotificationKind.EVENT_PROMOTED, event, occurrence.id, promoted,
            tell_actor=True,
        )  # fmt: skip
    return promoted


def wrong_counts() -> list[int]:
    """The dates whose counts are not what their answers add up to: none, always."""
    counts = select(Rsvp.occurrence_id, *_counts()).group_by(Rsvp.occurrence_id).subquery()
    names = ("seats_taken", "going_count", "maybe_count", "no_count", "waiting_count")
    differs = [getattr(Occurrence, name) != func.coalesce(counts.c[name], 0) for name in names]
    condition = differs[0]
    for one in differs[1:]:
        condition = condition | one
    return list(
        db.session.scalars(
            select(Occurrence.id)
            .outerjoin(counts, counts.c.occurrence_id == Occurrence.id)
            .where(condition)
        )
    )


def forget(occurrence: Occurrence, account_id: int) -> bool:
    """Take somebody's answer away; False when there was none. The caller counts and promotes."""
    mine = db.session.get(Rsvp, (occurrence.id, account_id))
    if mine is None:
        return False
    db.session.delete(mine)
    return True
