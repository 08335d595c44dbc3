"""People who race for the seats of an event."""

from __future__ import annotations

import datetime as dt
import random
import threading
from dataclasses import dataclass, field

from flask import Flask
from sqlalchemy import select

from intranet.accounts.models import Account
from intranet.calendar import actions, rsvp, seats
from intranet.calendar.drafts import EventDraft
from intranet.calendar.models import Answer, Occurrence, Rsvp
from intranet.calendar.queries import get_visible
from intranet.db import db
from intranet.kernel.clock import utc_now
from intranet.unit_of_work import unit_of_work
from tests.racing import at_once, racers


@dataclass
class Result:
    """What one round left."""

    taken: int
    most_taken: int  # at any read while people raced
    in_order: bool  # who waits came after who goes, and was promoted first come, first served
    wrong_counts: int
    reads: int
    errors: list[str] = field(default_factory=list)


class SeatRace:
    def __init__(self, app: Flask, people: int, capacity: int) -> None:
        self.app, self.capacity, self.ids = app, capacity, racers(app, people)

    def round(self, dice: random.Random, capacity: int) -> Result:
        """A new event; everybody comes at once, and some go again, so that others move up."""
        occurrence_id = self._event(capacity)
        order = dice.sample(self.ids, len(self.ids))
        leavers = set(dice.sample(order, len(order) // 3))
        done, seen = threading.Event(), [0]

        def come(account_id: int) -> None:
            self._answer(account_id, occurrence_id, Answer.GOING)
            if account_id in leavers:
                self._answer(account_id, occurrence_id, Answer.NO)

        def watch() -> None:
            while not done.is_set():
                seen.append(self._taken(occurrence_id))
                done.wait(0.01)

        watcher = threading.Thread(target=watch)
        watcher.start()
        errors = at_once(come, order)
        done.set()
        watcher.join()
        return self._result(occurrence_id, seen, errors)

    def _event(self, capacity: int) -> int:
        with self.app.app_context(), unit_of_work():
            starts = dt.datetime.combine(utc_now().date() + dt.timedelta(days=3), dt.time(9))
            draft = EventDraft(
                title="Race",
                starts=starts,
                ends=starts + dt.timedelta(hours=1),
                time_zone="Europe/Paris",
                capacity=capacity,
            )
            _event, first = actions.create(db.session.get_one(Account, self.ids[0]), draft)
            return first.id

    def _answer(self, account_id: int, occurrence_id: int, answer: Answer) -> None:
        with self.app.app_context(), unit_of_work():
            actor = db.session.get_one(Account, account_id)
            event, date = get_visible(actor, occurrence_id)
            rsvp.answer(actor, event, date, answer)

    def _taken(self, occurrence_id: int) -> int:
        """The seats by the answers themselves, not by the counter."""
        with self.app.app_context():
            guests = db.session.scalars(
                select(Rsvp.guests).where(
                    Rsvp.occurrence_id == occurrence_id,
                    Rsvp.answer == Answer.GOING,
                    Rsvp.waiting.is_(False),
                )
            ).all()
            return sum(1 + one for one in guests)

    def _result(self, occurrence_id: int, seen: list[int], errors: list[str]) -> Result:
        with self.app.app_context():
            date = db.session.get_one(Occurrence, occurrence_id)
            going = select(Rsvp.queue_id, Rsvp.waiting).where(
                Rsvp.occurrence_id == occurrence_id, Rsvp.answer == Answer.GOING
            )
            rows = db.session.execute(going.order_by(Rsvp.queue_id)).all()
            # Everybody in the order of coming: first those who go, then those who wait.
            in_order = [row.waiting for row in rows] == sorted(row.waiting for row in rows)
            return Result(
                taken=date.seats_taken,
                most_taken=max(seen),
                in_order=in_order and len(rows) == len(self.ids) - len(self.ids) // 3,
                wrong_counts=len(seats.wrong_counts()),
                reads=len(seen),
                errors=errors,
            )
