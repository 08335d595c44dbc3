"""Interrupting people outside their hours: only who may, with a reason, and for all to read."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from intranet.accounts.models import Account, Role
from intranet.db import db
from intranet.interruptions import emergencies
from intranet.interruptions.models import (
    Emergency,
    EmergencySender,
    InterruptionDefault,
    InterruptionPreference,
)
from intranet.kernel.clock import utc_now
from intranet.notifications.models import Notification
from intranet.unit_of_work import unit_of_work
from tests.announcements.newsroom import Newsroom
from tests.browse import Browser
from tests.factories import Factory

REASON = "The gas alarm in hall 3 rings"


@pytest.fixture
def room(app: Flask, make: Factory, browse: Browser) -> Newsroom:
    return Newsroom(app, make, browse)


def send(room: Newsroom, author: Account, **form: str) -> int:
    draft = room.draft(author)
    answer = room.client(author).post(
        f"/announcements/{draft}/publication", data={"when": "now", **form}
    )
    return int(answer.status_code)


def rows(app: Flask) -> list[Emergency]:
    with app.app_context():
        found = list(db.session.scalars(select(Emergency)))
        db.session.expunge_all()
        return found


def urgent(app: Flask) -> set[bool]:
    with app.app_context():
        return set(db.session.scalars(select(Notification.urgent)))


def test_without_the_right_it_is_refused_and_with_it_written_down(
    app: Flask, room: Newsroom
) -> None:
    boss = room.make.account("boss", Role.ADMINISTRATOR)
    with app.app_context(), unit_of_work():
        db.session.add(InterruptionDefault(id=1, hours=[[0, 0, 1]]))
        always = [[day, 0, 24 * 60] for day in range(7)]
        db.session.add(InterruptionPreference(account_id=boss.id, hours=always))
    # Who announces for all may not do this: the outsider is one.
    page = room.client(room.hr).get(f"/announcements/{room.draft(room.hr)}")
    assert "emergency_reason" not in page.text
    assert send(room, room.hr, emergency_reason=REASON) == 403
    assert urgent(app) == set()
    answer = room.client(boss).post("/admin/interruptions/senders", data={"handle": "@hr"})
    assert answer.status_code == 303
    page = room.client(room.hr).get(f"/announcements/{room.draft(room.hr)}")
    assert "emergency_reason" in page.text
    assert send(room, room.hr, emergency_reason="  " + REASON + "  ") == 303
    (row,) = rows(app)
    assert (row.sender_id, row.sender_name, row.reason) == (room.hr.id, "Hr", REASON)
    assert row.reached - 1 == row.outside_hours > 0  # all but the boss, who is at work
    assert urgent(app) == {True}
    # Everybody reads of it, without its words; guests do not.
    shown = room.client(room.bob).get("/emergencies").text
    assert REASON in shown
    assert "Two days at home" not in shown
    assert room.client(room.guest).get("/emergencies").status_code == 403
    # Named no more: refused again.
    room.client(boss).post(f"/admin/interruptions/senders/{room.hr.id}/remove")
    assert send(room, room.hr, emergency_reason=REASON) == 403


def test_an_ordinary_announcement_waits_and_is_not_written_down(app: Flask, room: Newsroom) -> None:
    assert send(room, room.hr) == 303
    assert rows(app) == []
    assert urgent(app) == {False}
    boss = room.make.account("boss", Role.ADMINISTRATOR)
    assert send(room, boss, emergency_reason="x" * 301) == 422


@pytest.mark.parametrize("handle", ["nobody", "guest", "", "@" * 300])
def test_only_colleagues_can_be_named_and_only_by_administrators(
    room: Newsroom, handle: str
) -> None:
    boss = room.make.account("boss", Role.ADMINISTRATOR)
    answer = room.client(boss).post("/admin/interruptions/senders", data={"handle": handle})
    assert answer.status_code == 422
    answer = room.client(room.hr).post("/admin/interruptions/senders", data={"handle": "ann"})
    assert answer.status_code == 403


def test_the_record_cannot_be_changed(app: Flask, room: Newsroom) -> None:
    boss = room.make.account("boss", Role.ADMINISTRATOR)
    assert send(room, boss, emergency_reason=REASON) == 303
    for change in (update(Emergency).values(reason="Nothing"), delete(Emergency)):
        with app.app_context(), pytest.raises(DBAPIError), unit_of_work():
            db.session.execute(change)
    assert [row.reason for row in rows(app)] == [REASON]


def test_whoever_becomes_a_guest_or_leaves_may_no_longer(app: Flask, room: Newsroom) -> None:
    with app.app_context():
        with unit_of_work():
            sender = db.session.get_one(Account, room.hr.id)
            db.session.add(EmergencySender(account_id=sender.id, granted_by_id=sender.id))
        assert emergencies.may_send(sender)
        for change in ({"role": Role.GUEST}, {"deactivated_at": utc_now()}):
            with unit_of_work():
                sender.role, sender.deactivated_at = Role.HR, None
                for name, value in change.items():
                    setattr(sender, name, value)
            assert not emergencies.may_send(sender), change
