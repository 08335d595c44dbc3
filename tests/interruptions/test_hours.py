"""Whose hours hold a notice back, as rows say it."""

from __future__ import annotations

import datetime as dt

from flask import Flask
from sqlalchemy import insert

from intranet.db import db
from intranet.interruptions.hours import held_back, openings
from intranet.interruptions.models import DayOff, InterruptionDefault, InterruptionPreference
from intranet.unit_of_work import unit_of_work
from tests.factories import Factory

OFFICE = [[day, 9 * 60, 17 * 60] for day in range(5)]
NOON = dt.datetime(2026, 12, 2, 12, 0, tzinfo=dt.UTC)  # a Wednesday


def ms(moment: dt.datetime) -> int:
    return int(moment.timestamp() * 1000)


def test_own_hours_days_off_quiet_and_the_company(
    app: Flask, make: Factory, statements: list[str]
) -> None:
    office, night, away, quiet, nothing = make.accounts("office", "night", "away", "quiet", "none")
    far = make.account("far", time_zone="Australia/Lord_Howe")
    everybody = [one.id for one in (office, night, away, quiet, nothing, far)]
    with app.app_context(), unit_of_work():
        db.session.execute(
            insert(InterruptionPreference),
            [
                {"account_id": office.id, "hours": OFFICE, "levels": {}},
                {"account_id": night.id, "hours": [[2, 1320, 1800]], "levels": {}},
                {"account_id": far.id, "hours": OFFICE, "levels": {}},
            ],
        )
        db.session.add(
            InterruptionPreference(account_id=quiet.id, quiet_until=NOON + dt.timedelta(hours=2))
        )
        db.session.add(DayOff(account_id=away.id, first_day=NOON.date(), last_day=NOON.date()))
    with app.app_context():
        assert held_back([], ms(NOON)) == set()
        statements.clear()
        assert held_back(everybody, ms(NOON)) == {night.id, away.id, quiet.id, far.id}
        assert len(statements) <= 3
        found = openings(everybody, NOON)
        assert found[quiet.id] == NOON + dt.timedelta(hours=2)
        assert found[night.id] == dt.datetime(2026, 12, 2, 21, 0, tzinfo=dt.UTC)
        assert found[away.id] == dt.datetime(2026, 12, 2, 23, 0, tzinfo=dt.UTC)
        assert found[far.id] == dt.datetime(2026, 12, 2, 22, 0, tzinfo=dt.UTC)
        assert held_back([office.id], ms(NOON + dt.timedelta(hours=4))) == {office.id}
    with app.app_context(), unit_of_work():
        db.session.add(InterruptionDefault(id=1, hours=[[2, 0, 60]]))
    with app.app_context():
        assert held_back(everybody, ms(NOON)) == set(everybody) - {office.id}
