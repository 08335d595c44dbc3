"""Changing one date, the following ones and all: nobody's answer is lost."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.accounts.models import Account
from intranet.calendar import cancelling, rsvp, seats, series, tasks
from intranet.calendar.clocks import to_local
from intranet.calendar.models import Answer, Event, Occurrence, Rsvp
from intranet.calendar.queries import get_visible
from intranet.calendar.series import Scope
from intranet.db import db
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import Invalid
from intranet.notifications.models import Notification, NotificationKind
from intranet.unit_of_work import unit_of_work
from tests.calendar.conftest import Arrange, a_draft, soon
from tests.factories import Factory

PARIS = "Europe/Paris"


class Series:
    """Ann's series, which Bob comes to."""

    def __init__(self, app: Flask, ann: Account, bob: Account, event_id: int) -> None:
        self.app, self.ann, self.bob, self.event_id = app, ann, bob, event_id

    def dates(self, event_id: int | None = None) -> list[Occurrence]:
        with self.app.app_context():
            query = select(Occurrence).where(Occurrence.event_id == (event_id or self.event_id))
            return list(db.session.scalars(query.order_by(Occurrence.starts_at)))

    def says(self, occurrence_id: int, answer: Answer = Answer.GOING) -> None:
        with self.app.app_context(), unit_of_work():
            bob = db.session.get_one(Account, self.bob.id)
            event, date = get_visible(bob, occurrence_id)
            rsvp.answer(bob, event, date, answer)

    def edit(self, occurrence_id: int, scope: Scope, **values: Any) -> Occurrence:
        with self.app.app_context(), unit_of_work():
            ann = db.session.get_one(Account, self.ann.id)
            event, date = get_visible(ann, occurrence_id)
            local = to_local(date.recurrence_id, event.time_zone)
            given = {"rrule": event.rrule, "title": event.title, "starts": local}
            return series.edit(ann, event, date, a_draft(**given | values), scope)

    def answered(self) -> set[int]:
        """The dates that Bob comes to."""
        with self.app.app_context():
            assert seats.wrong_counts() == []
            return set(db.session.scalars(select(Rsvp.occurrence_id)))

    def event(self, event_id: int | None = None) -> Event:
        with self.app.app_context():
            return db.session.get_one(Event, event_id or self.event_id)

    def told(self) -> list[Notification]:
        with self.app.app_context():
            return list(db.session.scalars(select(Notification).order_by(Notification.id)))


@pytest.fixture
def weekly(app: Flask, make: Factory, arrange: Arrange) -> Series:
    ann, bob = make.accounts("ann", "bob")
    event_id, _first = arrange(ann, rrule="FREQ=WEEKLY;COUNT=6")
    return Series(app, ann, bob, event_id)


def test_one_date_moves_alone_and_goes_back(weekly: Series) -> None:
    third = weekly.dates()[2]
    weekly.says(third.id)
    local = to_local(third.starts_at, PARIS) + dt.timedelta(days=1, hours=3)
    weekly.edit(third.id, Scope.THIS, starts=local, title="In the big room", place="Hall B")
    after = {one.id: one for one in weekly.dates()}
    assert to_local(after[third.id].starts_at, PARIS) == local
    assert after[third.id].moved
    assert after[third.id].recurrence_id == third.recurrence_id
    assert after[third.id].changes == {"title": "In the big room", "place": "Hall B"}
    assert sum(one.moved for one in after.values()) == 1
    assert weekly.answered() == {third.id}
    told = weekly.told()
    assert [(one.kind, one.recipient_id, one.occurrence_id) for one in told] == [
        (NotificationKind.EVENT_CHANGED, weekly.bob.id, third.id)
    ]
    assert told[0].detail == "place,time,title"
    assert weekly.event().sequence == 1
    weekly.edit(third.id, Scope.THIS)
    assert not any(one.moved or one.changes for one in weekly.dates())


def test_all_dates_move_with_their_answers(weekly: Series) -> None:
    before = weekly.dates()
    weekly.says(before[0].id)
    weekly.says(before[4].id)
    # One day and two hours later, asked on the third date.
    local = to_local(before[2].recurrence_id, PARIS) + dt.timedelta(days=1, hours=2)
    shown = weekly.edit(before[2].id, Scope.ALL, starts=local)
    after = weekly.dates()
    assert shown.id == before[2].id
    assert [one.id for one in after] == [one.id for one in before]
    for old, new in zip(before, after, strict=True):
        assert to_local(new.starts_at, PARIS) - to_local(old.starts_at, PARIS) == dt.timedelta(
            days=1, hours=2
        )
    assert weekly.answered() == {before[0].id, before[4].id}
    assert len(weekly.told()) == 1  # once, not for each date


def test_following_dates_become_a_series_of_their_own(weekly: Series) -> None:
    before = weekly.dates()
    for one in (before[1], before[3], before[5]):
        weekly.says(one.id)
    local = to_local(before[3].recurrence_id, PARIS) + dt.timedelta(hours=4)
    shown = weekly.edit(
        before[3].id, Scope.FOLLOWING, starts=local, title="New hour", rrule="FREQ=WEEKLY;COUNT=3"
    )
    assert shown.id == before[3].id
    assert shown.event_id != weekly.event_id
    kept, moved = weekly.dates(), weekly.dates(shown.event_id)
    assert [one.id for one in kept] == [one.id for one in before[:3]]
    assert [one.id for one in moved] == [one.id for one in before[3:]]
    assert {to_local(one.starts_at, PARIS).hour for one in moved} == {14}
    assert weekly.event().rrule.startswith("FREQ=WEEKLY;UNTIL=")
    assert weekly.event(shown.event_id).rrule == "FREQ=WEEKLY;COUNT=3"
    assert weekly.event(shown.event_id).title == "New hour"
    assert weekly.answered() == {before[1].id, before[3].id, before[5].id}


def test_another_rule_keeps_the_answers_of_days_that_still_exist(weekly: Series) -> None:
    before = weekly.dates()
    weekly.says(before[2].id)
    weekly.says(before[3].id)
    weekly.edit(before[0].id, Scope.ALL, rrule="FREQ=WEEKLY;INTERVAL=2;COUNT=3")
    after = weekly.dates()
    assert [one.starts_at for one in after] == [before[n].starts_at for n in (0, 2, 4)]
    assert weekly.answered() == {before[2].id}


def test_a_series_that_has_begun_keeps_its_past(
    app: Flask, make: Factory, arrange: Arrange
) -> None:
    ann, bob = make.accounts("ann", "bob")
    event_id, _ = arrange(ann, starts=soon(-15), rrule="FREQ=WEEKLY;COUNT=6")
    weekly = Series(app, ann, bob, event_id)
    before = weekly.dates()
    assert before[2].ends_at < utc_now() < before[3].starts_at
    weekly.says(before[4].id)
    local = to_local(before[4].recurrence_id, PARIS) + dt.timedelta(hours=1)
    shown = weekly.edit(before[4].id, Scope.ALL, starts=local)
    assert [one.starts_at for one in weekly.dates()] == [one.starts_at for one in before[:3]]
    moved = weekly.dates(shown.event_id)
    assert [one.id for one in moved] == [one.id for one in before[3:]]
    assert {to_local(one.starts_at, PARIS).hour for one in moved} == {11}
    assert weekly.answered() == {before[4].id}


@pytest.mark.parametrize(
    ("scope", "cancelled"),
    [(Scope.THIS, [2]), (Scope.FOLLOWING, [2, 3, 4, 5]), (Scope.ALL, [0, 1, 2, 3, 4, 5])],
)
def test_cancelling_tells_those_who_come(
    weekly: Series, scope: Scope, cancelled: list[int]
) -> None:
    dates = weekly.dates()
    weekly.says(dates[2].id)
    for _twice in range(2):
        with weekly.app.app_context(), unit_of_work():
            ann = db.session.get_one(Account, weekly.ann.id)
            event, date = get_visible(ann, dates[2].id)
            cancelling.cancel(ann, event, date, scope)
    after = weekly.dates()
    assert [number for number, one in enumerate(after) if one.cancelled_at] == cancelled
    assert bool(weekly.event().cancelled_at) is (scope is Scope.ALL)
    assert [one.kind for one in weekly.told()] == [NotificationKind.EVENT_CANCELLED]
    with weekly.app.app_context(), unit_of_work():
        tasks.extend({})
    assert len(weekly.dates()) == len(after)


def test_seats_cannot_be_fewer_than_are_taken(app: Flask, make: Factory, arrange: Arrange) -> None:
    ann, bob = make.accounts("ann", "bob")
    event_id, first = arrange(ann, capacity=5, guests_allowed=3)
    weekly = Series(app, ann, bob, event_id)
    with app.app_context(), unit_of_work():
        actor = db.session.get_one(Account, bob.id)
        rsvp.answer(actor, *get_visible(actor, first), Answer.GOING, 2)
    with pytest.raises(Invalid) as refused:
        weekly.edit(first, Scope.ALL, capacity=2)
    assert "capacity" in refused.value.fields
    weekly.edit(first, Scope.ALL, capacity=3)
    assert weekly.event().capacity == 3


def test_the_calendar_looks_further_ahead_as_time_goes(
    app: Flask, make: Factory, arrange: Arrange
) -> None:
    ann, bob = make.accounts("ann", "bob")
    event_id, _ = arrange(ann, rrule="FREQ=WEEKLY")
    weekly = Series(app, ann, bob, event_id)
    dates = weekly.dates()
    assert 75 <= len(dates) <= 80
    with app.app_context(), unit_of_work():
        for one in dates[60:]:
            db.session.delete(db.session.get_one(Occurrence, one.id))
    with app.app_context(), unit_of_work():
        tasks.extend({})
    assert [one.starts_at for one in weekly.dates()] == [one.starts_at for one in dates]
