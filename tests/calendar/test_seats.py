"""Seats: never more than there are, exactly full in the end, and the line in order."""

from __future__ import annotations

import random

from flask import Flask
from sqlalchemy import select

from intranet.accounts.models import Account
from intranet.calendar import reminders, rsvp, seats
from intranet.calendar.models import Answer, Occurrence, Rsvp
from intranet.calendar.queries import get_visible
from intranet.db import db
from intranet.kernel.clock import utc_now
from intranet.notifications.models import Notification, NotificationKind
from intranet.tasks.models import Task
from intranet.unit_of_work import unit_of_work
from tests.calendar.conftest import Arrange
from tests.calendar.seat_race import SeatRace
from tests.factories import Factory


def say(app: Flask, who: Account, here: int, answer: Answer, guests: int = 0) -> bool:
    """Whether they wait."""
    with app.app_context(), unit_of_work():
        actor = db.session.get_one(Account, who.id)
        event, date = get_visible(actor, here)
        return rsvp.answer(actor, event, date, answer, guests).waiting


def line(app: Flask, here: int) -> list[int]:
    with app.app_context():
        waiting = select(Rsvp.account_id).where(Rsvp.occurrence_id == here, Rsvp.waiting)
        return list(db.session.scalars(waiting.order_by(Rsvp.queue_id)))


def test_sixty_people_race_for_five_seats(app: Flask) -> None:
    race = SeatRace(app, 60, 5)
    for number in range(2):
        result = race.round(random.Random(number), 5)
        assert result.errors == []
        assert result.most_taken <= 5
        assert result.taken == 5
        assert result.in_order
        assert result.wrong_counts == 0


def test_nobody_passes_a_party_that_waits(app: Flask, make: Factory, arrange: Arrange) -> None:
    ann, bob, eve, dan, zoe = make.accounts("ann", "bob", "eve", "dan", "zoe")
    _event, here = arrange(ann, capacity=3, guests_allowed=2)
    assert not say(app, ann, here, Answer.GOING)
    assert not say(app, bob, here, Answer.GOING)
    assert say(app, eve, here, Answer.GOING, 2)  # a party of three, and one seat is free
    assert say(app, dan, here, Answer.GOING)  # though it would fit
    say(app, bob, here, Answer.NO)
    assert line(app, here) == [eve.id, dan.id]
    say(app, ann, here, Answer.MAYBE)
    assert line(app, here) == [dan.id]
    say(app, eve, here, Answer.GOING, 0)  # comes alone after all: two seats more
    assert line(app, here) == []
    assert not say(app, zoe, here, Answer.GOING)
    with app.app_context():
        date = db.session.get_one(Occurrence, here)
        assert (date.seats_taken, date.going_count, date.maybe_count, date.no_count) == (3, 3, 1, 1)
        assert seats.wrong_counts() == []
        told = db.session.scalars(select(Notification).order_by(Notification.id)).all()
        assert [(one.kind, one.recipient_id) for one in told] == [
            (NotificationKind.EVENT_PROMOTED, eve.id),
            (NotificationKind.EVENT_PROMOTED, dan.id),
        ]


def test_reminders_come_once_and_move_with_the_date(
    app: Flask, make: Factory, arrange: Arrange
) -> None:
    ann, bob = make.accounts("ann", "bob")
    event_id, here = arrange(ann, reminders=(60,))
    say(app, bob, here, Answer.GOING)

    def tasks() -> list[Task]:
        return list(db.session.scalars(select(Task).where(Task.kind == reminders.REMIND)))

    with app.app_context(), unit_of_work():
        date = db.session.get_one(Occurrence, here)
        event, _date = get_visible(db.session.get_one(Account, ann.id), here)
        reminders.plan(event)
        (task,) = tasks()
        assert (date.starts_at - task.run_at).total_seconds() == 3600
        date.starts_at = date.starts_at.replace(minute=30)
        reminders.plan(event)
        stale = [one for one in tasks() if one.id == task.id]
        fresh = [one for one in tasks() if one.id != task.id]
        for one in (*stale, *fresh):
            reminders.remind(one.payload)
    with app.app_context():
        told = db.session.scalars(select(Notification)).all()
        assert [(one.kind, one.recipient_id, one.event_id) for one in told] == [
            (NotificationKind.EVENT_REMINDER, bob.id, event_id)
        ]
        assert told[0].created_at <= utc_now()
