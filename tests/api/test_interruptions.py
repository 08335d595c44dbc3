"""Programs read and choose when their person is told: the same rules as on the page."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from flask import Flask

from intranet.accounts.models import Account
from intranet.db import db
from intranet.interruptions import hours
from intranet.interruptions.models import DayOff, InterruptionDefault, Pace
from intranet.kernel.clock import utc_now
from intranet.mail import opting_out
from intranet.unit_of_work import unit_of_work
from tests.browse import Browser
from tests.factories import Factory
from tests.mastodon.conftest import Call

PATH = "/api/parvis/v1/interruptions"
OFFICE = [{"weekday": day, "start": "09:00", "end": "17:00"} for day in range(5)]
NOON = dt.datetime(2026, 12, 2, 11, 0, tzinfo=dt.UTC)  # a Wednesday, in Paris


@pytest.fixture
def ann(make: Factory) -> Account:
    return make.account("ann", time_zone="Europe/Paris")


def is_held(app: Flask, account: Account) -> bool:
    with app.app_context():
        return account.id in hours.held_back([account.id], int(utc_now().timestamp() * 1000))


def test_quiet_for_so_many_minutes_holds_everything_and_ends(
    app: Flask, call: Call, browse: Browser, ann: Account
) -> None:
    program = call(ann)
    with time_machine.travel(NOON, tick=False) as clock:
        before = program.get(PATH)
        assert (before["may_be_told_now"], before["quiet_until"]) == (True, None)
        quiet = program.post(f"{PATH}/quiet", minutes=25)
        assert quiet["may_be_told_now"] is False
        assert quiet["quiet_until"] == quiet["told_again_at"] == "2026-12-02T11:25:00.000Z"
        assert is_held(app, ann)
        assert "12:25" in browse(ann).get("/settings/notifications").text
        clock.shift(24 * 60 + 59)
        assert is_held(app, ann)
        clock.shift(2)
        assert not is_held(app, ann)
        assert program.get(PATH)["quiet_until"] is None
        assert program.post(f"{PATH}/quiet")["quiet_until"] == "2026-12-02T13:25:01.000Z"
        assert program.post(f"{PATH}/quiet/end")["may_be_told_now"] is True
        assert not is_held(app, ann)
        for minutes in (0, -1, 1441, "soon", 1.5, None):
            sent = {"minutes": minutes}
            refused = program.open("POST", f"{PATH}/quiet", json=sent)
            assert refused.status_code == 422, minutes
            assert "minutes" in refused.json["details"]
        assert not is_held(app, ann)


def test_hours_letters_and_levels_are_those_of_the_page(
    app: Flask, call: Call, browse: Browser, ann: Account
) -> None:
    program = call(ann)
    night = {"weekday": 4, "start": "22:00", "end": "06:00"}
    sent = {"whose": "own", "hours": [*OFFICE[:4], night], "pace": "weekly",
            "levels": {"talk": "digest"}}  # fmt: skip
    with time_machine.travel(NOON, tick=False) as clock:
        answer = program.open("PUT", PATH, json=sent)
        assert answer.status_code == 200, answer.text
        kept = answer.json
        assert (kept["whose"], kept["hours"]) == ("own", [*OFFICE[:4], night])
        assert (kept["pace"], kept["pace_is_own"]) == ("weekly", True)
        assert (kept["levels"]["talk"], kept["levels"]["messages"]) == ("digest", "at_once")
        page = browse(ann).get("/settings/notifications").text
        assert 'name="to_4" value="06:00"' in page
        assert '<option value="weekly" selected>' in page
        clock.shift(7 * 3600)  # 19:00 in Paris
        late = program.get(PATH)
        assert late["may_be_told_now"] is False
        assert late["told_again_at"] == "2026-12-03T08:00:00.000Z"
        assert is_held(app, ann)
        # What is not sent stays.
        again = program.open("PUT", PATH, json={"levels": {"groups": "list"}}).json
        assert (again["hours"], again["pace"]) == (kept["hours"], "weekly")
        assert (again["levels"]["talk"], again["levels"]["groups"]) == ("digest", "list")
        always = program.open("PUT", PATH, json={"whose": "always"}).json
        assert (always["whose"], always["hours"]) == ("always", [])
        assert always["may_be_told_now"] is True
        with app.app_context(), unit_of_work():
            db.session.add(InterruptionDefault(id=1, hours=[[2, 540, 600]], pace=Pace.HOURLY))
        company = program.open("PUT", PATH, json={"whose": "company", "pace": "company"}).json
        assert company["hours"] == [{"weekday": 2, "start": "09:00", "end": "10:00"}]
        assert (company["pace"], company["pace_is_own"]) == ("hourly", False)
        assert is_held(app, ann)


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"whose": "own"}, "hours"),
        ({"whose": "own", "hours": []}, "hours"),
        ({"whose": "nobody"}, "whose"),
        ({"hours": OFFICE}, "hours"),
        ({"whose": "always", "hours": OFFICE}, "hours"),
        ({"whose": "own", "hours": [OFFICE[0], OFFICE[0]]}, "hours"),
        ({"whose": "own", "hours": [{"weekday": 7, "start": "09:00", "end": "10:00"}]}, "hours"),
        ({"whose": "own", "hours": [{"weekday": 0, "start": "9", "end": "25:00"}]}, "hours"),
        ({"whose": "own", "hours": [{"weekday": 0, "start": "09:00", "end": "09:00"}]}, "day_0"),
        ({"pace": "often"}, "pace"),
        ({"levels": {"talk": "loud"}}, "levels"),
        ({"levels": {"weather": "list"}}, "levels"),
    ],
)
def test_what_cannot_be_taken_says_which_field_and_changes_nothing(
    call: Call, ann: Account, sent: dict[str, object], field: str
) -> None:
    program = call(ann)
    before = program.get(PATH)
    refused = program.open("PUT", PATH, json=sent)
    assert refused.status_code == 422, refused.text
    assert any(name.startswith(field) for name in refused.json["details"]), refused.text
    assert program.get(PATH) == before


def test_days_off_are_ones_own(app: Flask, make: Factory, call: Call, ann: Account) -> None:
    bob = make.account("bob")
    today = utc_now().date()
    kept = call(ann).post(f"{PATH}/days-off", first_day=today.isoformat())
    (one,) = kept["days_off"]
    assert (one["first_day"], one["last_day"]) == (today.isoformat(), today.isoformat())
    assert call(bob).get(PATH)["days_off"] == []  # an outsider
    path = f"{PATH}/days-off/{one['id']}"
    assert call(bob).open("DELETE", path).status_code == 200
    with app.app_context():
        assert db.session.get(DayOff, int(one["id"])) is not None
    assert call(ann).open("DELETE", path).json["days_off"] == []
    assert call(ann).open("DELETE", path).status_code == 200  # again changes nothing
    assert call(ann).open("DELETE", f"{PATH}/days-off/{'9' * 19}").status_code == 404
    for wrong in ({}, {"first_day": "soon"}, {"first_day": "2020-01-01"},
                  {"first_day": "2027-01-02", "last_day": "2027-01-01"}):  # fmt: skip
        refused = call(ann).open("POST", f"{PATH}/days-off", json=wrong)
        assert refused.status_code == 422, wrong
        assert refused.json["details"]


def test_a_program_that_only_mutes_a_topic_does_not_bring_letters_back(
    app: Flask, call: Call, ann: Account
) -> None:
    program = call(ann)
    program.open("PUT", PATH, json={"pace": "daily"})
    with app.app_context(), unit_of_work():
        opting_out.opt_out(ann, "digest")
    program.open("PUT", PATH, json={"levels": {"talk": "list"}})
    with app.app_context():
        assert opting_out.has_opted_out(ann.id, "digest")
    program.open("PUT", PATH, json={"pace": "weekly"})
    with app.app_context():
        assert not opting_out.has_opted_out(ann.id, "digest")


def test_it_needs_the_scopes_of_notifications(call: Call, ann: Account) -> None:
    assert call(None).open("GET", PATH).status_code == 401
    assert call(ann, "read:accounts").open("GET", PATH).status_code == 403
    narrow = call(ann, "read:notifications")
    assert narrow.open("GET", PATH).status_code == 200
    for method, what in (("PUT", ""), ("POST", "/quiet"), ("POST", "/quiet/end"),
                         ("POST", "/days-off"), ("DELETE", "/days-off/1")):  # fmt: skip
        assert narrow.open(method, PATH + what).status_code == 403
    assert call(ann, "write:notifications").open("POST", f"{PATH}/quiet").status_code == 200
