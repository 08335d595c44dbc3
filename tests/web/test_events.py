"""Events through the web door."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from intranet.accounts.models import Role
from intranet.calendar.models import Event, Occurrence
from intranet.db import db
from intranet.groups.models import GroupPrivacy
from intranet.posts.models import Post
from tests.browse import Browser, body
from tests.calendar.conftest import soon
from tests.factories import Factory


def form(**values: Any) -> dict[str, Any]:
    day = soon().date().isoformat()
    given = {
        "title": "Line <b>review</b>",
        "organiser": "me",
        "starts_date": day,
        "starts_time": "10:00",
        "ends_date": day,
        "ends_time": "11:30",
        "time_zone": "Europe/Paris",
        "audience": "everyone",
    }
    return given | values


def made(client: FlaskClient, **values: Any) -> int:
    """The id of the date that this form makes."""
    answer = client.post("/events", data=form(**values))
    assert answer.status_code == 303, answer.text
    return int(answer.location.rsplit("/", 1)[1])


def test_an_event_is_made_by_form_and_announced_in_one_step(
    app: Flask, make: Factory, browse: Browser
) -> None:
    ann, bob = make.accounts("ann", "bob")
    client = browse(ann)
    assert client.get("/events/new").status_code == 200
    here = made(client, place="Nantes", room="Loire", announce="1", announcement="Come *all*!")
    shown = browse(bob).get(f"/events/{here}").text
    assert "Line &lt;b&gt;review&lt;/b&gt;" in shown
    assert "10:00 – 11:30" in shown
    assert "Loire, Nantes" in shown
    posts = browse(bob).get("/timelines/organisation").text
    assert "<em>all</em>" in posts
    assert f"/events/{here}" in posts
    with app.app_context():
        event = db.session.scalars(select(Event)).one()
        post = db.session.scalars(select(Post)).one()
        assert (event.post_id, post.author_id) == (post.id, ann.id)
    said = browse(bob).post(f"/posts/{post.id}/replies", data={"source": "I bring cake"})
    assert said.status_code == 303
    assert "I bring cake" in client.get(f"/events/{here}").text


def test_the_first_comment_opens_the_discussion(app: Flask, make: Factory, browse: Browser) -> None:
    ann, bob = make.accounts("ann", "bob")
    here = made(browse(ann))
    client = browse(bob)
    assert f"/events/{here}/comments" in client.get(f"/events/{here}").text
    client.post(f"/events/{here}/comments", data={"source": "Is there parking?"})
    client.post(f"/events/{here}/comments", data={"source": "Found it."})
    shown = browse(ann).get(f"/events/{here}").text
    assert "Is there parking?" in shown
    assert "Found it." in shown
    with app.app_context():
        roots = select(Post).where(Post.root_id.is_(None))
        assert db.session.scalars(roots).one().author_id == ann.id
    refused = client.post(f"/events/{here}/comments", data={"source": " "})
    assert refused.status_code == 422


BAD = [
    ({"title": " "}, "Give the event a title."),
    ({"ends_time": "09:00"}, "The end must come after the start."),
    ({"time_zone": "Mars/Base"}, "There is no such time zone."),
    ({"starts_date": "nonsense"}, "Enter a date and a time."),
    ({"starts_date": "9999-12-31", "ends_date": "9999-12-31"}, "This date is too far away."),
    ({"starts_date": "9999-12-31", "ends_date": "9999-12-31", "all_day": "1"}, "too far away"),
    ({"ends_date": "2199-01-01"}, "An event lasts a year at most."),
    ({"online_url": "javascript:alert(1)"}, "Enter a web address"),
    ({"online_url": "https://[bad"}, "Enter a web address"),
    ({"capacity": "0"}, "Enter a number of seats"),
    ({"capacity": "many"}, "Enter a whole number."),
    ({"guests_allowed": "99"}, "At most 10 guests"),
    ({"reminders": "7"}, "Choose from the reminders"),
    ({"hosts": "@nobody"}, "Nobody here has the handle @nobody."),
    ({"repeat": "hourly"}, None),
    ({"repeat": "custom", "rrule": "FREQ=SECONDLY"}, "not supported"),
    ({"repeat": "custom", "rrule": "FREQ=DAILY;BYHOUR=1,2,3"}, "not supported"),
    ({"repeat": "custom", "rrule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}, "No date fits"),
    ({"repeat": "custom", "rrule": "X" * 5000}, "not supported"),
    ({"repeat": "daily", "interval": "0"}, None),
    ({"repeat": "weekly", "repeat_end": "until", "until": "soon"}, "Enter a date."),
]  # fmt: skip


@pytest.mark.parametrize(("values", "words"), BAD)
def test_a_form_that_cannot_be_taken_comes_back(
    make: Factory, browse: Browser, values: dict[str, str], words: str | None
) -> None:
    client = browse(make.account("ann"))
    answer = client.post("/events", data=form(place="Kept words") | values)
    if words is None:
        assert answer.status_code in (303, 422)
        return
    assert answer.status_code == 422
    assert words in answer.text
    assert "Kept words" in answer.text


def test_outsiders_do_not_know_of_events_that_are_not_for_them(
    app: Flask, make: Factory, browse: Browser
) -> None:
    ann = make.account("ann", department="Works", site="Nantes")
    near = make.account("near", department="Works", site="Nantes")
    far = make.account("far", department="Works", site="Lyon")
    guest = make.account("guest", Role.GUEST)
    make.group("secret", GroupPrivacy.SECRET, owner=ann, members=[near])
    for_group = made(browse(ann), organiser="group:secret", title="Kraken")
    for_some = made(browse(ann), audience="some", departments="Works", sites="Nantes")
    for_all = made(browse(ann), title="Picnic")
    for here, insiders, outsiders in (
        (for_group, [ann, near], [far, guest]),
        (for_some, [ann, near], [far, guest]),
        (for_all, [ann, near, far], [guest]),
    ):
        for person in insiders:
            assert browse(person).get(f"/events/{here}").status_code == 200
        for person in outsiders:
            client = browse(person)
            missing = client.get("/events/7000000000000000001")
            for path in ("", "/state", "/edit", "/invite", "/attendance", "/attendance.csv"):
                answer = client.get(f"/events/{here}{path}")
                assert answer.status_code == 404
            assert body(client.get(f"/events/{here}")) == body(missing)
            for path in ("/answer", "/comments", "/cancel", "", "/check-in", "/invitations"):
                assert client.post(f"/events/{here}{path}", data={}).status_code == 404
    # Who may see it may not run it.
    for path in ("/edit", "/cancel", "/invite", "/attendance", "/attendance.csv"):
        assert browse(near).get(f"/events/{for_all}{path}").status_code == 403
    # An invitation opens this event, and nothing around it.
    sent = browse(ann).post(f"/events/{for_group}/invitations", data={"handle": "guest"})
    assert sent.status_code == 303
    shown = browse(guest).get(f"/events/{for_group}")
    assert shown.status_code == 200
    assert "secret" not in shown.text.lower()
    assert "Kraken" in browse(guest).get("/notifications").text
    withdrawn = browse(ann).post(f"/events/{for_group}/invitations/guest/remove")
    assert withdrawn.status_code == 303
    assert browse(guest).get(f"/events/{for_group}").status_code == 404
    assert "Kraken" not in browse(guest).get("/notifications").text


def test_leaving_the_group_gives_the_seat_to_who_waits(
    app: Flask, make: Factory, browse: Browser
) -> None:
    ann, bob, eve = make.accounts("ann", "bob", "eve")
    make.group("closed", GroupPrivacy.CLOSED, owner=ann, members=[bob, eve])
    here = made(browse(ann), organiser="group:closed", capacity="1", title="Workshop")
    browse(bob).post(f"/events/{here}/answer", data={"answer": "going"})
    browse(eve).post(f"/events/{here}/answer", data={"answer": "going"})
    assert "number 1 on the waiting list" in browse(eve).get(f"/events/{here}").text
    browse(bob).post("/groups/closed/leave")
    assert browse(bob).get(f"/events/{here}").status_code == 404
    shown = browse(eve).get(f"/events/{here}").text
    assert "waiting list" not in shown
    assert "A seat is free" in browse(eve).get("/notifications").text
    with app.app_context():
        assert db.session.get_one(Occurrence, here).seats_taken == 1


def test_answers_with_guests_and_questions(make: Factory, browse: Browser) -> None:
    ann, bob = make.accounts("ann", "bob")
    here = made(
        browse(ann), guests_allowed="2", capacity="5", **{"question-0": "Diet?", "required-0": "1"}
    )
    client = browse(bob)
    refused = client.post(f"/events/{here}/answer", data={"answer": "going", "guests": "2"})
    assert refused.status_code == 422
    assert "Please answer this question." in refused.text
    refused = client.post(
        f"/events/{here}/answer", data={"answer": "going", "guests": "3", "reply-0": "None"}
    )
    assert "You may bring 2 guests at most." in refused.text
    for nonsense in ({}, {"answer": "perhaps"}, {"answer": "going", "guests": "-1"}):
        assert client.post(f"/events/{here}/answer", data=nonsense).status_code == 422
    fragment = client.post(
        f"/events/{here}/answer",
        data={"answer": "going", "guests": "2", "reply-0": "=1+1"},
        headers={"HX-Request": "true"},
    )
    assert "<html" not in fragment.text
    assert "2 seats left of 5" in fragment.text
    table = browse(ann).get(f"/events/{here}/attendance.csv")
    assert table.mimetype == "text/csv"
    assert "Bob,bob" in table.text
    assert ",'=1+1" in table.text


def test_checking_in_by_code_and_by_tick(app: Flask, make: Factory, browse: Browser) -> None:
    ann, bob, eve = make.accounts("ann", "bob", "eve")
    today = soon(0, 0)
    here = made(
        browse(ann), starts_date=today.date().isoformat(), ends_date=soon(1).date().isoformat(),
        starts_time="00:00",
    )  # fmt: skip
    with app.app_context():
        code = db.session.get_one(Occurrence, here).check_in_code
    assert code in browse(ann).get(f"/events/{here}/attendance").text
    assert code not in browse(bob).get(f"/events/{here}").text
    wrong = browse(bob).post(f"/events/{here}/check-in", data={"code": "AAAAAA"})
    assert wrong.status_code == 422
    right = browse(bob).post(f"/events/{here}/check-in", data={"code": f" {code.lower()} "})
    assert right.status_code == 303
    assert "You are checked in." in browse(bob).get(f"/events/{here}").text
    browse(eve).post(f"/events/{here}/answer", data={"answer": "going"})
    tick = {"present": "1"}
    assert browse(bob).post(f"/events/{here}/attendance/eve", data=tick).status_code == 403
    assert browse(ann).post(f"/events/{here}/attendance/eve", data=tick).status_code == 303
    assert "here since" in browse(ann).get(f"/events/{here}/attendance").text
    later = made(browse(ann))
    with app.app_context():
        code = db.session.get_one(Occurrence, later).check_in_code
    assert browse(bob).post(f"/events/{later}/check-in", data={"code": code}).status_code == 409


@pytest.mark.parametrize("scope", ["this", "following", "all"])
def test_a_series_is_changed_by_its_form(make: Factory, browse: Browser, scope: str) -> None:
    ann, bob = make.accounts("ann", "bob")
    client = browse(ann)
    here = made(client, repeat="weekly", repeat_end="count", count="4", title="Standup")
    dates = sorted(set(re.findall(r'href="/events/(\d+)"', client.get(f"/events/{here}").text)))
    assert len(dates) == 4
    second = dates[1]
    browse(bob).post(f"/events/{here}/answer", data={"answer": "going", "series": "1"})
    page = client.get(f"/events/{second}/edit?scope={scope}").text
    fields = dict(re.findall(r'name="([a-z_]+)"[^>]*? value="([^"]*)"', page))
    fields |= {"starts_time": "15:00", "ends_time": "16:00", "scope": scope}
    if scope != "this":
        fields |= {"repeat": "weekly", "repeat_end": "count", "count": {"all": "4"}.get(scope, "3")}
        fields |= {"time_zone": "Europe/Paris", "audience": "everyone"}
        fields.pop("all_day", None)
    saved = client.post(f"/events/{second}", data=fields)
    assert saved.status_code == 303, saved.text
    hours = [", 15:00 – 16:00" in browse(bob).get(f"/events/{one}").text for one in dates]
    assert (
        hours
        == {
            "this": [False, True, False, False],
            "following": [False, True, True, True],
            "all": [True, True, True, True],
        }[scope]
    )
    assert 'aria-pressed="true"' in browse(bob).get(f"/events/{second}").text
    assert "another time" in browse(bob).get("/notifications").text
    cancelled = client.post(f"/events/{second}/cancel", data={"scope": "this"})
    assert cancelled.status_code == 303
    assert "This event has been cancelled." in browse(bob).get(f"/events/{second}").text
    assert browse(bob).post(f"/events/{second}/answer", data={"answer": "no"}).status_code == 409


def test_the_page_asks_as_much_for_a_full_event_as_for_an_empty_one(
    app: Flask, make: Factory, browse: Browser, statements: list[str]
) -> None:
    ann, bob = make.accounts("ann", "bob")
    here = made(browse(ann), repeat="weekly", announce="1")
    client = browse(bob)
    client.get(f"/events/{here}")
    statements.clear()
    client.get(f"/events/{here}")
    empty = len(statements)
    for number in range(12):
        person = make.account(f"p{number}")
        browse(person).post(f"/events/{here}/answer", data={"answer": "going"})
    statements.clear()
    client.get(f"/events/{here}")
    assert len(statements) == empty
    assert empty <= 22


def test_lists_of_a_group_and_of_a_page(app: Flask, make: Factory, browse: Browser) -> None:
    ann, bob = make.accounts("ann", "bob")
    make.group("board", owner=ann)
    made(browse(ann), organiser="group:board", title="Board meeting")
    assert "Board meeting" in browse(bob).get("/groups/board/events").text
    assert browse(bob).get("/pages/ann/events").status_code == 404
    # In the name of a group that one does not belong to, or of a page one does not write for.
    assert browse(bob).post("/events", data=form(organiser="group:board")).status_code == 403
    assert browse(bob).post("/events", data=form(organiser="page:ann")).status_code == 404
    assert browse(bob).post("/events", data=form(organiser="group:none")).status_code == 404
    guest = make.account("guest", Role.GUEST)
    assert browse(guest).post("/events", data=form()).status_code == 403
