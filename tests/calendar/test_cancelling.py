"""Calling off and taking it back: who heard the one hears the other, and nobody loses a seat."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.accounts.models import Account
from intranet.calendar import cancelling, invitations, itip, queries, rsvp, schedule, series
from intranet.calendar.models import Answer, Event, Occurrence
from intranet.calendar.series import Scope
from intranet.db import db
from intranet.kernel.errors import Conflict
from intranet.mail.models import OutboxMessage
from intranet.notifications.models import Notification, NotificationKind
from intranet.unit_of_work import unit_of_work
from tests.browse import Browser
from tests.calendar.conftest import Arrange, a_draft, soon
from tests.factories import Factory

SIX = "FREQ=WEEKLY;COUNT=6"


@pytest.fixture
def act(app: Flask) -> Callable[..., None]:
    def do(who: Account, date_id: int, what: Callable[..., Any], *values: Any) -> None:
        with app.app_context(), unit_of_work():
            actor = db.session.get_one(Account, who.id)
            what(actor, *queries.get_visible(actor, date_id), *values)

    return do


def dates(app: Flask, event_id: int) -> list[Occurrence]:
    with app.app_context():
        query = select(Occurrence).where(Occurrence.event_id == event_id)
        return list(db.session.scalars(query.order_by(Occurrence.starts_at)))


def standing(app: Flask, event_id: int) -> list[bool]:
    return [one.cancelled_at is None for one in dates(app, event_id)]


def test_an_event_takes_place_after_all(
    app: Flask, make: Factory, arrange: Arrange, act: Callable[..., None], browse: Browser
) -> None:
    ann, ben, cem = make.accounts("ann", "ben", "cem")
    event_id, date_id = arrange(ann, capacity=2)
    act(ann, date_id, invitations.invite, [cem.id])
    act(ben, date_id, rsvp.answer, Answer.GOING)
    act(ann, date_id, cancelling.cancel, Scope.ALL)
    shown = browse(ann).get(f"/events/{date_id}").text
    assert f"/events/{date_id}/restoration" in shown
    assert f"/events/{date_id}/restoration" not in browse(ben).get(f"/events/{date_id}").text
    # Ben sees it and does not run it.
    assert browse(ben).post(f"/events/{date_id}/restoration").status_code == 403
    assert standing(app, event_id) == [False]
    assert browse(ann).post(f"/events/{date_id}/restoration").status_code == 303
    assert standing(app, event_id) == [True]
    with app.app_context():
        event = db.session.get_one(Event, event_id)
        assert (event.cancelled_at, event.sequence) == (None, 2)
        heard = [
            (one.kind, one.detail)
            for one in db.session.scalars(select(Notification).order_by(Notification.id))
            if one.recipient_id == ben.id
        ]
        kinds = list(db.session.scalars(select(OutboxMessage.kind).order_by(OutboxMessage.id)))
    assert heard == [
        (NotificationKind.EVENT_CANCELLED, ""),
        (NotificationKind.EVENT_CHANGED, "restored"),
    ]
    # Neither was sent yet: the first is written as things are then, the second not at all.
    assert kinds == [itip.REQUEST, itip.CANCEL]
    assert "it takes place after all" in browse(ben).get("/notifications").text
    # Ben has his seat, and twice is a refusal.
    assert dates(app, event_id)[0].seats_taken == 1
    assert browse(ann).post(f"/events/{date_id}/restoration").status_code == 409


def test_what_was_called_off_together_comes_back_together(
    app: Flask, make: Factory, arrange: Arrange, act: Callable[..., None]
) -> None:
    (ann,) = make.accounts("ann")
    event_id, _first = arrange(ann, rrule=SIX)
    ids = [one.id for one in dates(app, event_id)]
    act(ann, ids[1], cancelling.cancel, Scope.THIS)
    act(ann, ids[4], cancelling.cancel, Scope.FOLLOWING)
    act(ann, ids[3], cancelling.cancel, Scope.FOLLOWING)
    assert standing(app, event_id) == [True, False, True, False, False, False]
    with pytest.raises(Conflict):
        act(ann, ids[5], cancelling.restore)  # the earlier ones first
    act(ann, ids[3], cancelling.restore)
    assert standing(app, event_id) == [True, False, True, True, False, False]
    act(ann, ids[5], cancelling.restore)
    assert standing(app, event_id) == [True, False, True, True, True, True]
    with app.app_context():
        event = db.session.get_one(Event, event_id)
        assert (event.rrule, event.shortened) == (SIX, [])
        assert len(schedule.planned(event)) == 6
    act(ann, ids[0], cancelling.cancel, Scope.ALL)
    act(ann, ids[0], cancelling.restore)
    # What was off before is off still, until it is brought back by itself.
    assert standing(app, event_id) == [True, False, True, True, True, True]
    act(ann, ids[1], cancelling.restore)
    assert all(standing(app, event_id))


def test_a_series_arranged_anew_does_not_take_old_dates_back(
    app: Flask, make: Factory, arrange: Arrange, act: Callable[..., None]
) -> None:
    (ann,) = make.accounts("ann")
    event_id, _first = arrange(ann, rrule=SIX)
    ids = [one.id for one in dates(app, event_id)]
    act(ann, ids[3], cancelling.cancel, Scope.FOLLOWING)
    draft = a_draft(starts=soon(8), rrule="FREQ=WEEKLY;COUNT=3")
    act(ann, ids[0], series.edit, draft, Scope.ALL)
    with pytest.raises(Conflict):
        act(ann, ids[3], cancelling.restore)
    assert standing(app, event_id).count(True) == 3
