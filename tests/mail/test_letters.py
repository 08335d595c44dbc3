"""Every letter: complete in both languages, in the reader's time zone, with safe words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from email.message import EmailMessage
from typing import Any

import pytest
import time_machine
from flask import Flask

from intranet.accounts import invitations, passwords, resets
from intranet.accounts.actions import set_password
from intranet.accounts.models import Account, Role
from intranet.background import runner
from intranet.db import db
from intranet.kernel.clock import utc_now
from intranet.letters.letter import Attachment, Letter
from intranet.letters.registry import LETTERS, NAMES
from intranet.mail.actions import send_trial
from intranet.mail.delivery import Deliverer
from intranet.mail.models import OutboxMessage
from intranet.settings import Settings
from intranet.unit_of_work import unit_of_work
from tests.factories import Factory
from tests.mail.conftest import NOTE
from tests.mail.sink import Sink

NOON = dt.datetime(2026, 11, 25, 11, 0, tzinfo=dt.UTC)
HASHED = passwords.prepare("une phrase de passe")
Queue = Callable[..., bool]


def text_of(message: EmailMessage, kind: str = "plain") -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def test_every_kind_has_a_name_for_administrators() -> None:
    assert set(LETTERS) - {NOTE} == set(NAMES)


@pytest.mark.parametrize(
    ("locale", "zone", "subjects", "clock"),
    [
        ("en", "Europe/Paris", {"Choose another password", "Your password has changed",
                                "Mail from Parvis arrives"}, "25 November 2026 at 12:00 CET"),
        ("fr", "America/Toronto", {"Choisir un autre mot de passe", "Votre mot de passe a changé",
                                   "Le courrier de Parvis arrive"}, "25 novembre 2026 à 06:00 EST"),
    ],
)  # fmt: skip
def test_letters_speak_their_readers_language_and_time(
    app: Flask, make: Factory, smtp: Deliverer, sink: Sink,
    locale: str, zone: str, subjects: set[str], clock: str,
) -> None:  # fmt: skip
    boss = make.account(
        "boss", Role.ADMINISTRATOR, locale=locale, time_zone=zone, password_hash=HASHED
    )
    with time_machine.travel(NOON, tick=False):
        with app.app_context(), unit_of_work():
            send_trial(db.session.get_one(Account, boss.id))
            set_password(db.session.get_one(Account, boss.id), HASHED)
        with app.app_context(), unit_of_work():
            resets.ask("@Boss")
        runner(app).drain()
        smtp.drain()
    assert {str(message["Subject"]) for message in sink.taken} == subjects
    for message in sink.taken:
        assert message["Content-Language"] == locale
        assert f'<html lang="{locale}">' in text_of(message, "html")
        assert "http://127.0.0.1:8000/" in text_of(message)
    told = [text_of(message) for message in sink.taken]
    assert sum(clock in words for words in told) == 2, told
    assert all((" ".join(("Sent", "by")) in words) is (locale == "en") for words in told)


def test_an_invitation_is_written_without_its_token_in_the_outbox(
    app: Flask, make: Factory, smtp: Deliverer, sink: Sink, settings: Settings,
    outbox: Callable[[], list[OutboxMessage]],
) -> None:  # fmt: skip
    boss = make.account("boss", Role.ADMINISTRATOR, display_name="Léa <b>Bold</b>", locale="fr")
    drafts = [
        invitations.InvitationDraft(email=email) for email in ("new@example.test", "old@x.test")
    ]
    with app.app_context(), unit_of_work():
        actor = db.session.get_one(Account, boss.id)
        tokens = [
            invitations.invite(actor, draft, lifetime=dt.timedelta(days=7), key=settings.secret_key)
            for draft in drafts
        ]
        invitations.revoke(actor, invitations.list_open(actor)[0].id)
    for row in outbox():
        kept = repr((row.payload, row.dedupe_key, row.kind))
        assert all(token not in kept for token in tokens)
    smtp.drain()
    (message,) = sink.taken  # the revoked one has nothing to say any more
    assert message["To"] == "new@example.test"
    assert f"/invitations/{tokens[0]}" in text_of(message)
    # In the language of whoever invites: of the person invited nothing is known yet.
    assert "Léa <b>Bold</b> vous invite sur Parvis" in text_of(message)
    assert "Léa &lt;b&gt;Bold&lt;/b&gt; vous invite" in text_of(message, "html")
    assert "<b>Bold" not in text_of(message, "html")


def test_threads_lists_calendars_and_files(
    smtp: Deliverer, sink: Sink, make: Factory, queue_note: Queue,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    ann = make.account("ann")
    plain = LETTERS[NOTE]
    ics = b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"
    offer = Attachment(file_name="é.pdf", content_type="application/pdf", data=b"%PDF")
    more: dict[str, Any] = {
        "thread": "event 7",
        "list_id": "digest",
        "calendar": ("REQUEST", ics),
        "attachments": (offer,),
    }

    def write(message: OutboxMessage, recipient: Account | None) -> Letter:
        letter = plain(message, recipient)
        assert letter is not None
        return replace(letter, **more)

    monkeypatch.setitem(LETTERS, NOTE, write)
    queue_note(ann)
    queue_note(ann)
    smtp.drain()
    first, second = sink.taken
    assert first["References"] == first["In-Reply-To"] == second["References"]
    assert first["Message-ID"] != second["Message-ID"]
    assert "<digest." in first["List-Id"]
    assert first["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert str(first["List-Unsubscribe"]).endswith("/one-click>")
    parts = {part.get_content_type(): part for part in first.walk()}
    assert parts["text/calendar"].get_param("method") == "REQUEST"
    assert "METHOD:REQUEST" in parts["text/calendar"].get_content()
    assert parts["application/pdf"].get_filename() == "é.pdf"


def test_a_link_is_only_good_with_database_and_key(app: Flask, make: Factory) -> None:
    """Whoever has a copy of the database cannot compute the token from the seed."""
    ann = make.account("ann", password_hash=HASHED)
    with app.app_context(), unit_of_work():
        resets.ask(ann.handle)
    runner(app).drain()
    with app.app_context():
        seed = db.session.scalars(db.select(OutboxMessage.payload)).one()["seed"]
        for guess in (seed, resets.links.token_of("another key", resets.PURPOSE, seed)):
            with pytest.raises(resets.NotFound):
                resets.get_open(guess)
        right = resets.links.token_of("a key for tests only, long enough", resets.PURPOSE, seed)
        assert resets.get_open(right).id == ann.id
    with (
        time_machine.travel(utc_now() + resets.LIFETIME, tick=False),
        app.app_context(),
        pytest.raises(resets.NotFound),
    ):
        resets.get_open(right)
