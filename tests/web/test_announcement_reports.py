"""The report of an announcement: who may see figures, who names, and what each can do."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from intranet.accounts.models import Account, AccountKind, Role
from intranet.announcements.looks import chain_of
from intranet.announcements.models import Announcement, AnnouncementRecipient
from intranet.db import db
from intranet.evidence import verify
from intranet.evidence.models import EvidenceEntry
from intranet.pages.models import Page, PageEditor, PageRole
from intranet.unit_of_work import unit_of_work
from tests.browse import Browser
from tests.evidence.company import Office, open_office
from tests.factories import Factory

FIGURES, NAMES, TEAM = "/report", "/report/people", "/report/team"


@pytest.fixture
def office(app: Flask, make: Factory) -> Office:
    """Published in the name of a page with its editors; `guest` is nobody's recipient."""
    office = open_office(app, make, reminds=True)
    office.confirm("boss", "nantes0")
    for handle in ("owner", "editor", "analyst"):
        office.people[handle] = make.account(handle)
    office.people["guest"] = make.account("guest", Role.GUEST)
    office.people["colleague"] = make.account("colleague", manager_id=office["boss"].id)
    page = make.account("voice", kind=AccountKind.PAGE, email=None, display_name="The Voice")
    with app.app_context(), unit_of_work():
        db.session.add(Page(account_id=page.id))
        db.session.flush()
        for role in (PageRole.OWNER, PageRole.EDITOR, PageRole.ANALYST):
            db.session.add(PageEditor(page_id=page.id, account_id=office[role.value].id, role=role))
        db.session.get_one(Announcement, office.id).page_id = page.id
    return office


def at(office: Office, what: str) -> str:
    return f"/announcements/{office.id}{what}"


def export(client: FlaskClient, office: Office, form: str) -> TestResponse:
    return client.post(at(office, f"/report/exports/{form}"))


# Who gets what: figures, names, the own team.
EXPECTED = {
    "hr": (200, 200, 404),
    "owner": (200, 200, 404),
    "editor": (200, 403, 404),
    "boss": (403, 403, 200),  # a recipient, and manager of some
    "lyon0": (403, 403, 404),
    "analyst": (404, 404, 404),
    "colleague": (404, 404, 404),
    "guest": (404, 404, 404),
}


@pytest.mark.parametrize("who", EXPECTED)
def test_figures_and_names_are_for_whom_they_are_for(
    office: Office, browse: Browser, who: str
) -> None:
    client = browse(office[who])
    answers = [client.get(at(office, what)) for what in (FIGURES, NAMES, TEAM)]
    assert tuple(answer.status_code for answer in answers) == EXPECTED[who]
    for answer in answers:
        if answer.status_code != 200:
            assert "Nantes0" not in answer.text
    exports = {
        client.post(at(office, f"/report/exports/{form}")).status_code for form in ("csv", "json")
    }
    assert exports == {EXPECTED[who][1]}
    handled = client.post(at(office, "/report/people/lyon1/exemption"), data={"reason": "Leave"})
    assert handled.status_code == (303 if EXPECTED[who][1] == 200 else EXPECTED[who][1])
    reminded = client.post(at(office, "/report/reminders"))
    assert reminded.status_code == (303 if EXPECTED[who][0] == 200 else EXPECTED[who][0])


def test_a_manager_sees_the_own_reports_only(office: Office, browse: Browser) -> None:
    page = browse(office["boss"]).get(at(office, TEAM)).text
    assert all(name in page for name in ("Nantes0", "Nantes1", "Nantes2"))
    assert "Lyon0" not in page
    assert "Exemption" not in page
    with office.app.app_context(), unit_of_work():
        db.session.get_one(Announcement, office.id).reminders = []
    assert browse(office["boss"]).get(at(office, TEAM)).status_code == 404


def test_a_draft_has_no_report(office: Office, browse: Browser) -> None:
    with office.app.app_context(), unit_of_work():
        db.session.get_one(Announcement, office.id).published_at = None
    assert browse(office["hr"]).get(at(office, FIGURES)).status_code == 404


def test_somebody_is_let_off_with_a_reason_and_asked_again(office: Office, browse: Browser) -> None:
    hr, here = browse(office["hr"]), at(office, "/report/people/lyon0/exemption")
    form = hr.get(here)
    assert "write nothing about health" in form.text
    refused = hr.post(here, data={"reason": "  "})
    assert refused.status_code == 422
    assert "Say why, in a few words." in refused.text
    assert hr.post(here, data={"reason": "x" * 301}).status_code == 422
    assert hr.post(here, data={"reason": "On leave <b>"}).status_code == 303
    assert hr.post(here, data={"reason": "Again"}).status_code == 409
    assert "On leave &lt;b&gt;" in hr.get(at(office, "/report/people?state=exempted")).text
    assert hr.post(f"{here}/remove").status_code == 303
    assert hr.post(f"{here}/remove").status_code == 409
    assert hr.post(at(office, "/report/people/colleague/exemption")).status_code == 404

    def kinds(found: Announcement) -> list[str]:
        wanted = select(EvidenceEntry.kind).where(EvidenceEntry.subject_id == found.id)
        return list(db.session.scalars(wanted.order_by(EvidenceEntry.sequence)))

    assert office.read(kinds)[-2:] == ["exempted", "exemption_withdrawn"]


def test_one_reminds_once_a_day(office: Office, browse: Browser) -> None:
    hr = browse(office["hr"])
    assert "Remind 5 people" in hr.get(at(office, FIGURES)).text
    hr.post(at(office, "/report/reminders"))
    page = hr.get(at(office, FIGURES)).text
    assert "5 people are being reminded." in page
    assert "Remind 5 people" not in page
    hr.post(at(office, "/report/reminders"))
    assert "went out today already" in hr.get(at(office, FIGURES)).text


def test_looks_are_recorded_once_a_day_and_exports_each_time(
    office: Office, browse: Browser
) -> None:
    for _ in range(3):
        browse(office["hr"]).get(at(office, NAMES))
    browse(office["owner"]).get(at(office, NAMES))
    export(browse(office["hr"]), office, "csv")

    def looked(found: Announcement) -> list[tuple[str, int | None]]:
        rows = select(EvidenceEntry.kind, EvidenceEntry.account_id).where(
            EvidenceEntry.subject_id == chain_of(found)
        )
        return [(row.kind, row.account_id) for row in db.session.execute(rows)]

    hr, owner = office["hr"].id, office["owner"].id
    assert office.read(looked) == [
        ("report_opened", hr), ("report_opened", owner), ("exported", hr),
    ]  # fmt: skip


def test_exports_agree_with_each_other_and_with_the_verifier(
    office: Office, browse: Browser
) -> None:
    with office.app.app_context(), unit_of_work():
        db.session.get_one(Account, office["lyon0"].id).display_name = "=HYPERLINK(1)"
    hr = browse(office["hr"])
    files = {
        form: hr.post(at(office, f"/report/exports/{form}")) for form in ("json", "csv", "pdf")
    }
    assert {answer.status_code for answer in files.values()} == {200}
    document = verify.read(files["json"].text)
    seal = document["seal"]
    assert verify.examine(document, head=seal).problems == []
    table = list(csv.reader(io.StringIO(files["csv"].data.decode("utf-8-sig"))))
    assert ["Fingerprint", seal] in table
    assert len([row for row in table[1:] if len(row) == 13]) == 7
    assert "'=HYPERLINK(1)" in [row[0] for row in table if row]
    assert files["pdf"].data.startswith(b"%PDF-")
    for form, answer in files.items():
        again = export(hr, office, form)
        assert again.data == answer.data, f"{form}: the same state, other bytes"
        assert "attachment" in again.headers["Content-Disposition"]
    assert export(hr, office, "xml").status_code == 404
    assert hr.get("/announcements/verifier.py").data == Path(verify.__file__).read_bytes()


def test_the_report_is_french_for_french_readers(office: Office, browse: Browser) -> None:
    with office.app.app_context(), unit_of_work():
        db.session.get_one(Account, office["hr"].id).locale = "fr"
    page = browse(office["hr"]).get(at(office, FIGURES)).text
    assert "Relancer 5 personnes" in page
    assert not re.search(r">(Confirmed|Not opened yet|Reminders|By site)<", page)


def test_the_rows_are_what_the_report_says(office: Office) -> None:
    def count(found: Announcement) -> int:
        row = AnnouncementRecipient
        wanted = select(func.count()).where(
            row.announcement_id == found.id, row.acknowledged_revision == found.revision
        )
        return db.session.scalar(wanted) or 0

    assert office.read(count) == 2
