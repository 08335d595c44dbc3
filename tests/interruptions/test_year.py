"""A simulated year: people in zones whose clocks change, notices at any time, workers that drain
whenever they like. Nothing reaches a browser, a program, a mailbox or a page that is open outside
its owner's hours but emergencies, and all that was held back arrives, together, when they open."""

from __future__ import annotations

import collections
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
from tests.mastodon.conftest import Call, call
from tests.push.service import Device

__all__ = ["call"]
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
    people: dict[str, Account]  # by the address of their browser's push service
    says: dict[str, Oracle]  # by that, the one of their program, their mailbox and their open page
    post: Post
    actor: Account
    browse: Browser
    rung: list[tuple[str, dt.datetime]] = field(default_factory=list)
    mail: Mail = field(default_factory=Mail)
    toasts: list[tuple[str, dt.datetime]] = field(default_factory=list)

    def deliveries(self) -> list[tuple[str, dt.datetime]]:
        return self.rung + self.mail.taken + self.toasts

    def violations(self) -> list[tuple[str, dt.datetime]]:
        return [one for one in self.deliveries() if not self.says[one[0]](one[1])]

    def look(self) -> None:
        """Each open page asks what to show over what its reader is doing."""
        for person in self.people.values():
            answer = self.browse(person).get("/notifications/new?after=0")
            assert answer.status_code == 200
            if "data-toast" in answer.text:
                self.toasts.append((person.handle, utc_now()))

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
def company(
    app: Flask, make: Factory, browse: Browser, call: Call, monkeypatch: pytest.MonkeyPatch
) -> Company:
    monkeypatch.setattr("intranet.mail.delivery.threading.Thread", _Idle)
    with time_machine.travel(dt.datetime(YEAR - 1, 12, 31, 12, tzinfo=dt.UTC), tick=True):
        return _found(app, make, browse, call, monkeypatch)


class _Idle(threading.Thread):
    """Nobody need renew a lease here: each letter is taken at once."""

    def start(self) -> None:
        """No thread."""

    def join(self, timeout: float | None = None) -> None:
        """None was begun."""


def _found(
    app: Flask, make: Factory, browse: Browser, call: Call, monkeypatch: pytest.MonkeyPatch
) -> Company:
    actor = make.account("zoe")
    company = Company(app, {}, {}, make.post(actor, "Hello"), actor, browse)

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
        program = f"https://push.example/program/{number}"
        call(person).post(
            "/api/v1/push/subscription",
            **{
                "subscription[endpoint]": program,
                "subscription[keys][p256dh]": device.p256dh,
                "subscription[keys][auth]": device.auth,
                "data[alerts][mention]": "true",
            },
        )
        with app.app_context(), unit_of_work():
            stored = [[span.weekday, span.start, span.end] for span in spans]
            db.session.add(
                InterruptionPreference(account_id=person.id, hours=stored, pace=pace, levels={})
            )
            db.session.add(DayOff(account_id=person.id, first_day=leave.first, last_day=leave.last))
        says = Oracle(Schedule(zone=zone, spans=spans, leaves=(leave,)), YEAR)
        company.people[address] = person
        for name in (address, program, str(person.email), person.handle):
            company.says[name] = says
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
            company.look()
    assert company.violations() == []
    # In the second week of the next year everybody has had a shift: all of it has arrived.
    for day in range(8):
        for hour in range(0, 24, 6):
            with time_machine.travel(
                dt.datetime(YEAR, 12, 21 + day, hour, 20, 20, tzinfo=dt.UTC), tick=True
            ):
                company.work()
    assert company.waiting() == 0
    assert company.violations() == []
    # Every channel of everybody was used, so that each could have gone wrong.
    assert {name for name, _moment in company.deliveries()} == set(company.says)
    by_device = collections.Counter(address for address, _moment in company.rung)
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
        company.look()
        assert company.toasts == []
        company.tell(urgent=True)
        company.work()
        company.look()
    devices = {name for name in company.says if name.startswith("https:")}
    assert {address for address, _moment in company.rung} == devices
    assert {handle for handle, _moment in company.toasts} == {
        one.handle for one in company.people.values()
    }
    at_once = {f"p{number}@example.test" for number in range(0, 6, 3)}
    assert {address for address, _moment in company.mail.taken} == at_once
