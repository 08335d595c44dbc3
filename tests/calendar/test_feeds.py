"""Calendar files through the door: what an address gives, to whom, and for how long."""

from __future__ import annotations

import datetime as dt
import json
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from icalendar import Calendar

from intranet.accounts.models import Account
from intranet.calendar import cancelling, feeds, rsvp, schedule, series
from intranet.calendar.models import Answer, CalendarFeed, Event, FeedScope
from intranet.calendar.queries import get_visible
from intranet.calendar.series import Scope
from intranet.db import db
from intranet.groups.models import GroupPrivacy, Membership
from intranet.kernel.clock import utc_now
from intranet.settings import Settings
from intranet.unit_of_work import unit_of_work
from tests.browse import Browser
from tests.calendar.conftest import Arrange, a_draft
from tests.calendar.rfc5545 import problems
from tests.factories import Factory
from tests.serving import serving

# A program of its own, since it changes how icalendar reads zones for its whole process.
_PROGRAM = """
import datetime as dt, json, sys
from icalevents.icalevents import events
now = dt.datetime.now(dt.timezone.utc)
found = events(sys.argv[1], start=now, end=now + dt.timedelta(days=60))
utc = [[e.summary, e.start.astimezone(dt.timezone.utc).isoformat(), str(e.status)] for e in found]
print(json.dumps(sorted(utc)))
"""
Subscribe = Callable[..., str]
Act = Callable[..., None]


@pytest.fixture
def subscribe(app: Flask) -> Subscribe:
    """A feed of somebody; gives its path."""

    def made(who: Account, scope: FeedScope = FeedScope.ALL) -> str:
        with app.app_context(), unit_of_work():
            token = feeds.create(db.session.get_one(Account, who.id), "my phone", scope)
        return f"/calendar/{token}.ics"

    return made


@pytest.fixture
def act(app: Flask) -> Act:
    """Do something with a date as somebody."""

    def done(who: Account, date_id: int, do: Callable[..., Any]) -> None:
        with app.app_context(), unit_of_work():
            actor = db.session.get_one(Account, who.id)
            do(actor, *get_visible(actor, date_id))

    return done


def going(actor: Account, event: Event, date: Any) -> None:
    rsvp.answer(actor, event, date, Answer.GOING)


def titles(raw: bytes) -> list[str]:
    assert problems(raw) == []
    return sorted(str(event["SUMMARY"]) for event in Calendar.from_ical(raw).walk("VEVENT"))


def test_the_file_of_an_event_is_for_those_who_see_it(
    make: Factory, browse: Browser, arrange: Arrange
) -> None:
    ann, ben, out = make.accounts("ann", "ben", "out")
    board = make.group("board", GroupPrivacy.SECRET, owner=ann, members=[ben])
    _event, date_id = arrange(
        ann, group_id=board.id, title="Réunion / secrète", rrule="FREQ=WEEKLY;COUNT=3"
    )
    found = browse(ben).get(f"/events/{date_id}.ics")
    assert found.content_type == "text/calendar; charset=utf-8"
    assert found.headers["Content-Disposition"] == 'attachment; filename="R-union-secr-te.ics"'
    assert titles(found.data) == ["Réunion / secrète"]
    assert b"RRULE:FREQ=WEEKLY;COUNT=3" in found.data
    assert browse(out).get(f"/events/{date_id}").status_code == 404
    refused, missing = (browse(out).get(f"/events/{one}.ics") for one in (date_id, 7 * 10**18))
    assert refused.status_code == missing.status_code == 404
    assert browse(None).get(f"/events/{date_id}.ics").status_code == 303


def test_a_feed_holds_what_its_owner_may_see_at_that_moment(
    app: Flask, make: Factory, browse: Browser, arrange: Arrange, subscribe: Subscribe, act: Act
) -> None:
    ann, ben, out = make.accounts("ann", "ben", "out")
    board = make.group("board", GroupPrivacy.SECRET, owner=ann, members=[ben])
    arrange(ann, title="For all")
    _event, secret = arrange(ann, title="Secret", group_id=board.id)
    nobody = browse(None)
    bens, outs, own = subscribe(ben), subscribe(out), subscribe(ben, FeedScope.MINE)
    assert titles(nobody.get(bens).data) == ["For all", "Secret"]
    assert titles(nobody.get(outs).data) == ["For all"]
    assert titles(nobody.get(own).data) == []
    # A cookie adds nothing to an address: it is read as its owner.
    assert titles(browse(ben).get(outs).data) == ["For all"]
    act(ben, secret, going)
    assert titles(nobody.get(own).data) == ["Secret"]
    with app.app_context(), unit_of_work():
        for row in db.session.query(Membership).filter_by(account_id=ben.id):
            db.session.delete(row)
    assert titles(nobody.get(bens).data) == ["For all"]
    assert titles(nobody.get(own).data) == []
    with app.app_context(), unit_of_work():
        db.session.get_one(Account, ben.id).deactivated_at = utc_now()
    gone, unknown = nobody.get(bens), nobody.get("/calendar/" + "x" * 43 + ".ics")
    assert gone.status_code == unknown.status_code == 404
    assert nobody.get(outs).status_code == 200


def test_a_feed_is_not_sent_again_while_nothing_changed(
    make: Factory, browse: Browser, arrange: Arrange, subscribe: Subscribe, act: Act,
    statements: list[str],
) -> None:  # fmt: skip
    ann = make.account("ann")
    _event, date_id = arrange(ann, rrule="FREQ=DAILY;COUNT=30")
    nobody, path = browse(None), subscribe(ann)
    first = nobody.get(path)
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H" in first.data
    assert b"X-WR-CALNAME:Parvis" in first.data
    assert "Set-Cookie" not in first.headers
    statements.clear()
    again = nobody.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert len(statements) == 3, statements  # whose address it is, the events, the odd dates
    act(ann, date_id, lambda *who: series.edit(*who, a_draft(title="Moved"), Scope.ALL))
    assert nobody.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_addresses_are_shown_once_listed_and_revoked(
    app: Flask, make: Factory, browse: Browser
) -> None:
    ann, ben = make.account("ann", locale="en"), make.account("ben")
    client = browse(ann)
    form = {"name": "My phone", "scope": "all"}
    made = client.post("/settings/calendar/feeds", data=form)
    assert made.status_code == 201
    assert made.headers["Cache-Control"] == "no-store"
    (address,) = set(re.findall(r'value="http://[^/"]+(/calendar/[\w-]{43}\.ics)"', made.text))
    assert f'href="webcal://127.0.0.1:8000{address}"' in made.text
    assert browse(None).get(address).status_code == 200
    page = client.get("/settings/calendar").text
    assert "My phone" in page
    assert address not in page
    with app.app_context():
        (row,) = db.session.query(CalendarFeed).all()
    assert row.token_hash not in address
    assert row.last_used_at is not None
    assert browse(ben).post(f"/settings/calendar/feeds/{row.id}/revoke").status_code == 404
    assert browse(None).get(address).status_code == 200
    assert client.post(f"/settings/calendar/feeds/{row.id}/revoke").status_code == 303
    assert browse(None).get(address).status_code == 404
    assert client.post(f"/settings/calendar/feeds/{row.id}/revoke").status_code == 404
    for bad in ({"name": ""}, {"name": "x" * 61}, {"name": "a", "scope": "theirs"}):
        assert client.post("/settings/calendar/feeds", data=bad).status_code == 422


def test_a_calendar_program_subscribes_and_sees_every_change(
    app: Flask, make: Factory, settings: Settings, arrange: Arrange, subscribe: Subscribe, act: Act
) -> None:
    ann = make.account("ann")
    _event, date_id = arrange(ann, title="Line review", rrule="FREQ=WEEKLY;COUNT=4")
    path = subscribe(ann)
    with app.app_context():
        event, _date = get_visible(ann, date_id)
        weeks = schedule.planned(event)

    def seen(port: int) -> list[tuple[str, dt.datetime, str]]:
        address = f"http://127.0.0.1:{port}{path}"
        program = [sys.executable, "-W", "ignore", "-c", _PROGRAM, address]
        done = subprocess.run(program, capture_output=True, check=True, text=True, timeout=60)
        found = json.loads(done.stdout)
        return [(title, dt.datetime.fromisoformat(at), status) for title, at, status in found]

    with serving(settings) as port:
        assert seen(port) == [("Line review", start, "CONFIRMED") for start in weeks]
        act(ann, date_id, lambda *who: series.edit(*who, a_draft(
            title="Line review", place="Erdre", rrule="FREQ=WEEKLY;COUNT=4",
            starts=a_draft().span[0] + dt.timedelta(hours=2)), Scope.THIS))  # fmt: skip
        assert seen(port)[0] == ("Line review", weeks[0] + dt.timedelta(hours=2), "CONFIRMED")
        act(ann, date_id, lambda *who: cancelling.cancel(*who, Scope.THIS))
        assert [one[1] for one in seen(port)] == weeks[1:]
        act(ann, date_id, lambda *who: cancelling.cancel(*who, Scope.ALL))
        assert {one[2] for one in seen(port)} == {"CANCELLED"}
        with app.app_context(), unit_of_work():
            (feed,) = feeds.list_feeds(ann)
            feeds.revoke(ann, feed.id)
        with pytest.raises(subprocess.CalledProcessError):
            seen(port)
