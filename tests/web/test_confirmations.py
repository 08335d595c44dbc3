"""Confirming from an e-mail, as a mail program, its owner and others would try."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from intranet.accounts import actions as accounts
from intranet.accounts.models import Account
from intranet.announcements import confirmation_links, exemptions, revising
from intranet.announcements.models import Acknowledgement, Announcement, ConfirmationLink, Door
from intranet.announcements.texts import Question
from intranet.db import db
from intranet.evidence.models import EvidenceEntry
from intranet.letters.composing import compose
from intranet.mail.models import OutboxMessage
from intranet.unit_of_work import unit_of_work
from tests.browse import Browser
from tests.evidence.company import Office, open_office
from tests.factories import Factory

ASKED = (Question("How many days?", ("One", "Two"), 1),)


def link_of(office: Office, handle: str) -> str:
    """The path in the letter that this person is sent."""

    def issue(found: Announcement) -> str:
        secret = office.app.extensions["intranet.settings"].secret_key
        return confirmation_links.issue(found, office[handle], secret)

    return f"/confirm/{office.do(issue)}"


def confirmations(office: Office) -> list[tuple[int, Door]]:
    def find(_: Announcement) -> list[tuple[int, Door]]:
        rows = select(Acknowledgement.account_id, Acknowledgement.door)
        return [(row.account_id, row.door) for row in db.session.execute(rows)]

    return office.read(find)


def press(client: FlaskClient, path: str, **more: str) -> tuple[int, str]:
    """The button of the page at that path."""
    page = client.get(path).text
    text_id = re.search(r'name="text_id" value="(\d+)"', page)
    form = {"text_id": text_id[1] if text_id else "1"} | more
    answer = client.post(path, data=form)
    return answer.status_code, answer.text


@pytest.fixture
def office(app: Flask, make: Factory) -> Office:
    return open_office(app, make)


def test_looking_confirms_nothing_and_pressing_confirms_once(
    office: Office, browse: Browser
) -> None:
    path, anybody = link_of(office, "lyon0"), browse(None)
    for _ in range(3):  # a mail program, a scanner, the owner
        page = anybody.get(path)
        anybody.head(path)
    assert page.status_code == 200
    assert "Working from home" in page.text
    assert "Lyon0" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert confirmations(office) == []
    status, text = press(anybody, path)
    assert (status, "Reading confirmed" in text) == (200, True)
    assert confirmations(office) == [(office["lyon0"].id, Door.EMAIL)]
    assert "Confirmed already" in anybody.get(path).text
    status, text = press(anybody, path)
    assert (status, "Confirmed already" in text) == (409, True)
    assert len(confirmations(office)) == 1
    entry = office.read(
        lambda _: db.session.scalars(
            select(EvidenceEntry.payload).where(EvidenceEntry.kind == "acknowledged")
        ).one()
    )
    assert '"door":"email"' in entry


def test_it_confirms_for_its_owner_whoever_is_signed_in(office: Office, browse: Browser) -> None:
    press(browse(office["boss"]), link_of(office, "lyon0"))
    assert confirmations(office) == [(office["lyon0"].id, Door.EMAIL)]


def test_a_link_is_for_one_revision(office: Office, browse: Browser) -> None:
    path = link_of(office, "lyon0")
    office.revise("Three days a week.", material=True)
    assert "The text has changed" in browse(None).get(path).text
    assert press(browse(None), path)[0] == 409
    assert confirmations(office) == []
    renewed = link_of(office, "lyon0")
    assert renewed != path
    assert press(browse(None), renewed)[0] == 200


def test_what_is_over_says_so(office: Office, browse: Browser) -> None:
    exempted, gone, withdrawn = (link_of(office, name) for name in ("lyon0", "lyon1", "boss"))
    office.do(lambda found: exemptions.exempt(office["hr"], found, office["lyon0"].id, "Leave"))
    assert "You need not confirm this" in browse(None).get(exempted).text
    assert press(browse(None), exempted)[0] == 409
    with office.app.app_context(), unit_of_work():
        accounts.shut(db.session.get_one(Account, office["lyon1"].id))
    assert browse(None).get(gone).status_code == 404
    office.do(lambda found: revising.withdraw(office["hr"], found))
    assert "Nothing is asked any more" in browse(None).get(withdrawn).text
    assert confirmations(office) == []


@pytest.mark.parametrize("token", ["x", "A" * 43, "é" * 43, "A" * 4000])
def test_a_made_up_link_finds_nothing(office: Office, browse: Browser, token: str) -> None:
    for answer in (
        browse(None).get(f"/confirm/{token}"), browse(None).post(f"/confirm/{token}"),
    ):  # fmt: skip
        assert answer.status_code == 404


def test_questions_are_asked_here_too(app: Flask, make: Factory, browse: Browser) -> None:
    office = open_office(app, make, questions=ASKED)
    path = link_of(office, "boss")
    assert "How many days?" in browse(None).get(path).text
    for answers in ({}, {"answer-0": "0"}, {"answer-0": "x"}):
        status, text = press(browse(None), path, **answers)
        assert status == 422
        assert "Nothing was recorded" in text
    assert confirmations(office) == []
    assert press(browse(None), path, **{"answer-0": "1"})[0] == 200
    assert len(confirmations(office)) == 1


def test_the_text_of_something_else_confirms_nothing(office: Office, browse: Browser) -> None:
    answer = browse(None).post(link_of(office, "boss"), data={"text_id": "12345"})
    assert answer.status_code == 404
    assert confirmations(office) == []
    assert press(browse(None), link_of(office, "boss"))[0] == 200  # the link was not used up


def test_the_letter_carries_the_link_and_the_database_does_not(
    app: Flask, make: Factory, browse: Browser
) -> None:
    office = open_office(app, make)
    message = OutboxMessage(
        id=1, kind="announcement_reminder", account_id=office["lyon0"].id,
        payload={"announcement_id": office.id, "revision": 1},
    )  # fmt: skip
    letters = []
    for _ in range(2):  # sent twice, after a crash: the same letter
        with app.app_context():
            sealed = compose(message)
            assert sealed is not None
            letters.append(sealed.message.get_body(("plain",)).get_content())
    found = re.search(r"/confirm/([\w-]+)", letters[0])
    assert found is not None
    assert found[0] in letters[1]

    def rows(_: Announcement) -> str:
        return str([row.token_hash for row in db.session.scalars(select(ConfirmationLink))])

    assert found[1] not in office.read(rows)
    assert press(browse(None), found[0])[0] == 200
    with app.app_context():
        assert compose(message) is None  # nothing to say any more
