"""Reminders climb on their schedule, each step once, to those who have still to confirm."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from intranet.accounts import actions as accounts
from intranet.accounts.models import Account
from intranet.announcements import exemptions, reminders
from intranet.announcements.models import Announcement, AnnouncementRecipient
from intranet.background import runner
from intranet.db import db
from intranet.evidence.models import EvidenceEntry
from intranet.kernel.clock import in_the_past, utc_now
from intranet.kernel.errors import Conflict
from intranet.mail.models import OutboxMessage
from intranet.notifications.models import Notification, NotificationKind
from intranet.unit_of_work import unit_of_work
from tests.evidence.company import DEADLINE, Office, open_office
from tests.factories import Factory

DAY = dt.timedelta(days=1)


def sweep(office: Office, moment: dt.datetime) -> None:
    """What the worker does at that moment."""
    with in_the_past(moment):
        with office.app.app_context(), unit_of_work():
            reminders.take_due_steps({})
        runner(office.app).drain()


def told(office: Office) -> dict[str, int]:
    """How often each person was reminded in the application."""

    def find(_: Announcement) -> dict[str, int]:
        wanted = (
            select(Account.handle, func.count())
            .join(Notification, Notification.recipient_id == Account.id)
            .where(Notification.kind == NotificationKind.ANNOUNCEMENT_REMINDER)
            .group_by(Account.handle)
        )
        return {row[0]: row[1] for row in db.session.execute(wanted)}

    return office.read(find)


def letters(office: Office, kind: str) -> list[str]:
    def find(_: Announcement) -> list[str]:
        wanted = (
            select(Account.handle)
            .join(OutboxMessage, OutboxMessage.account_id == Account.id)
            .where(OutboxMessage.kind == kind)
            .order_by(Account.handle)
        )
        return list(db.session.scalars(wanted))

    return office.read(find)


@pytest.fixture
def office(app: Flask, make: Factory) -> Office:
    """Feed 3 days before, e-mail 1 day before, the manager 1 day after."""
    office = open_office(app, make, ago=DEADLINE * 2, reminds=True)
    with in_the_past(utc_now() - DEADLINE * 1.5):
        office.confirm("nantes0", "lyon0", "hr")
        office.do(lambda found: exemptions.exempt(office["hr"], found, office["lyon1"].id, "Leave"))
    return office


def test_each_step_comes_once_in_its_time_to_those_who_owe(office: Office) -> None:
    deadline = utc_now() - DEADLINE
    sweep(office, deadline - 4 * DAY)
    assert told(office) == {}
    for _ in range(3):
        sweep(office, deadline - 3 * DAY + dt.timedelta(minutes=6))
    assert told(office) == {"boss": 1, "nantes1": 1, "nantes2": 1}
    with in_the_past(deadline - 2 * DAY):
        office.confirm("boss")
        with office.app.app_context(), unit_of_work():
            accounts.shut(db.session.get_one(Account, office["nantes2"].id))
    for _ in range(2):
        sweep(office, deadline - DAY + dt.timedelta(minutes=6))
    assert letters(office, "announcement_reminder") == ["nantes1"]
    sweep(office, deadline + DAY + dt.timedelta(minutes=6))
    assert letters(office, "announcement_manager_reminder") == ["boss"]
    assert told(office) == {"boss": 1, "nantes1": 1, "nantes2": 1}

    def recorded(found: Announcement) -> Any:
        entries = select(EvidenceEntry.payload).where(
            EvidenceEntry.subject_id == found.id, EvidenceEntry.kind == "reminded"
        )
        counts = select(AnnouncementRecipient.reminders_sent).where(
            AnnouncementRecipient.account_id == office["nantes1"].id
        )
        said = db.session.scalars(entries.order_by(EvidenceEntry.sequence)).all()
        return [row.partition('"count":')[2][0] for row in said], db.session.scalar(counts)

    assert office.read(recorded) == (["3", "1", "1"], 2)


def test_who_was_away_is_not_told_three_times_at_once(office: Office) -> None:
    sweep(office, utc_now() - DEADLINE + DAY * 1.5)  # the worker stood still for days
    assert told(office) == {}  # the feed's day is four days ago
    assert letters(office, "announcement_reminder") == ["boss", "nantes1", "nantes2"]
    assert letters(office, "announcement_manager_reminder") == ["boss"]


def test_a_change_of_substance_asks_those_again_who_had_confirmed(office: Office) -> None:
    deadline = utc_now() - DEADLINE
    with in_the_past(deadline - 5 * DAY):
        office.revise("Three days a week.", material=True)
    sweep(office, deadline - 3 * DAY + dt.timedelta(minutes=1))
    assert set(told(office)) == {"boss", "nantes0", "nantes1", "nantes2", "lyon0"}


def test_one_may_remind_by_hand_once_a_day(app: Flask, make: Factory) -> None:
    office = open_office(app, make)
    office.confirm("nantes0")
    assert office.do(lambda found: reminders.remind_now(office["hr"], found)) == 6
    with pytest.raises(Conflict):
        office.do(lambda found: reminders.remind_now(office["hr"], found))
    runner(app).drain()
    assert set(told(office)) == {"boss", "nantes1", "nantes2", "lyon0", "lyon1"}
    office.confirm("boss", "nantes1", "nantes2", "lyon0", "lyon1", "hr")
    with pytest.raises(Conflict, match="Nobody"):
        office.do(lambda found: reminders.remind_now(office["hr"], found))
