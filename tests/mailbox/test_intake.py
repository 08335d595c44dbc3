"""The door for incoming mail: over real sockets, answered after the commit, open to our own
address only."""

from __future__ import annotations

import os
import smtplib
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from intranet.accounts.models import Account
from intranet.background import deliverer
from intranet.db import db
from intranet.mail.actions import enqueue_mail
from intranet.mail.kinds import TRIAL
from intranet.mail.models import OutboxMessage, OutboxStatus
from intranet.mailbox import inbound
from intranet.mailbox.intake import MOST_BYTES, Outcome, is_ours, receive
from intranet.settings import Settings
from intranet.unit_of_work import unit_of_work
from tests.factories import Factory
from tests.servers.processes import answer, running
from tests.serving import free_port

OURS = "intranet@localhost"


def note(subject: str = "Hello", to: str = OURS) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "ann@example.test", to, subject
    message.set_content("Bonjour")
    return message


def bounce(returned: str, action: str = "failed") -> bytes:
    """A report as Postfix writes it, with the headers of what came back."""
    return "\r\n".join([
        "From: MAILER-DAEMON@example.test", f"To: {OURS}", "Subject: Undelivered Mail",
        "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"', "",
        "--b", "Content-Type: text/plain", "", "I am sorry.",
        "--b", "Content-Type: message/delivery-status", "",
        "Reporting-MTA: dns; mx.example.test", "",
        "Final-Recipient: rfc822; ann@example.test", f"Action: {action}", "Status: 5.1.1",
        "Diagnostic-Code: smtp; 550 5.1.1 <ann@example.test>: no such person", "",
        "--b", "Content-Type: text/rfc822-headers", "", f"Message-ID: {returned}",
        "Subject: hello", "", "--b--", "",
    ]).encode()  # fmt: skip


@pytest.fixture
def sent(app: Flask, make: Factory, settings: Settings) -> tuple[int, str]:
    """The id and Message-ID of a letter that has gone out."""
    ann = make.account("ann")
    with app.app_context(), unit_of_work():
        enqueue_mail(TRIAL, {}, to=db.session.get_one(Account, ann.id))
    deliverer(app).drain()
    with app.app_context():
        id_ = db.session.scalars(db.select(OutboxMessage.id)).one()
    (line,) = [
        line for line in (settings.mail_folder / f"{id_}.eml").read_text().splitlines()
        if line.startswith("Message-ID:")
    ]  # fmt: skip
    return id_, line.split()[1]


def status_of(app: Flask, id_: int) -> tuple[OutboxStatus, str]:
    with app.app_context():
        row = db.session.get_one(OutboxMessage, id_)
        return row.status, row.last_error


def test_a_bounce_marks_its_letter_and_no_other(app: Flask, sent: tuple[int, str]) -> None:
    id_, message_id = sent
    forged = message_id.replace(".", ".0", 1)[: len(message_id)]
    for stranger in (forged, f"<{id_}.{'0' * 20}@localhost>", "<x@y>", ""):
        assert receive(app, bounce(stranger)) is Outcome.TAKEN
    assert receive(app, bounce(message_id, action="delayed")) is Outcome.TAKEN
    assert status_of(app, id_) == (OutboxStatus.SENT, "")
    assert receive(app, bounce(message_id)) is Outcome.TAKEN
    status, reason = status_of(app, id_)
    assert status is OutboxStatus.FAILED
    assert reason == "smtp; 550 5.1.1 <ann@example.test>: no such person"


@pytest.mark.parametrize(
    "raw",
    [b"", b"\x00\xff" * 500, b"Content-Type: multipart/report; boundary=\r\n\r\n--",
     b"Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: "
     b"message/delivery-status\r\n\r\nAction: failed\r\n\r\nAction\r\n--b\r\n\r\n",
     b"From: =?utf-8?q?=ff?= <a@b>\r\nSubject: \xff\r\nDate: never\r\n\r\nx",
     b"Content-Type: text/calendar; method=\xff\r\n\r\n" + b"X" * MOST_BYTES],
)  # fmt: skip
def test_strange_bytes_break_nothing(app: Flask, raw: bytes) -> None:
    assert receive(app, raw) in (Outcome.NOBODY, Outcome.TAKEN)


@pytest.mark.parametrize(
    ("address", "ours"),
    [(OURS, True), ("<Intranet@LOCALHOST>", True), ("intranet+x@localhost", True),
     ("intranet@elsewhere.example", False), ("ann@localhost", False), ("intranet", False),
     ("x@y@localhost", False)],
)  # fmt: skip
def test_which_addresses_are_ours(settings: Settings, address: str, ours: bool) -> None:
    assert is_ours(settings, address) is ours


def test_the_first_handler_that_takes_it_ends_the_search(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    met: list[str] = []

    def first(message: EmailMessage) -> bool:
        met.append(f"first {message['Subject']}")
        return False

    def second(_message: EmailMessage) -> bool:
        met.append("second")
        return True

    def broken(_message: EmailMessage) -> bool:
        raise OperationalError("", None, Exception("away"))

    monkeypatch.setattr(inbound, "HANDLERS", (first, second, broken))
    assert receive(app, note().as_bytes()) is Outcome.TAKEN
    assert met == ["first Hello", "second"]
    monkeypatch.setattr(inbound, "HANDLERS", (broken,))
    assert receive(app, note().as_bytes()) is Outcome.LATER


@contextmanager
def listening(settings: Settings) -> Iterator[int]:
    """The process of role mail on the test's own database; gives its port."""
    port = free_port()
    kept = ("INTRANET_", "PORT", "DATABASE_URL")
    environment = {name: said for name, said in os.environ.items() if not name.startswith(kept)}
    environment |= {
        "DATABASE_URL": settings.database_url,
        "INTRANET_DATA": str(settings.data),
        "INTRANET_SECRET_KEY": settings.secret_key,
        "INTRANET_MAIL_LISTEN": f"127.0.0.1:{port}",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "intranet.servers.mail"],
        env=environment,
        cwd=Path(__file__).resolve().parents[2],
    )
    try:
        yield port
    finally:
        process.terminate()
        assert process.wait(10) == 0


def speak(port: int) -> smtplib.LMTP:
    end = time.monotonic() + 60  # a process has to start, on whatever machine
    while time.monotonic() < end:
        try:
            return smtplib.LMTP("127.0.0.1", port)
        except ConnectionRefusedError:
            time.sleep(0.05)
    raise AssertionError("nobody listens")


def test_mail_comes_in_over_lmtp_and_smtp(
    app: Flask, settings: Settings, sent: tuple[int, str]
) -> None:
    id_, message_id = sent
    with listening(settings) as port:
        with speak(port) as lmtp:
            for stranger in ("ann@example.test", "root@localhost", "a@b@localhost"):
                lmtp.ehlo_or_helo_if_needed()
                lmtp.mail("")
                assert lmtp.rcpt(stranger)[0] in (550, 553), stranger
                lmtp.rset()
            with pytest.raises(smtplib.SMTPDataError) as refused:
                lmtp.sendmail("ann@example.test", [OURS], note().as_bytes())
            assert refused.value.smtp_code == 550
            assert lmtp.sendmail("", [OURS], bounce(message_id)) == {}
            # Answered means committed.
            assert status_of(app, id_)[0] is OutboxStatus.FAILED
        with smtplib.SMTP("127.0.0.1", port) as smtp:
            assert smtp.sendmail("", [OURS], bounce("<x@y>")) == {}
            smtp.mail("")
            assert smtp.rcpt(OURS)[0] == 250
            assert smtp.rcpt(OURS)[0] == 452
            smtp.rset()
            with pytest.raises(smtplib.SMTPException):
                smtp.sendmail("", [OURS], b"x" * 70 + b"\r\n" + (b"y" * 70 + b"\r\n") * 150_000)


def test_the_command_takes_one_message_from_a_pipe(
    app: Flask, settings: Settings, sent: tuple[int, str]
) -> None:
    id_, message_id = sent
    environment = os.environ | {
        "DATABASE_URL": settings.database_url,
        "INTRANET_DATA": str(settings.data),
        "INTRANET_SECRET_KEY": settings.secret_key,
    }
    command = [sys.executable, "-m", "intranet.cli.main", "mail", "receive"]
    for raw, code in ((bounce(message_id), 0), (note().as_bytes(), 67)):
        done = subprocess.run(command, env=environment, input=raw, capture_output=True, check=False)
        assert done.returncode == code, done.stderr
    assert status_of(app, id_)[0] is OutboxStatus.FAILED


@pytest.mark.house  # it brings its own database
def test_the_one_process_server_takes_mail_in_and_sends_it(tmp_path: Path) -> None:
    port = free_port()
    with running(tmp_path, INTRANET_MAIL_LISTEN=f"127.0.0.1:{port}") as server:
        with speak(port) as lmtp:
            assert lmtp.sendmail("", [OURS], bounce("<x@y>")) == {}
        done = answer(tmp_path, "mail", "status")
        assert done.stdout.splitlines() == [
            f"mail goes to {tmp_path / 'mail'}, from {OURS}",
            "waiting: 0", "sent: 0", "dropped: 0", "failed: 0",
        ]  # fmt: skip
        server.stop(30)  # in how long: see tests/servers
        assert server.process.returncode == 0
    for _ in range(100):
        try:
            smtplib.LMTP("127.0.0.1", port).close()
        except OSError:
            return
        time.sleep(0.05)
    raise AssertionError("the child lives on")
