"""Calendar files of others: looked over before they are parsed, looked at before they are made."""

from __future__ import annotations

import contextlib
import datetime as dt
import time

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from intranet.accounts.models import Account
from intranet.calendar import importing, imports, ranges
from intranet.calendar.importing import Outcome
from intranet.calendar.models import Event, Occurrence
from intranet.calendar.ranges import Wanted
from intranet.db import db
from intranet.groups.models import GroupPrivacy
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import DomainError
from tests.browse import Browser
from tests.factories import Factory

PARIS = "Europe/Paris"
OTHER_ZONE = """BEGIN:VTIMEZONE
TZID:Our own office
BEGIN:DAYLIGHT
DTSTART:20070311T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:20071104T020000
RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
END:STANDARD
END:VTIMEZONE
"""


def calendar(*events: str, before: str = "") -> bytes:
    body = "".join(f"BEGIN:VEVENT\n{event.strip()}\nEND:VEVENT\n" for event in events)
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//x//EN\n{before}{body}END:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()


def event(uid: str = "a", start: str = "DTSTART:20270310T090000Z", *more: str) -> str:
    return "\n".join([f"UID:{uid}", "SUMMARY:Visite", start, *more])


def upload(client: FlaskClient, data: bytes, target: str = "") -> TestResponse:
    # Written by hand: the test client would leave a large body's file open.
    file = b'Content-Disposition: form-data; name="file"; filename="agenda.ics"\r\n\r\n' + data
    name = b'Content-Disposition: form-data; name="target"\r\n\r\n' + target.encode()
    body = b"--x\r\n" + file + b"\r\n--x\r\n" + name + b"\r\n--x--\r\n"
    kind = "multipart/form-data; boundary=x"
    return client.post("/events/import", data=body, content_type=kind)


def kept(app: Flask) -> list[Event]:
    with app.app_context():
        return list(db.session.scalars(select(Event).order_by(Event.id)))


@pytest.mark.parametrize(
    ("start", "zone", "starts"),
    [
        ("DTSTART:20270310T090000Z", "UTC", "2027-03-10T09:00"),
        ("DTSTART:20270310T090000", PARIS, "2027-03-10T09:00"),  # floating: the reader's clock
        ("DTSTART;TZID=America/Toronto:20270310T090000", "America/Toronto", "2027-03-10T09:00"),
        ("DTSTART;TZID=Our own office:20270310T090000", "America/New_York", "2027-03-10T09:00"),
        ("DTSTART;VALUE=DATE:20270310", PARIS, "2027-03-10T00:00"),
    ],
)
def test_times_are_read_on_their_own_clock(start: str, zone: str, starts: str) -> None:
    (found,) = imports.read(calendar(event("a", start), before=OTHER_ZONE), PARIS)
    assert (found.problem, found.time_zone) == ("", zone)
    assert found.starts == dt.datetime.fromisoformat(starts)
    assert found.all_day is ("VALUE=DATE" in start)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("RRULE:FREQ=SECONDLY", "not supported"),
        ("RRULE:FREQ=DAILY\nRDATE:20270311T090000Z", "not supported"),
        ("DTEND:20270309T090000Z", "ends before"),
        ("STATUS:CANCELLED", "cancelled"),
        ("DTEND:99990101T000000Z", "too far"),
        ("DTEND:30", "cannot be read"),
        ("RRULE:FREQ=DAILY\nEXDATE:" + ",".join(["20270311T090000Z"] * 800), "not supported"),
    ],
)
def test_what_cannot_be_taken_says_why(more: str, said: str) -> None:
    (found,) = imports.read(calendar(event("a", "DTSTART:20270310T090000Z", more)), PARIS)
    assert said in found.problem


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"hello", 1), (b"", 1), (b"\x00\x01", 1), (b"\xff\xfe", 1), (b"PK\x03\x04", 1),
        (calendar(event()).replace(b"SUMMARY:", b"SUMMARY "), 6),
        (calendar(event()).replace(b"END:VEVENT", b"END:VTODO"), 8),
        (calendar(event())[:-20], 8),
        (b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 50_000, 5),
        (b"BEGIN:VCALENDAR\r\nX:" + b"y" * 100_000 + b"\r\nEND:VCALENDAR\r\n", 2),
        (b"BEGIN:VCARD\r\nEND:VCARD\r\n", 1),
        (calendar(*[event(str(n)) for n in range(501)]), None),
        (calendar(event("a", "DTSTART:20270310T090000Z", "DESCRIPTION:" + "x " * 600_000)), None),
    ],
)  # fmt: skip
def test_bombs_and_rubbish_are_refused_at_once_with_the_line(
    make: Factory, browse: Browser, data: bytes, line: int | None
) -> None:
    begun = time.monotonic()
    client = browse(make.account("ann", locale="en"))
    answer = upload(client, data)
    assert time.monotonic() - begun < 5
    assert answer.status_code in (422, 413)
    assert (f"Line {line} " if line else "at most.") in answer.text
    assert 'name="file"' in answer.text


def test_parameters_without_end_cost_no_time() -> None:
    bomb = "X-P" + ";A=B" * 15_000 + ":v\nX-Q" + ';A="b"' * 10_000 + ":v"
    begun = time.monotonic()
    with contextlib.suppress(DomainError):
        imports.read(calendar(event("a", "DTSTART:20270310T090000Z", bomb)), PARIS)
    assert time.monotonic() - begun < 4


def test_a_file_is_looked_at_first_made_once_and_updated_later(
    app: Flask, make: Factory, browse: Browser
) -> None:
    ann, out = make.accounts("ann", "out")
    client = browse(ann)
    first = calendar(
        event("weekly", "DTSTART;TZID=Europe/Paris:20270301T090000", "RRULE:FREQ=WEEKLY;COUNT=4",
              "EXDATE;TZID=Europe/Paris:20270308T090000", "LOCATION:Erdre"),
        "UID:weekly\nSUMMARY:Plus tard\nRECURRENCE-ID;TZID=Europe/Paris:20270315T090000\n"
        "DTSTART;TZID=Europe/Paris:20270315T110000",
        event("once"), event("once"), event("never", "SUMMARY:x"),
        "UID:lost\nRECURRENCE-ID:20270315T110000Z\nDTSTART:20270315T110000Z",
    )  # fmt: skip
    assert upload(client, first).status_code == 303
    assert kept(app) == []  # nothing is made before it was looked at
    page = client.get("/events/import").text
    assert all(words in page for words in ("Visite", "agenda.ics", "It is in the file twice."))
    assert client.post("/events/import/events").status_code == 303
    weekly, once = kept(app)
    with app.app_context():
        dates = db.session.scalars(
            select(Occurrence).where(Occurrence.event_id == weekly.id).order_by(Occurrence.id)
        ).all()
    assert [f"{date.starts_at:%d %H}" for date in dates] == ["01 08", "15 10", "22 08"]
    assert dates[1].changes == {"title": "Plus tard"}
    assert client.post("/events/import/events").status_code == 404  # the file is forgotten
    # What one brings from elsewhere is one's own.
    with app.app_context():
        span = utc_now(), dt.datetime(2028, 1, 1, tzinfo=dt.UTC)
        mine, theirs = (
            ranges.between(db.session.get_one(Account, who.id), *span, Wanted())
            for who in (ann, out)
        )
    assert (len(mine), theirs) == (4, [])

    again = calendar(
        event("once", "DTSTART:20270310T120000Z", "LOCATION:Loire"),
        event("new", "DTSTART:20270401T090000Z"),
    )
    upload(client, again)
    with app.app_context():
        seen = importing.preview(db.session.get_one(Account, ann.id))
    assert seen is not None
    assert [item.outcome for item in seen.items] == [Outcome.UPDATE, Outcome.MAKE]
    client.post("/events/import/events")
    assert len(kept(app)) == 3
    changed = next(one for one in kept(app) if one.id == once.id)
    assert (changed.place, changed.starts_at.hour, changed.uid) == ("Loire", 12, once.uid)
    assert changed.sequence > once.sequence
    upload(client, again)
    with app.app_context():
        seen = importing.preview(db.session.get_one(Account, ann.id))
    assert seen is not None
    assert {item.outcome for item in seen.items} == {Outcome.SAME}


def test_only_who_runs_a_calendar_brings_events_into_it(
    app: Flask, make: Factory, browse: Browser
) -> None:
    ann, ben, out = make.accounts("ann", "ben", "out")
    make.group("board", GroupPrivacy.SECRET, owner=ann, members=[ben])
    data = calendar(event())
    assert upload(browse(out), data, "group:board").status_code == 404
    assert upload(browse(out), data, "group:nowhere").status_code == 404
    assert upload(browse(ben), data, "group:board").status_code == 403
    assert upload(browse(ben), data, "rubbish").status_code == 404
    owner = browse(ann)
    assert upload(owner, data, "group:board").status_code == 303
    assert browse(ben).post("/events/import/events").status_code == 404  # another's file
    assert owner.post("/events/import/events").status_code == 303
    (made,) = kept(app)
    with app.app_context():
        for who, count in ((ben, 1), (out, 0)):
            reader = db.session.get_one(Account, who.id)
            span = utc_now(), dt.datetime(2028, 1, 1, tzinfo=dt.UTC)
            assert len(ranges.between(reader, *span, Wanted())) == count
    assert made.group_id is not None
