"""Which letters follow from what happens to a date: who holds one by e-mail gets every change.

Subscribed before the commit (see subscriptions): the letter is there or not there together with
its cause. What it says is composed when it is sent, under the rights its reader then has."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import and_, func, or_, select

from intranet.accounts.models import Account
from intranet.calendar import itip, mailing_series
from intranet.calendar.events import (
    EventCancelled,
    EventChanged,
    EventInvited,
    EventRearranged,
    EventRestored,
    RsvpChanged,
)
from intranet.calendar.held import held_dates
from intranet.calendar.models import (
    Answer,
    CalendarPreference,
    Event,
    EventInvitation,
    MailedDate,
    Occurrence,
    Rsvp,
)
from intranet.db import db
from intranet.kernel.clock import utc_now
from intranet.mail.actions import enqueue_mail


def invited(fact: EventInvited) -> None:
    """An invitation to the event, with all its dates, to those who can be written to."""
    event = db.session.get_one(Event, fact.event_id)
    date = db.session.scalar(
        select(Occurrence)
        .where(
            Occurrence.event_id == fact.event_id,
            Occurrence.ends_at > utc_now(),
            Occurrence.cancelled_at.is_(None),
        )
        .order_by(Occurrence.starts_at)
        .limit(1)
    )
    if date is None:
        return
    for account in db.session.scalars(
        select(Account).where(Account.id.in_(fact.account_ids), Account.deactivated_at.is_(None))
    ):
        if event.rrule:
            mailing_series.hold(event, account)
        else:
            _send(itip.REQUEST, date, account)


def changed(fact: EventChanged) -> None:
    """The dates as they are now; only when something changed that people have to know of."""
    if fact.what:
        mailing_series.send_again(fact.event_id)
        for date, account, _held in _held_dates(fact.event_id, fact.occurrence_ids):
            _send(itip.REQUEST, date, account)


def rearranged(fact: EventRearranged) -> None:
    """Dates that stand elsewhere now, or nowhere, are taken back from where they were. After a
    split the second half is a series of its own; a single event that repeats now becomes one."""
    if fact.target_id != fact.event_id:
        mailing_series.split(fact.event_id, fact.target_id)
    target = db.session.get_one(Event, fact.target_id)
    if target.rrule:
        alone = {one.account_id for one in fact.before if one.place is None}
        for account in _reachable(alone):
            mailing_series.hold(target, account)
    after = held_dates({fact.event_id, fact.target_id})
    then, now = {one.name for one in fact.before}, {one.name for one in after}
    gone = [one for one in fact.before if one.place is not None and one.name not in now]
    accounts = {one.id: one for one in _reachable({one.account_id for one in gone})}
    for one in gone:
        reader = accounts.get(one.account_id)
        if reader is not None and one.place is not None and one.place > utc_now():
            payload = {
                "event_id": one.event_id,
                "occurrence_id": one.occurrence_id,
                "positions": [one.place.isoformat()],
                "all_day": one.all_day,
            }
            enqueue_mail(itip.DROPPED, payload, to=reader)
    fresh = {(one.account_id, one.occurrence_id) for one in after if one.name not in then}
    for event_id in {fact.event_id, fact.target_id}:
        for date, account, _held in _held_dates(event_id, ()):
            if (account.id, date.id) in fresh and date.cancelled_at is None:
                _send(itip.REQUEST, date, account)


def cancelled(fact: EventCancelled) -> None:
    """The dates are off."""
    mailing_series.cancelled(fact)
    for date, account, held in _held_dates(fact.event_id, fact.occurrence_ids):
        _send(itip.CANCEL, date, account)
        db.session.delete(held)


def restored(fact: EventRestored) -> None:
    """Dates that take place after all come back to whoever had them: who is invited, and who
    comes and wants such letters."""
    event = db.session.get_one(Event, fact.event_id)
    mailing_series.send_again(event.id)
    dates = (
        select(Occurrence)
        .where(
            Occurrence.event_id == event.id,
            Occurrence.ends_at > utc_now(),
            Occurrence.cancelled_at.is_(None),
        )
        .order_by(Occurrence.starts_at)
    )
    if fact.occurrence_ids:
        dates = dates.where(Occurrence.id.in_(fact.occurrence_ids))
    back = {one.id: one for one in db.session.scalars(dates)}
    if not back:
        return
    declined = (
        select(Rsvp.account_id)
        .where(Rsvp.occurrence_id.in_(back), Rsvp.answer == Answer.NO)
        .group_by(Rsvp.account_id)
        .having(func.count() == len(back))
    )
    invited_ = select(EventInvitation.account_id).where(
        EventInvitation.event_id == event.id, EventInvitation.account_id.not_in(declined)
    )
    whole = event.rrule and not fact.occurrence_ids
    first = next(iter(back.values()))
    for account in _reachable(
        set(db.session.scalars(invited_)) if whole or not event.rrule else ()
    ):
        if event.rrule:
            mailing_series.hold(event, account)
        else:
            _send(itip.REQUEST, first, account)
    wanted = (
        select(Account, Rsvp.occurrence_id)
        .join(Rsvp, Rsvp.account_id == Account.id)
        .join(CalendarPreference, CalendarPreference.account_id == Account.id)
        .where(
            Rsvp.occurrence_id.in_(back),
            Rsvp.answer == Answer.GOING,
            Rsvp.waiting.is_(False),
            CalendarPreference.mail_going,
            Account.deactivated_at.is_(None),
        )
    )
    rows = db.session.execute(wanted).all()
    in_series = mailing_series.holds({account.id for account, _date_id in rows}, event.id)
    for account, date_id in rows:
        if account.id not in in_series:
            _send(itip.REQUEST, back[date_id], account)


def answered(fact: RsvpChanged) -> None:
    """Yes: the date, for who asked for these letters; no, or no answer any more: the calendar at
    home forgets it. Who holds the whole series hears of it there."""
    date = db.session.get(Occurrence, fact.occurrence_id)
    if date is None or date.cancelled_at is not None or date.ends_at < utc_now():
        return
    mailing_series.answered(fact)
    in_series = mailing_series.holds(fact.account_ids, fact.event_id)
    answers = (
        select(Account, MailedDate, Rsvp)
        .outerjoin(Rsvp, and_(Rsvp.account_id == Account.id, Rsvp.occurrence_id == date.id))
        .outerjoin(
            MailedDate,
            and_(MailedDate.account_id == Account.id, MailedDate.occurrence_id == date.id),
        )
        .outerjoin(CalendarPreference, CalendarPreference.account_id == Account.id)
        .where(
            Account.id.in_(set(fact.account_ids) - in_series),
            Account.deactivated_at.is_(None),
            or_(MailedDate.account_id.is_not(None), CalendarPreference.mail_going),
        )
    )
    for account, held, own in db.session.execute(answers).all():
        if held is None and own is not None and own.answer is Answer.GOING and not own.waiting:
            _send(itip.REQUEST, date, account)
        elif held is not None and own is not None and own.answer is Answer.NO:
            _send(itip.CANCEL, date, account)
            db.session.delete(held)


def _reachable(account_ids: Collection[int]) -> list[Account]:
    return list(
        db.session.scalars(
            select(Account)
            .where(Account.id.in_(account_ids), Account.deactivated_at.is_(None))
            .order_by(Account.id)
        )
    )


def _held_dates(
    event_id: int, occurrence_ids: tuple[int, ...]
) -> list[tuple[Occurrence, Account, MailedDate]]:
    query = (
        select(Occurrence, Account, MailedDate)
        .join(MailedDate, MailedDate.occurrence_id == Occurrence.id)
        .join(Account, Account.id == MailedDate.account_id)
        .where(
            Occurrence.event_id == event_id,
            Occurrence.ends_at > utc_now(),
            Account.deactivated_at.is_(None),
        )
    )
    if occurrence_ids:
        query = query.where(Occurrence.id.in_(occurrence_ids))
    return [(date, account, held) for date, account, held in db.session.execute(query)]


def _send(kind: str, date: Occurrence, account: Account) -> None:
    if not account.email:
        return
    held = db.session.get(MailedDate, (date.id, account.id))
    if held is None:
        held = MailedDate(occurrence_id=date.id, account_id=account.id, version=0)
        db.session.add(held)
    held.version += 1
    held.sequence = db.session.get_one(Event, date.event_id).sequence
    enqueue_mail(kind, {"occurrence_id": date.id}, to=account, unless_waiting=kind == itip.REQUEST)
    db.session.flush()
