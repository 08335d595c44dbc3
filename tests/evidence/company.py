"""A company with an announcement, published, read and confirmed through the real actions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import Flask

from intranet.accounts.models import Account, Role
from intranet.announcements import acknowledging, drafts, publication, queries, revising, texts
from intranet.announcements.drafts import AnnouncementDraft
from intranet.announcements.models import Announcement, Door
from intranet.announcements.texts import Question, TextDraft
from intranet.db import db
from intranet.kernel.clock import in_the_past, utc_now
from intranet.unit_of_work import unit_of_work
from tests.factories import Factory

T = TypeVar("T")
DEADLINE = dt.timedelta(days=10)


@dataclass
class Office:
    """Its people by handle, and one announcement to all of them, by `hr`."""

    app: Flask
    people: dict[str, Account] = field(default_factory=dict)
    id: int = 0

    def __getitem__(self, handle: str) -> Account:
        return self.people[handle]

    def do(self, act: Callable[[Announcement], T]) -> T:
        """An act on the announcement in its own unit of work."""
        with self.app.app_context(), unit_of_work():
            return act(db.session.get_one(Announcement, self.id))

    def read(self, find: Callable[[Announcement], T]) -> T:
        with self.app.app_context():
            return find(db.session.get_one(Announcement, self.id))

    def confirm(self, *handles: str, door: Door = Door.WEB, answers: tuple[int, ...] = ()) -> None:
        for handle in handles:
            self.do(
                lambda found, handle=handle: acknowledging.acknowledge(  # type: ignore[misc]
                    self[handle],
                    queries.get_visible(self[handle], found.id),
                    text_id=texts.current(found.id)["en"].id,
                    answers=answers,
                    door=door,
                )
            )

    def revise(self, source: str, *, material: bool) -> None:
        self.do(
            lambda found: revising.revise(
                self["hr"], found, "en", TextDraft(title="Working from home", source=source),
                material=material, note="What changed",
            )
        )  # fmt: skip


def open_office(
    app: Flask,
    make: Factory,
    *,
    sites: dict[str, int] | None = None,
    ago: dt.timedelta = dt.timedelta(0),
    questions: tuple[Question, ...] = (),
    **settings: Any,
) -> Office:
    """People in Nantes and Lyon (so many each), `hr`, `boss` (whom those of Nantes report to), and
    an announcement to everybody that was published `ago`, to be confirmed ten days later."""
    office = Office(app)
    office.people["hr"] = make.account("hr", Role.HR, site="Nantes", department="HR")
    boss = make.account("boss", site="Nantes", department="Works")
    office.people["boss"] = boss
    for site, count in (sites or {"Nantes": 3, "Lyon": 2}).items():
        for number in range(count):
            handle = f"{site.lower()}{number}"
            office.people[handle] = make.account(
                handle, site=site, department="Works",
                manager_id=boss.id if site == "Nantes" else None,
            )  # fmt: skip
    moment = utc_now() - ago
    settings = {"requires_acknowledgement": True, "takes_questions": False} | settings
    if settings["requires_acknowledgement"]:
        settings.setdefault("acknowledge_by", moment + DEADLINE)
    text = TextDraft(
        title="Working from home",
        source="Two days a week.\n\nFrom January on.",
        facts=(("2 days", "a week"),),
        questions=questions,
    )
    with app.app_context(), in_the_past(moment), unit_of_work():
        made = drafts.create(office["hr"], AnnouncementDraft(**settings), text, language="en")
        publication.publish(made)
        office.id = made.id
    return office
