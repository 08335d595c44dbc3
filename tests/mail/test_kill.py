"""A worker that is killed between the server's acceptance and its own note: nothing is lost, at
most two copies, both with one Message-ID."""

from __future__ import annotations

import collections
import datetime as dt
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from intranet.accounts.models import Account, Role
from intranet.background import deliverer
from intranet.db import db
from intranet.kernel.clock import utc_now
from intranet.mail import queue
from intranet.mail.actions import send_trial
from intranet.mail.delivery import Deliverer
from intranet.mail.models import OutboxMessage, OutboxStatus
from intranet.settings import Settings
from intranet.unit_of_work import unit_of_work
from tests.factories import Factory
from tests.mail.sink import Sink

ROOT = Path(__file__).resolve().parents[2]
LETTERS, KILLS = 16, 4
SOON = dt.timedelta(seconds=58)  # and a worker looks every two seconds
# The real worker, which stops for a moment where a kill hurts most: after the server has taken
# the message, before that is written down.
WORKER = """
import sys, time
from intranet.app import create_app
from intranet.background import deliver_forever
from intranet.mail import delivery
settle = delivery.Deliverer._settle
def slowly(self, *values):
    print("accepted", flush=True)
    time.sleep(0.05)
    settle(self, *values)
    print("settled", flush=True)
delivery.Deliverer._settle = slowly
deliver_forever(create_app())
"""


def test_killed_workers_lose_nothing_and_double_little(
    app: Flask, settings: Settings, make: Factory, sink: Sink, smtp: Deliverer,
    outbox: Callable[[], list[OutboxMessage]],
) -> None:  # fmt: skip
    people = [make.account(f"p{number}", Role.ADMINISTRATOR) for number in range(LETTERS)]
    with app.app_context(), unit_of_work():
        for person in people:
            send_trial(db.session.get_one(Account, person.id))
    kept = ("INTRANET_", "PORT", "DATABASE_URL", "REDIS_URL")
    environment = {name: text for name, text in os.environ.items() if not name.startswith(kept)}
    environment |= {
        "PYTHONPATH": str(ROOT),
        "DATABASE_URL": settings.database_url,
        "INTRANET_DATA": str(settings.data),
        "INTRANET_SECRET_KEY": settings.secret_key,
        "INTRANET_SMTP_URL": sink.url,
    }
    for _ in range(KILLS):
        process = subprocess.Popen(
            [sys.executable, "-c", WORKER],
            env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert process.stdout is not None
        with process.stdout as said:
            for _line in range(5):  # two whole letters, and the third as far as "accepted"
                assert said.readline().strip() in ("accepted", "settled")
            process.send_signal(signal.SIGKILL)
            process.wait(10)
    # A minute after the last of them the outbox is empty, and no other process need be gone for
    # that: each letter that a dead worker held is due again.
    with time_machine.travel(utc_now() + SOON, tick=True):
        smtp.drain()
    assert {row.status for row in outbox()} == {OutboxStatus.SENT}
    copies = collections.Counter(str(message["To"]) for message in sink.taken)
    assert set(copies) == {f"P{number} <p{number}@example.test>" for number in range(LETTERS)}
    assert max(copies.values()) <= 2
    assert KILLS - 1 <= sum(number == 2 for number in copies.values()) <= KILLS
    ids = {(str(message["To"]), str(message["Message-ID"])) for message in sink.taken}
    assert len(ids) == LETTERS


def test_a_slow_mail_server_does_not_make_a_second_worker_send_it_again(
    app: Flask, make: Factory, sink: Sink, smtp: Deliverer,
    outbox: Callable[[], list[OutboxMessage]], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(queue, "LEASE", dt.timedelta(seconds=1.2))
    monkeypatch.setattr(queue, "RENEW_SECONDS", 0.3)
    sink.pause = 4.0
    person = make.account("ann", Role.ADMINISTRATOR)
    with app.app_context(), unit_of_work():
        send_trial(db.session.get_one(Account, person.id))
    first = threading.Thread(target=smtp.drain)
    first.start()
    while outbox()[0].attempts == 0:
        time.sleep(0.05)
    other, tried = deliverer(app), 0
    while first.is_alive():
        tried += other.drain()  # into the folder, if it were its turn
        time.sleep(0.1)
    first.join()
    assert tried == 0
    assert len(sink.taken) == 1
    (row,) = outbox()
    assert (row.status, row.attempts) == (OutboxStatus.SENT, 1)
