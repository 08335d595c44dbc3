"""Figures that are those of the rows, whatever happened."""

from __future__ import annotations

import datetime as dt

from flask import Flask

from intranet.announcements import exemptions, reading, reports
from intranet.announcements.reports import Report, Wanted
from intranet.announcements.states import State
from tests.evidence.company import Office, open_office
from tests.factories import Factory


def figures(office: Office) -> Report:
    return office.read(lambda found: reports.report(found, minimum=5, zone="Europe/Paris"))


def names(office: Office, **wanted: str) -> list[str]:
    page = office.read(lambda found: reports.people(found, Wanted(**wanted)))
    return [person.account.handle for person in page.people]


def test_everybody_stands_in_one_state_and_the_totals_are_theirs(app: Flask, make: Factory) -> None:
    office = open_office(app, make)
    office.confirm("boss", "nantes0", "lyon0")
    office.do(lambda found: reading.mark_read(office["nantes1"], found))
    office.do(lambda found: exemptions.exempt(office["hr"], found, office["lyon1"].id, "Leave"))
    report = figures(office)
    assert {state: count for state, count in report.totals.items() if count} == {
        State.CONFIRMED: 3, State.READ: 1, State.EXEMPTED: 1, State.WAITING: 2,
    }  # fmt: skip
    assert (report.recipients, report.expected, report.done, report.percent) == (7, 6, 3, 50)
    assert report.to_remind == 3
    assert report.days[-1].so_far == 3
    assert names(office, state="confirmed") == ["boss", "lyon0", "nantes0"]
    assert names(office, site="Lyon", q="lyon1") == ["lyon1"]
    office.revise("Three days.", material=True)
    assert figures(office).totals[State.ANEW] == 3
    assert names(office, state="anew") == ["boss", "lyon0", "nantes0"]


def test_who_has_not_confirmed_in_time_is_overdue(app: Flask, make: Factory) -> None:
    office = open_office(app, make, ago=dt.timedelta(days=20))
    office.do(lambda found: reading.mark_read(office["boss"], found))
    assert figures(office).totals[State.OVERDUE] == 7


def test_small_sites_are_told_together(app: Flask, make: Factory) -> None:
    office = open_office(app, make, sites={"Nantes": 6, "Lyon": 3, "Leeds": 2})
    office.confirm("lyon0")
    report = figures(office)
    assert [(one.label, one.people, one.counts[0]) for one in report.by_site.shown] == [
        ("Nantes", 8, 0)
    ]
    assert report.by_site.others is not None
    assert (report.by_site.others.people, report.by_site.others.counts[0]) == (5, 1)
    assert report.by_department.shown == ()  # "HR" is one person, and would follow from the rest


def test_the_report_asks_few_statements_however_many_it_was_for(
    app: Flask, make: Factory, statements: list[str]
) -> None:
    office = open_office(app, make, sites={"Nantes": 30, "Lyon": 20})
    office.confirm("boss", "nantes3")
    statements.clear()
    figures(office)
    assert len(statements) == 5  # one of them finds the announcement
