"""A simulated year: people in zones whose clocks change, notices at any time, workers that drain
whenever they like. Nothing reaches a device or a mailbox outside its owner's hours but emergencies,
and all that was held back arrives, together, when they open."""

from __future__ import annotations

import datetime as dt
import random
import threading
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from intranet import background
from intranet.accounts import sessions
from intranet.accounts.models import Account
from intranet.db import db
from intranet.interruptions import letters
from intranet.interruptions.models import DayOff, InterruptionPreference, Pace
from intranet.interruptions.schedule import Leave, Schedule, Span
from intranet.kernel import outbound
from intranet.kernel.clock import utc_now
from intranet.letters.composing import compose
from intranet.mail.delivery import Deliverer
from intranet.mail.models import OutboxMessage, OutboxStatus
from intranet.notifications.actions import notify
from intranet.notifications.models import NotificationKind
from intranet.posts.models import Post
from intranet.push.models import PushMessage
from intranet.unit_of_work import unit_of_work
from tests.browse import Browser
from tests.factories import Factory
from tests.interruptions.oracle import Oracle
from tests.push.service import Device

YEAR = 2026
ZONES = (
    "Europe/Paris", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia",
    "America/Santiago",
)  # fmt: skip
NIGHT = (Span(6, 22 * 60, 30 * 60), Span(2, 22 * 60, 30 * 60))
OFFICE = tuple(Span(day, 8 * 60 + 30, 17 * 60 + 45) for day in range(5))
# Around these the clocks of the zones change.
CHANGES = tuple(dt.datetime(YEAR, *day, 2, tzinfo=dt.UTC) for day in (
    (3, 8), (3, 29), (4, 5), (10, 4), (10, 25), (11, 1),
))  # fmt: skip


@dataclass
class Mail:
    """Takes every letter, and notes when."""

    name: str = "mail"
    taken: list[tuple[str, dt.datetime]] = field(default_factory=list)

    def make_ready(self) -> None:
        """Always."""

    def send(self, _id: int, _message: EmailMessage, *, sender: str, recipient: str) -> None:
        """Taken."""
        self.taken.append((recipient, utc_now()))

    def close(self) -> None:
        """Nothing."""


@dataclass
class Company:
    app: Flask
    people: dict[str, Account]  # by the address of their device
    says: dict[str, Oracle]
    post: Post
    actor: Account
    rung: list[tuple[str, dt.datetime]] = field(default_factory=list)
    mail: Mail = field(default_factory=Mail)

    def work(self) -> None:
        with self.app.app_context(), unit_of_work():
            letters.take_due({})
        background.pusher(self.app).drain()
        Deliverer(
            context=self.app.app_context, unit_of_work=unit_of_work, compose=compose,
            transport=self.mail, sender="intranet@localhost",
        ).drain()  # fmt: skip

    def tell(self, *, urgent: bool = False) -> None:
        with self.app.app_context(), unit_of_work():
            notify(
                [one.id for one in self.people.values()],
                actor=db.session.get_one(Account, self.actor.id),
                kind=NotificationKind.REPLY, post_id=self.post.id, thread_id=self.post.id,
                urgent=urgent,
            )  # fmt: skip

    def waiting(self) -> int:
        with self.app.app_context():
            pushes = db.session.scalar(select(func.count()).select_from(PushMessage)) or 0
            mails = db.session.scalar(
                select(func.count())
                .select_from(OutboxMessage)
                .where(OutboxMessage.status == OutboxStatus.WAITING)
            )
            return pushes + (mails or 0)


@pytest.fixture
def company(app: Flask, make: Factory, browse: Browser, monkeypatch: pytest.MonkeyPatch) -> Company:
    monkeypatch.setattr("intranet.mail.delivery.threading.Thread", _Idle)
    with time_machine.travel(dt.datetime(YEAR - 1, 12, 31, 12, tzinfo=dt.UTC), tick=True):
        return _found(app, make, browse, monkeypatch)


class _Idle(threading.Thread):
    """Nobody need renew a lease here: each letter is taken at once."""

    def start(self) -> None:
        """No thread."""

    def join(self, timeout: float | None = None) -> None:
        """None was begun."""


def _found(app: Flask, make: Factory, browse: Browser, monkeypatch: pytest.MonkeyPatch) -> Company:
    actor = make.account("zoe")
    company = Company(app, {}, {}, make.post(actor, "Hello"), actor)

    def ring(address: str, *_parts: Any, **_more: Any) -> Any:
        company.rung.append((address, utc_now()))
        return outbound.Answer(201, "", 0.1)

    monkeypatch.setattr(outbound, "post", ring)
    monkeypatch.setattr(outbound, "check", lambda *_parts: None)
    # They stay signed in all the year.
    monkeypatch.setattr(sessions, "alive", set)
    for number, zone in enumerate(ZONES):
        spans = NIGHT if number % 2 else OFFICE
        pace = (Pace.AT_ONCE, Pace.DAILY, Pace.HOURLY)[number % 3]
        person = make.account(f"p{number}", time_zone=zone)
        leave = Leave(dt.date(YEAR, 3, 2 + number), dt.date(YEAR, 3, 9 + number))
        address = f"https://push.example/{number}"
        device = Device()
        client = browse(person)
        sent = {"endpoint": address, "p256dh": device.p256dh, "auth": device.auth}
        assert client.post("/settings/notifications/device", data=sent).status_code == 204
        with app.app_context(), unit_of_work():
            stored = [[span.weekday, span.start, span.end] for span in spans]
            db.session.add(
                InterruptionPreference(account_id=person.id, hours=stored, pace=pace, levels={})
            )
            db.session.add(DayOff(account_id=person.id, first_day=leave.first, last_day=leave.last))
        says = Oracle(Schedule(zone=zone, spans=spans, leaves=(leave,)), YEAR)
        company.people[address] = person
        company.says[address] = company.says[str(person.email)] = says
    return company


def moments(rng: random.Random) -> list[dt.datetime]:
    start = dt.datetime(YEAR, 1, 2, tzinfo=dt.UTC)
    found = [start + dt.timedelta(minutes=rng.randrange(350 * 1440)) for _ in range(24)]
    for change in CHANGES:
        found += [change + dt.timedelta(minutes=rng.randrange(-1440, 1440)) for _ in range(4)]
    return sorted(one.replace(second=20) for one in found)


@pytest.mark.timeout(600)
def test_a_year_without_a_violation(company: Company) -> None:
    rng = random.Random(YEAR)
    told = 0
    for number, moment in enumerate(moments(rng)):
        with time_machine.travel(moment, tick=True):
            if number % 2 == 0:
                company.tell()
                told += 1
            company.work()
    deliveries = company.rung + company.mail.taken
    assert [one for one in deliveries if not company.says[one[0]](one[1])] == []
    # In the second week of the next year everybody has had a shift: all of it has arrived.
    for day in range(8):
        for hour in range(0, 24, 6):
            with time_machine.travel(
                dt.datetime(YEAR, 12, 21 + day, hour, 20, 20, tzinfo=dt.UTC), tick=True
            ):
                company.work()
    assert company.waiting() == 0
    deliveries = company.rung + company.mail.taken
    assert [one for one in deliveries if not company.says[one[0]](one[1])] == []
    by_device = dict.fromkeys(company.people, 0)
    for address, _moment in company.rung:
        by_device[address] += 1
    # Each was called, and never for each of what had waited.
    assert all(1 <= number <= told for number in by_device.values()), by_device
    assert {address for address, _moment in company.mail.taken} == {
        one.email for one in company.people.values()
    }


def test_an_emergency_reaches_everybody_at_once(company: Company) -> None:
    # Sunday noon in Paris: nobody of them works anywhere.
    with time_machine.travel(dt.datetime(YEAR, 6, 7, 10, 0, 20, tzinfo=dt.UTC), tick=True):
        company.work()
        company.tell()
        company.work()
        assert company.rung == []
        company.tell(urgent=True)
        company.work()
    assert {address for address, _moment in company.rung} == set(company.people)
    at_once = {f"p{number}@example.test" for number in range(0, 6, 3)}
    assert {address for address, _moment in company.mail.taken} == at_once
