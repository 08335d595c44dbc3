"""Which letters follow for who holds a whole series by e-mail."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import and_, delete, select

from intranet.accounts.models import Account
from intranet.calendar import itip
from intranet.calendar.events import EventCancelled, RsvpChanged, SeriesAnswered
from intranet.calendar.models import (
    Answer,
    CalendarPreference,
    Event,
    MailedDate,
    MailedSeries,
    Occurrence,
    Rsvp,
)
from intranet.db import db
from intranet.kernel.clock import utc_now
from intranet.mail.actions import enqueue_mail


def hold(event: Event, account: Account, declined: Sequence[int] = ()) -> None:
    """The whole series for this person's calendar from now on, instead of dates of it."""
    if not account.email:
        return
    if db.session.get(MailedSeries, (event.id, account.id)) is None:
        dates = select(Occurrence.id).where(Occurrence.event_id == event.id)
        db.session.execute(
            delete(MailedDate)
            .where(MailedDate.account_id == account.id, MailedDate.occurrence_id.in_(dates))
            .execution_options(synchronize_session="fetch")
        )
        db.session.add(
            MailedSeries(event_id=event.id, account_id=account.id, declined=list(declined))
        )
        db.session.flush()
    _send(event, account)


def holders(event_id: int) -> list[tuple[Account, MailedSeries]]:
    """Who holds the series."""
    rows = db.session.execute(
        select(Account, MailedSeries)
        .join(MailedSeries, MailedSeries.account_id == Account.id)
        .where(MailedSeries.event_id == event_id, Account.deactivated_at.is_(None))
        .order_by(Account.id)
    )
    return [(account, held) for account, held in rows]


def holds(account_ids: Collection[int], event_id: int) -> set[int]:
    """Those of the accounts who hold the series."""
    return set(
        db.session.scalars(
            select(MailedSeries.account_id).where(
                MailedSeries.event_id == event_id, MailedSeries.account_id.in_(account_ids)
            )
        )
    )


def send_again(event_id: int) -> None:
    """The series as it is now, to everybody who holds it; once, however much changes at once."""
    event = db.session.get_one(Event, event_id)
    for account, _held in holders(event_id):
        _send(event, account)


def cancelled(fact: EventCancelled) -> None:
    """One date: it alone is taken back. Several: the series with what is left of it. All: nobody
    holds it any more."""
    event = db.session.get_one(Event, fact.event_id)
    dates = db.session.scalars(
        select(Occurrence).where(Occurrence.id.in_(fact.occurrence_ids))
    ).all()
    for account, held in holders(event.id):
        if not fact.occurrence_ids:
            db.session.delete(held)
            enqueue_mail(itip.SERIES_CANCEL, {"event_id": event.id}, to=account)
        elif len(dates) == 1:
            held.sequence = event.sequence
            payload = {
                "event_id": event.id,
                "occurrence_id": None,
                "positions": [dates[0].recurrence_id.isoformat()],
                "all_day": event.all_day,
            }
            enqueue_mail(itip.DROPPED, payload, to=account)
        else:
            _send(event, account)
    db.session.flush()


def split(event_id: int, target_id: int) -> None:
    """A series goes on as another: the first one ends sooner, and the other one is theirs too."""
    target = db.session.get_one(Event, target_id)
    for account, held in holders(event_id):
        hold(target, account, held.declined)
    send_again(event_id)


def answered_all(fact: SeriesAnswered) -> None:
    """Yes to all of a series: the whole of it, for who asked for these letters."""
    wants = db.session.get(CalendarPreference, fact.account_id)
    event = db.session.get_one(Event, fact.event_id)
    if event.rrule and wants is not None and wants.mail_going and fact.going:
        account = db.session.get_one(Account, fact.account_id)
        if db.session.get(MailedSeries, (event.id, account.id)) is None:
            hold(event, account)


def answered(fact: RsvpChanged) -> None:
    """Who does not come to a date any more, or comes after all, hears it in the series; who comes
    to none is rid of it."""
    rows = db.session.execute(
        select(Account, MailedSeries, Rsvp)
        .join(MailedSeries, MailedSeries.account_id == Account.id)
        .outerjoin(
            Rsvp,
            and_(Rsvp.account_id == Account.id, Rsvp.occurrence_id == fact.occurrence_id),
        )
        .where(
            MailedSeries.event_id == fact.event_id,
            Account.id.in_(fact.account_ids),
            Account.deactivated_at.is_(None),
        )
    ).all()
    changed = []
    for account, held, own in rows:
        declines = own is not None and own.answer is Answer.NO
        if declines is not (fact.occurrence_id in held.declined):
            changed.append((account, held))
            known = set(held.declined) ^ {fact.occurrence_id}
            held.declined = sorted(known)
    if not changed:
        return
    event = db.session.get_one(Event, fact.event_id)
    coming = set(
        db.session.scalars(
            select(Occurrence.id).where(
                Occurrence.event_id == event.id,
                Occurrence.ends_at > utc_now(),
                Occurrence.cancelled_at.is_(None),
            )
        )
    )
    for account, held in changed:
        if coming and coming <= set(held.declined):
            db.session.delete(held)
            enqueue_mail(itip.SERIES_CANCEL, {"event_id": event.id}, to=account)
        else:
            _send(event, account)
    db.session.flush()


def _send(event: Event, account: Account) -> None:
    held = db.session.get_one(MailedSeries, (event.id, account.id))
    held.sequence = event.sequence
    enqueue_mail(itip.SERIES, {"event_id": event.id}, to=account, unless_waiting=True)
    db.session.flush()
