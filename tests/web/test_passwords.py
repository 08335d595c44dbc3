"""A lost password: a link by e-mail to whoever owns the mailbox, and nothing to anybody else."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import re
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import cast

import pytest
import time_machine
from flask import Flask

from intranet.accounts import passwords, resets
from intranet.accounts.models import Account
from intranet.background import deliverer, runner
from intranet.db import db
from intranet.kernel.clock import utc_now
from intranet.mail.models import OutboxMessage
from intranet.settings import Settings
from intranet.tasks.models import Task
from tests.browse import Browser, body
from tests.factories import Factory

OLD, NEW = "une phrase de passe", "une autre phrase"
HASHED = passwords.prepare(OLD)
Letters = Callable[[], list[EmailMessage]]


@pytest.fixture
def ann(make: Factory) -> Account:
    return make.account("ann", password_hash=HASHED, locale="en")


@pytest.fixture
def letters(app: Flask, settings: Settings) -> Letters:
    """Lets the background work and gives what was sent since the last call, oldest first."""

    def work() -> list[EmailMessage]:
        runner(app).drain()
        deliverer(app).drain()
        files = sorted(settings.mail_folder.glob("*.eml"), key=lambda file: int(file.stem))
        found = [_read(file) for file in files]
        for file in files:
            file.unlink()
        return found

    return work


def _read(file: Path) -> EmailMessage:
    parsed = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    return cast(EmailMessage, parsed)


def link_in(message: EmailMessage) -> str:
    text = message.get_body(("plain",))
    assert text is not None
    found = re.search(r"http://127\.0\.0\.1:8000(/password/reset/\S+)", text.get_content())
    assert found is not None
    return found[1]


def test_from_the_form_to_another_password(browse: Browser, ann: Account, letters: Letters) -> None:
    elsewhere, here = browse(ann), browse(None)
    assert "/password/forgotten" in here.get("/login").text
    asked = here.post("/password/forgotten", data={"handle": " @Ann "})
    assert asked.status_code == 200
    (letter,) = letters()
    assert letter["To"] == "Ann <ann@example.test>"
    link = link_in(letter)
    for _ in range(2):  # mail programs look first
        page = here.get(link)
        assert page.status_code == 200
        assert (page.headers["Cache-Control"], page.headers["Referrer-Policy"]) == (
            "no-store", "no-referrer",
        )  # fmt: skip
    refused = here.post(link, data={"password": "short"})
    assert refused.status_code == 422
    assert "Use at least 10 characters." in refused.text
    done = here.post(link, data={"password": NEW})
    assert (done.status_code, done.location) == (303, "/login")
    assert "Your password has changed" in here.get("/login").text
    assert elsewhere.get("/people").status_code == 303  # every session has ended
    assert here.post(link, data={"password": NEW}).status_code == 404
    assert here.get(link).status_code == 404
    assert browse(None).post("/login", data={"handle": "ann", "password": OLD}).status_code == 422
    assert browse(None).post("/login", data={"handle": "ann", "password": NEW}).status_code == 303
    (notice,) = letters()
    assert notice["Subject"] == "Your password has changed"


def test_nobody_learns_who_exists(
    app: Flask, browse: Browser, make: Factory, ann: Account, letters: Letters,
    statements: list[str],
) -> None:  # fmt: skip
    make.account("shut", password_hash=HASHED, deactivated_at=utc_now())
    make.account("none")
    make.account("silent", password_hash=HASHED, email=None)
    names = ("ann", "ann@example.test", "nobody", "shut", "none", "silent", "x" * 5000, "\x00")
    answers, work = set(), set()
    for name in names:
        statements.clear()
        got = browse(None).post("/password/forgotten", data={"handle": name})
        answers.add((got.status_code, body(got), tuple(sorted(got.headers.keys()))))
        work.add(tuple(statements))  # the same statements, so the same time
    assert len(answers) == len(work) == 1
    assert [letter["To"] for letter in letters()] == ["Ann <ann@example.test>"]
    with app.app_context():
        assert db.session.scalars(db.select(Task.id).where(Task.kind == resets.ASKED)).all() == []


def test_only_the_newest_link_works_and_few_are_sent(
    browse: Browser, ann: Account, letters: Letters
) -> None:
    links = []
    for _ in range(5):
        browse(None).post("/password/forgotten", data={"handle": "ann"})
        links += [link_in(letter) for letter in letters()]
    assert len(links) == len(set(links)) == 3
    assert [browse(None).get(link).status_code for link in links] == [404, 404, 200]


@pytest.mark.parametrize("meanwhile", ["late", "shut", "changed"])
def test_a_link_dies(
    app: Flask, browse: Browser, ann: Account, letters: Letters, meanwhile: str
) -> None:
    browse(None).post("/password/forgotten", data={"handle": "ann"})
    link = link_in(letters()[0])
    later = utc_now()
    if meanwhile == "late":
        later += resets.LIFETIME + dt.timedelta(seconds=1)
    elif meanwhile == "shut":
        with app.app_context():
            db.session.get_one(Account, ann.id).deactivated_at = utc_now()
            db.session.commit()
    else:
        form = {"current": OLD, "password": "a third sentence"}
        assert browse(ann).post("/settings/password", data=form).status_code == 303
    with time_machine.travel(later, tick=False):
        dead = browse(None).get(link)
        assert dead.status_code == 404
        assert body(dead) == body(browse(None).get("/password/reset/" + "x" * 43))
        assert browse(None).post(link, data={"password": NEW}).status_code == 404


def test_the_link_of_one_changes_nothing_for_another(
    browse: Browser, make: Factory, ann: Account, letters: Letters
) -> None:
    """An outsider with a link of their own, signed in as somebody else even."""
    bob = make.account("bob", password_hash=HASHED)
    client = browse(bob)
    client.post("/password/forgotten", data={"handle": "bob"})
    link = link_in(letters()[0])
    anns = browse(ann)
    page = client.get(link, query_string={"handle": "ann"})
    assert "@bob" in page.text
    assert "@ann" not in page.text
    client.post(link, data={"password": NEW, "handle": "ann", "account_id": str(ann.id)})
    assert anns.get("/people").status_code == 200
    assert browse(None).post("/login", data={"handle": "ann", "password": OLD}).status_code == 303


def test_an_answer_is_asked_for(browse: Browser) -> None:
    got = browse(None).post("/password/forgotten", data={"handle": "  "})
    assert got.status_code == 422
    assert "Say who you are." in got.text


@pytest.mark.settings(rate_limits=True)
def test_asking_is_throttled_whoever_is_named(browse: Browser, ann: Account) -> None:
    for name in ("ann", "nobody"):
        client = browse(None)
        codes = [
            client.post("/password/forgotten", data={"handle": name}).status_code for _ in range(6)
        ]
        assert codes == [200] * 5 + [429]


def test_nothing_in_the_database_opens_the_link(
    app: Flask, browse: Browser, ann: Account, letters: Letters
) -> None:
    browse(None).post("/password/forgotten", data={"handle": "ann"})
    token = link_in(letters()[0]).rpartition("/")[2]
    with app.app_context():
        rows = db.session.execute(db.select(OutboxMessage.__table__)).all()
        rows += db.session.execute(db.text("SELECT * FROM password_reset")).all()
    assert rows
    assert token not in repr(rows)
