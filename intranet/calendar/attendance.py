"""Who was really there: by a code that is shown in the room, or ticked by the hosts."""

from __future__ import annotations

import datetime as dt
import hmac
from dataclasses import dataclass

from sqlalchemy import case

from intranet.accounts import chips
from intranet.accounts.chips import AccountChip
from intranet.accounts.models import Account
from intranet.calendar import policies, rsvp, seats
from intranet.calendar.models import Answer, Event, Occurrence, Rsvp
from intranet.calendar.telling import refresh
from intranet.db import db
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import Conflict, Invalid, NotFound
from intranet.kernel.messages import N_

OPENS = dt.timedelta(hours=1)  # before the start
CLOSES = dt.timedelta(hours=2)  # after the end
LISTED = 2000


@dataclass(frozen=True, kw_only=True, slots=True)
class Attendee:
    """A line of the attendance list. `place` counts from 1 for those who wait."""

    account: AccountChip
    department: str
    site: str
    answer: Answer
    place: int | None
    guests: int
    replies: tuple[str, ...]
    checked_in_at: dt.datetime | None


def is_open(occurrence: Occurrence) -> bool:
    """Whether people can check in now."""
    now = utc_now()
    return (
        occurrence.cancelled_at is None
        and occurrence.starts_at - OPENS <= now <= occurrence.ends_at + CLOSES
    )


def check_in(actor: Account, event: Event, occurrence: Occurrence, code: str) -> dt.datetime:
    """The actor is there, and enters the code of the date; the first time counts. Who had not
    answered gets a seat if one is free."""
    if not is_open(occurrence):
        raise Conflict(N_("Checking in is possible from one hour before until two hours after."))
    sent = "".join(code.upper().split())[:20]
    if not hmac.compare_digest(sent.encode(), occurrence.check_in_code.encode()):
        message = N_("This is not the code of this event.")
        raise Invalid(message, fields={"code": message})
    return _arrive(actor, event, occurrence, by=actor)


def set_present(
    actor: Account, event: Event, occurrence: Occurrence, account_id: int, present: bool
) -> None:
    """A host ticks somebody, or takes the tick away. NotFound for whoever is not in the list."""
    policies.require_may_manage(actor, event)
    mine = db.session.get(Rsvp, (occurrence.id, account_id), populate_existing=True)
    if mine is None:
        raise NotFound()
    if not present:
        mine.checked_in_at = mine.checked_in_by_id = None
    elif mine.checked_in_at is None:
        mine.checked_in_at, mine.checked_in_by_id = utc_now(), actor.id
    db.session.flush()
    refresh(event, occurrence.id)


def list_attendees(viewer: Account, event: Event, occurrence: Occurrence) -> list[Attendee]:
    """Everybody who answered: who goes by name, then who waits in order, then maybe and no. Only
    for those who run the event; capped at LISTED."""
    policies.require_may_manage(viewer, event)
    rank = case(
        ((Rsvp.answer == Answer.GOING) & Rsvp.waiting.is_(False), 0),
        (Rsvp.answer == Answer.GOING, 1),
        (Rsvp.answer == Answer.MAYBE, 2),
        else_=3,
    )
    line = case((Rsvp.waiting, Rsvp.queue_id), else_=0)
    rows = db.session.execute(
        chips.select_chips()
        .add_columns(Rsvp, Account.department, Account.site)
        .join(Rsvp, Rsvp.account_id == Account.id)
        .where(Rsvp.occurrence_id == occurrence.id)
        .order_by(rank, line, Account.sort_name, Account.id)
        .limit(LISTED)
    )
    found = []
    waiting = 0
    for row in rows:
        mine: Rsvp = row.Rsvp
        waiting += mine.waiting
        found.append(
            Attendee(
                account=chips.chip_from(row),
                department=row.department,
                site=row.site,
                answer=mine.answer,
                place=waiting if mine.waiting else None,
                guests=mine.guests,
                replies=tuple(mine.replies),
                checked_in_at=mine.checked_in_at,
            )
        )
    return found


def _arrive(account: Account, event: Event, occurrence: Occurrence, *, by: Account) -> dt.datetime:
    mine = db.session.get(Rsvp, (occurrence.id, account.id), populate_existing=True)
    if mine is None or mine.answer is not Answer.GOING:
        if occurrence.waiting_count or not seats.fits(event, occurrence, 1):
            raise Conflict(N_("There is no seat left."))
        if occurrence.ends_at <= utc_now():
            raise Conflict(N_("This event is over."))
        replies = ["–"] * len(event.questions)  # asked no more at the door
        mine = rsvp.answer(account, event, occurrence, Answer.GOING, 0, replies)
    elif mine.waiting:
        raise Conflict(N_("You are on the waiting list. Ask a host for a seat."))
    if mine.checked_in_at is None:
        mine.checked_in_at, mine.checked_in_by_id = utc_now(), by.id
        db.session.flush()
        refresh(event, occurrence.id)
    return mine.checked_in_at
