"""What administrators see and do about e-mail."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import update

from intranet.accounts.models import Account, Role
from intranet.background import deliverer
from intranet.db import db
from intranet.mail import opting_out
from intranet.mail.actions import enqueue_mail
from intranet.mail.kinds import TRIAL
from intranet.mail.models import OutboxMessage, OutboxStatus
from intranet.settings import Settings
from intranet.unit_of_work import unit_of_work
from tests.browse import Browser, body
from tests.factories import Factory


@pytest.fixture
def boss(make: Factory) -> Account:
    return make.account("boss", Role.ADMINISTRATOR, locale="en")


@pytest.fixture
def failed(app: Flask, make: Factory) -> int:
    """The id of a message that was refused."""
    ann = make.account("ann")
    with app.app_context(), unit_of_work():
        enqueue_mail(TRIAL, {}, to=db.session.get_one(Account, ann.id))
        db.session.execute(
            update(OutboxMessage).values(status=OutboxStatus.FAILED, last_error="550 <b>No</b>")
        )
        return db.session.scalars(db.select(OutboxMessage.id)).one()


def test_the_page_says_plainly_that_mail_goes_to_a_folder(
    browse: Browser, boss: Account, settings: Settings
) -> None:
    page = browse(boss).get("/admin/mail").text
    assert "Mail is not sent" in page
    assert str(settings.mail_folder) in page
    french = browse(boss).get("/admin/mail", headers={"Accept-Language": "fr"})
    assert french.status_code == 200


@pytest.mark.settings(smtp_url="smtp://ann:hunter22@localhost:2525")
def test_with_a_server_the_folder_is_closed_and_the_password_unseen(
    browse: Browser, boss: Account, settings: Settings
) -> None:
    settings.mail_folder.mkdir()
    (settings.mail_folder / "7.eml").write_bytes(b"Subject: old\r\n\r\nsecret")
    client = browse(boss)
    page = client.get("/admin/mail").text
    assert "localhost:2525" in page
    assert "hunter22" not in page
    assert "/admin/mail/folder/" not in page
    assert "<b>old" not in page
    assert client.get("/admin/mail/folder/7").status_code == 404


def test_a_test_letter_arrives_and_is_read_safely(
    app: Flask, browse: Browser, make: Factory
) -> None:
    boss = make.account("eve", Role.ADMINISTRATOR, display_name="<script>x</script>", locale="en")
    client = browse(boss)
    assert client.post("/admin/mail/trial").status_code == 303
    assert "on its way to eve@example.test" in client.get("/admin/mail").text
    deliverer(app).drain()
    page = client.get("/admin/mail").text
    assert "Mail from Parvis arrives" in page
    with app.app_context():
        id_ = db.session.scalars(db.select(OutboxMessage.id)).one()
    shown = client.get(f"/admin/mail/folder/{id_}")
    assert "This is the test letter" in shown.text
    assert "Auto-Submitted: auto-generated" in shown.text
    assert "<script>x" not in page + shown.text
    assert shown.headers["Cache-Control"] == "no-store"
    assert client.get("/admin/mail/folder/8").status_code == 404


def test_a_failed_message_is_tried_again(
    app: Flask, browse: Browser, boss: Account, failed: int
) -> None:
    client = browse(boss)
    page = client.get("/admin/mail").text
    assert "550 &lt;b&gt;No&lt;/b&gt;" in page
    assert "ann@example.test" in page
    client.post(f"/admin/mail/{failed}/retry")
    client.post(f"/admin/mail/{failed}/retry")  # twice is once
    assert deliverer(app).drain() == 1
    with app.app_context():
        assert db.session.get_one(OutboxMessage, failed).status is OutboxStatus.SENT


@pytest.mark.parametrize("role", [Role.MEMBER, Role.GUEST, Role.HR, Role.MODERATOR])
def test_nobody_else_comes_near(
    app: Flask, browse: Browser, make: Factory, failed: int, role: Role
) -> None:
    outsider = make.account("out", role)
    assert outsider.role is not Role.ADMINISTRATOR
    client = browse(outsider)
    assert client.get("/admin/mail").status_code == 403
    assert client.get(f"/admin/mail/folder/{failed}").status_code == 403
    assert client.post(f"/admin/mail/{failed}/retry").status_code == 403
    assert client.post("/admin/mail/trial").status_code == 403
    with app.app_context():
        assert db.session.get_one(OutboxMessage, failed).status is OutboxStatus.FAILED


def test_the_page_asks_the_same_however_much_failed(
    app: Flask, browse: Browser, boss: Account, failed: int, statements: list[str]
) -> None:
    client = browse(boss)
    client.get("/admin/mail")
    statements.clear()
    client.get("/admin/mail")
    few = len(statements)
    with app.app_context(), unit_of_work():
        for number in range(30):
            enqueue_mail(TRIAL, {}, to=f"n{number}@example.test")
        db.session.execute(update(OutboxMessage).values(status=OutboxStatus.FAILED))
    statements.clear()
    client.get("/admin/mail")
    assert len(statements) == few


def test_inviting_sends_the_link_too(
    app: Flask, browse: Browser, boss: Account, settings: Settings
) -> None:
    form = {"email": "new@example.test", "role": "member", "display_name": "New"}
    page = browse(boss).post("/admin/invitations", data=form)
    assert page.status_code == 201
    deliverer(app).drain()
    (file,) = settings.mail_folder.iterdir()
    link = page.text.partition('id="f-link" readonly value="')[2].partition('"')[0]
    assert link.startswith("http://127.0.0.1:8000/invitations/")
    assert link.encode() in file.read_bytes().replace(b"=\r\n", b"").replace(b"=3D", b"=")


@pytest.fixture
def list_link(settings: Settings) -> Callable[[Account], str]:
    return lambda account: (
        "/mail/lists/" + opting_out.token_of(settings.secret_key, account.id, "digest")
    )


def test_a_list_is_left_and_taken_again_by_its_link(
    app: Flask, browse: Browser, make: Factory, list_link: Callable[[Account], str]
) -> None:
    ann, bob = make.accounts("ann", "bob")
    link, client = list_link(ann), browse(None)

    def stopped(account: Account) -> bool:
        with app.app_context():
            return opting_out.has_opted_out(account.id, "digest")

    assert "/stop" in client.get(link).text
    assert not stopped(ann)  # reading changes nothing
    assert client.post(f"{link}/one-click").status_code == 204
    assert client.post(f"{link}/one-click").status_code == 204
    assert (stopped(ann), stopped(bob)) == (True, False)
    assert "/resume" in client.get(link).text
    assert client.post(f"{link}/resume").status_code == 303
    assert not stopped(ann)
    forged = link[:-3] + "abc"
    client = browse(None)
    missing = client.get("/mail/lists/" + "x" * 43)
    assert missing.status_code == 404
    for answer in (client.get(forged), client.post(f"{forged}/one-click")):
        assert (answer.status_code, body(answer)) == (404, body(missing))
