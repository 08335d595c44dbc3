"""From a row to a mail server: once each, again after a failure, never lost, never for nobody."""

from __future__ import annotations

import datetime as dt
import socket
import stat
import threading
from collections.abc import Callable

import pytest
import time_machine
from flask import Flask

from intranet.background import deliverer
from intranet.db import db
from intranet.kernel import smtp_server
from intranet.kernel.clock import utc_now
from intranet.letters.composing import compose
from intranet.mail import message_ids, queue
from intranet.mail.actions import enqueue_mail, retry_failed
from intranet.mail.delivery import Deliverer
from intranet.mail.models import OutboxMessage, OutboxStatus
from intranet.mail.tasks import purge
from intranet.mail.transports import Smtp, Unavailable
from intranet.settings import Settings
from intranet.unit_of_work import unit_of_work
from tests.factories import Factory
from tests.mail.conftest import NOTE
from tests.mail.sink import Sink
from tests.serving import free_port

Outbox = Callable[[], list[OutboxMessage]]
Queue = Callable[..., bool]


def test_a_letter_goes_out_once_with_its_headers(
    smtp: Deliverer, sink: Sink, make: Factory, queue_note: Queue, outbox: Outbox,
    settings: Settings,
) -> None:  # fmt: skip
    queue_note(make.account("ann", display_name="Ann Ó Brien"), subject="Été à Nantes")
    assert (smtp.drain(), smtp.drain()) == (1, 0)
    (row,), (message,) = outbox(), sink.taken
    assert (row.status, row.attempts, row.last_error) == (OutboxStatus.SENT, 1, "")
    assert row.sent_at is not None
    assert sink.envelopes == [(settings.mail_from, ["ann@example.test"])]
    assert str(message["To"]) == "Ann Ó Brien <ann@example.test>"
    assert str(message["From"]) == f"Parvis <{settings.mail_from}>"
    assert message["Subject"] == "Été à Nantes"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message_ids.ids_in(settings.secret_key, str(message["Message-ID"])) == [row.id]
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


def test_one_connection_serves_a_batch(
    smtp: Deliverer, sink: Sink, make: Factory, queue_note: Queue
) -> None:
    for account in make.accounts("ann", "bob", "cyd"):
        queue_note(account)
    assert smtp.drain() == 3
    assert sink.connections == 1


def test_committing_wakes_the_worker_and_a_rollback_leaves_nothing(
    app: Flask, outbox: Outbox, queue_note: Queue
) -> None:
    queue.bell.clear()
    with app.app_context():
        enqueue_mail(NOTE, {}, to="ann@example.test")
        db.session.rollback()
    assert outbox() == []
    assert not queue.bell.is_set()
    queue_note("ann@example.test")
    assert queue.bell.is_set()


def test_the_same_key_is_sent_once(
    smtp: Deliverer, sink: Sink, queue_note: Queue, outbox: Outbox
) -> None:
    assert queue_note("ann@example.test", key="reminder 1")
    assert not queue_note("ann@example.test", key="reminder 1")
    smtp.drain()
    assert not queue_note("ann@example.test", key="reminder 1")
    smtp.drain()
    assert len(sink.taken) == len(outbox()) == 1


def test_nobody_is_written_to_who_is_gone_or_has_no_address(
    smtp: Deliverer, sink: Sink, make: Factory, queue_note: Queue, outbox: Outbox
) -> None:
    queue_note(make.account("gone", deactivated_at=utc_now()))
    queue_note(make.account("page", email=None))
    queue_note(make.account("ann"), nothing=True)
    smtp.drain()
    assert {row.status for row in outbox()} == {OutboxStatus.DROPPED}
    assert sink.taken == []


@pytest.mark.parametrize("step", ["rcpt", "data"])
def test_a_later_answer_is_waited_for(
    smtp: Deliverer, sink: Sink, queue_note: Queue, outbox: Outbox, step: str
) -> None:
    getattr(sink, step).extend(["451 4.7.1 Greylisted", "450 Still busy"])
    queue_note("ann@example.test")
    now = utc_now() + dt.timedelta(hours=1)
    pauses = []
    for _ in range(2):
        with time_machine.travel(now, tick=False):
            assert smtp.drain() == 1
            assert smtp.drain() == 0  # it waits
        (row,) = outbox()
        assert row.status is OutboxStatus.WAITING
        pauses.append((row.send_after - now).total_seconds())
        now = row.send_after
    assert pauses == [5, 10]
    assert row.last_error == "450 Still busy"
    with time_machine.travel(now, tick=False):
        smtp.drain()
    (row,) = outbox()
    assert (row.status, row.attempts, row.last_error) == (OutboxStatus.SENT, 3, "")
    assert len(sink.taken) == 1


@pytest.mark.parametrize("step", ["rcpt", "data"])
def test_a_refusal_is_final_until_somebody_tries_again(
    app: Flask, smtp: Deliverer, sink: Sink, queue_note: Queue, outbox: Outbox, step: str
) -> None:
    getattr(sink, step).append("550 5.1.1 No such person")
    queue_note("ann@example.test")
    queue_note("bob@example.test")
    assert smtp.drain() == 2
    first, second = outbox()
    assert (first.status, first.last_error) == (OutboxStatus.FAILED, "550 5.1.1 No such person")
    assert second.status is OutboxStatus.SENT
    assert smtp.drain() == 0
    with app.app_context(), unit_of_work():
        assert retry_failed(first.id) == 1
    smtp.drain()
    assert [row.status for row in outbox()] == [OutboxStatus.SENT] * 2


def test_what_cannot_be_written_is_tried_often_and_then_given_up(
    smtp: Deliverer, queue_note: Queue, outbox: Outbox, caplog: pytest.LogCaptureFixture
) -> None:
    queue_note("ann@example.test", broken=True)
    for _ in range(queue.MOST_ATTEMPTS):
        (row,) = outbox()
        with time_machine.travel(row.send_after + dt.timedelta(seconds=1), tick=False):
            assert smtp.drain() == 1
    (row,) = outbox()
    assert (row.status, row.last_error) == (OutboxStatus.FAILED, "ValueError: cannot be written")


def test_a_mail_server_that_is_away_costs_no_attempt(
    app: Flask, settings: Settings, queue_note: Queue, outbox: Outbox
) -> None:
    port = free_port()
    away = Deliverer(
        context=app.app_context,
        unit_of_work=unit_of_work,
        compose=compose,
        transport=Smtp(smtp_server.parse(f"smtp://127.0.0.1:{port}")),
        sender=settings.mail_from,
    )
    queue_note("ann@example.test")
    for _ in range(3):
        with pytest.raises(Unavailable):
            away.drain()
    (row,) = outbox()
    assert (row.status, row.attempts) == (OutboxStatus.WAITING, 0)
    assert row.last_error == f"127.0.0.1:{port}: Connection refused"
    sink = Sink(port=port)
    controller = sink.start()
    try:
        assert away.drain() == 1
    finally:
        controller.stop()
    assert [row.status for row in outbox()] == [OutboxStatus.SENT]


def test_nothing_of_the_database_is_held_while_the_mail_server_takes_its_time(
    app: Flask, settings: Settings, queue_note: Queue, outbox: Outbox, make: Factory
) -> None:
    """A server that never answers DATA: meanwhile others write."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        queue_note("ann@example.test")
        worker = threading.Thread(
            target=Deliverer(
                context=app.app_context,
                unit_of_work=unit_of_work,
                compose=compose,
                transport=Smtp(smtp_server.parse(f"smtp://127.0.0.1:{port}")),
                sender=settings.mail_from,
            ).deliver_one
        )
        worker.start()
        connection, _ = listening.accept()
        with connection, connection.makefile("rwb", buffering=0) as said:
            said.write(b"220 slow\r\n")
            for answer in (b"250 slow", b"250 sender", b"250 recipient"):
                said.readline()
                said.write(answer + b"\r\n")
            assert said.readline() == b"data\r\n"
            make.account("meanwhile")  # would wait 15 seconds and fail
            (row,) = outbox()
            assert row.send_after > utc_now() + queue.LEASE / 2
        worker.join()
    (row,) = outbox()
    assert (row.status, row.attempts) == (OutboxStatus.WAITING, 1)


def test_two_workers_never_send_the_same_letter(
    app: Flask, settings: Settings, sink: Sink, queue_note: Queue
) -> None:
    for number in range(12):
        queue_note(f"n{number}@example.test")
    workers = [
        threading.Thread(
            target=Deliverer(
                context=app.app_context,
                unit_of_work=unit_of_work,
                compose=compose,
                transport=Smtp(smtp_server.parse(sink.url)),
                sender=settings.mail_from,
            ).drain
        )
        for _ in range(3)
    ]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    told = sorted(recipients[0] for _sender, recipients in sink.envelopes)
    assert told == sorted(f"n{number}@example.test" for number in range(12))


def test_headers_cannot_be_smuggled_in(
    smtp: Deliverer, sink: Sink, queue_note: Queue, make: Factory
) -> None:
    ann = make.account("ann", display_name="Ann\r\nBcc: everybody@example.test")
    queue_note(ann, subject="Hello\r\nBcc: all@example.test\n\nand a body")
    queue_note("bob@example.test\r\nRCPT TO:<all@example.test>")
    smtp.drain()
    (message,) = sink.taken
    assert message["Bcc"] is None
    assert message["Subject"] == "Hello Bcc: all@example.test and a body"
    assert [recipients for _sender, recipients in sink.envelopes] == [["ann@example.test"]]


def test_the_folder_keeps_whole_messages_for_its_owner_only(
    folder: Deliverer, settings: Settings, queue_note: Queue, outbox: Outbox
) -> None:
    queue_note("ann@example.test", subject="Kept")
    assert folder.drain() == 1
    (row,) = outbox()
    (file,) = settings.mail_folder.iterdir()
    assert row.status is OutboxStatus.SENT
    assert file.name == f"{row.id}.eml"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(settings.mail_folder.stat().st_mode) == 0o700
    assert b"Subject: Kept\r\n" in file.read_bytes()


@pytest.mark.settings(smtp_url="smtp://127.0.0.1:9")
def test_nothing_leaves_the_demo_company(
    app: Flask, settings: Settings, queue_note: Queue, outbox: Outbox, folder: Deliverer
) -> None:
    queue_note("ann@example.test")
    with pytest.raises(Unavailable):
        folder.drain()
    settings.demo_marker.write_text("[]")
    assert deliverer(app).drain() == 1
    assert len(list(settings.mail_folder.iterdir())) == 1


def test_a_worker_that_was_killed_is_followed_by_another(
    app: Flask, smtp: Deliverer, sink: Sink, queue_note: Queue, outbox: Outbox
) -> None:
    queue_note("ann@example.test")
    with app.app_context(), unit_of_work():
        dead = queue.claim()
    assert dead is not None
    assert smtp.drain() == 0
    with time_machine.travel(utc_now() + queue.LEASE * 1.1, tick=False):
        assert smtp.drain() == 1
    with app.app_context(), unit_of_work():
        assert not queue.settle(dead, OutboxStatus.FAILED)  # it wakes up late
    assert [row.status for row in outbox()] == [OutboxStatus.SENT]


def test_a_lone_process_takes_up_at_once_what_it_held_before(
    app: Flask, smtp: Deliverer, queue_note: Queue, outbox: Outbox
) -> None:
    queue_note("ann@example.test")
    with app.app_context(), unit_of_work():
        assert queue.claim() is not None
    with app.app_context(), unit_of_work():
        queue.release_all()
    assert smtp.drain() == 1


def test_what_has_long_been_sent_is_forgotten(
    app: Flask, smtp: Deliverer, queue_note: Queue, outbox: Outbox
) -> None:
    queue_note("ann@example.test")
    smtp.drain()
    queue_note("bob@example.test")
    with time_machine.travel(utc_now() + dt.timedelta(days=500), tick=False):
        with app.app_context(), unit_of_work():
            purge({})
            db.session.flush()
        assert [row.address for row in outbox()] == ["bob@example.test"]
