"""An office that announces: people, and the ways through the door."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from intranet.accounts.models import Account, AccountKind, Role
from intranet.announcements.models import (
    Acknowledgement,
    Announcement,
    AnnouncementRecipient,
    AnnouncementText,
)
from intranet.background import runner
from intranet.db import db
from intranet.evidence.models import EvidenceEntry
from intranet.notifications.models import Notification
from intranet.pages.models import Page, PageEditor, PageRole
from intranet.unit_of_work import unit_of_work
from tests.browse import Browser
from tests.factories import Factory

QUESTION = {
    "question-0": "How many days?",
    "option-0": ["One", "Two", "", ""],
    "answer-0": "1",
}


@dataclass
class Newsroom:
    """`hr` writes, `ann` and `bob` work in Nantes and Lyon, `guest` comes from outside."""

    app: Flask
    make: Factory
    browse: Browser

    def __post_init__(self) -> None:
        make = self.make
        self.hr = make.account("hr", Role.HR, site="Nantes", department="HR")
        self.other_hr = make.account("otherhr", Role.HR, site="Lyon", department="HR")
        self.ann = make.account("ann", site="Nantes", department="Works", manager_id=self.hr.id)
        self.bob = make.account("bob", site="Lyon", department="Works")
        self.guest = make.account("guest", Role.GUEST, site="Nantes", department="Works")
        self.clients: dict[int, FlaskClient] = {}

    def client(self, account: Account) -> FlaskClient:
        if account.id not in self.clients:
            self.clients[account.id] = self.browse(account)
        return self.clients[account.id]

    def page(self, **editors: PageRole) -> Account:
        """A page with these editors, by handle."""
        page = self.make.account("works", kind=AccountKind.PAGE, email=None, display_name="Works")
        rows: list[Any] = [Page(account_id=page.id)]
        for handle, role in editors.items():
            rows.append(PageEditor(page_id=page.id, account_id=getattr(self, handle).id, role=role))
        with self.app.app_context(), unit_of_work():
            for row in rows:
                db.session.add(row)
                db.session.flush()
        return page

    def draft(self, author: Account | None = None, **fields: Any) -> int:
        """The id of a draft made through the form."""
        form = {
            "in": "en", "title": "Two days at home", "source": "From January you choose two days.",
            "audience": "everyone", "pinned": "1", "takes_questions": "1", "joiner_days": "0",
        }  # fmt: skip
        answer = self.client(author or self.hr).post("/announcements", data=form | fields)
        assert answer.status_code == 303, answer.text
        return int(answer.headers["Location"].rsplit("/", 1)[1])

    def published(self, author: Account | None = None, **fields: Any) -> int:
        """As `draft`, and out."""
        id_ = self.draft(author, **fields)
        self.post(author or self.hr, id_, "publication", when="now")
        return id_

    def post(self, who: Account, id_: int, what: str, **form: Any) -> TestResponse:
        answer = self.client(who).post(f"/announcements/{id_}/{what}", data=form)
        assert answer.status_code in (200, 204, 303), (what, answer.status_code, answer.text)
        return answer

    def read(self, who: Account, id_: int, query: str = "") -> str:
        answer = self.client(who).get(f"/announcements/{id_}{query}")
        assert answer.status_code == 200, (answer.status_code, id_)
        return answer.text

    def shown(self, who: Account, id_: int, query: str = "") -> int:
        """The id of the text in the confirm box."""
        found = re.search(r'name="text_id" value="(\d+)"', self.read(who, id_, query))
        assert found
        return int(found[1])

    def confirm(self, who: Account, id_: int, **form: Any) -> TestResponse:
        if "text_id" not in form:
            form["text_id"] = self.shown(who, id_)
        path = f"/announcements/{id_}/acknowledgement"
        return self.client(who).post(path, data={"confirmed": "1"} | form)

    def rows(self, model: Any, *where: Any) -> list[Any]:
        with self.app.app_context():
            return list(db.session.scalars(select(model).where(*where).order_by(model.id)))

    def announcement(self, id_: int) -> Announcement:
        return self.rows(Announcement, Announcement.id == id_)[0]

    def recipients(self, id_: int) -> dict[str, AnnouncementRecipient]:
        rows = self.rows(AnnouncementRecipient, AnnouncementRecipient.announcement_id == id_)
        names = {account.id: account.handle for account in self.rows(Account)}
        return {names[row.account_id]: row for row in rows}

    def acknowledgements(self, id_: int) -> list[Acknowledgement]:
        return self.rows(Acknowledgement, Acknowledgement.announcement_id == id_)

    def texts(self, id_: int) -> list[AnnouncementText]:
        return self.rows(AnnouncementText, AnnouncementText.announcement_id == id_)

    def ledger(self, id_: int) -> list[str]:
        with self.app.app_context():
            return list(
                db.session.scalars(
                    select(EvidenceEntry.kind)
                    .where(EvidenceEntry.subject_id == id_)
                    .order_by(EvidenceEntry.sequence)
                )
            )

    def heard(self, who: Account, id_: int) -> list[str]:
        where = (Notification.recipient_id == who.id, Notification.announcement_id == id_)
        return [row.kind.value for row in self.rows(Notification, *where)]

    def work(self) -> None:
        """Do the background work that is due."""
        background = runner(self.app)
        background.drain()

    def sweep(self) -> None:
        """Do the periodic work too."""
        background = runner(self.app)
        background.prepare()
        background.drain()
