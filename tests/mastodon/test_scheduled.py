"""Posts to come through the programs' door."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from flask import Flask

from intranet import background
from intranet.tasks.runner import Runner
from tests.browse import Browser
from tests.factories import Factory
from tests.mastodon.conftest import Call, Caller
from tests.media.pictures import picture


@pytest.fixture
def tasks(app: Flask) -> Runner:
    return background.runner(app)


def _in(**ahead: int) -> dt.datetime:
    return dt.datetime.now(dt.UTC) + dt.timedelta(**ahead)


def _schedule(program: Caller, at: dt.datetime, headers: Any = None, **sent: Any) -> Any:
    body = {"status": "Later", "scheduled_at": at.isoformat()} | sent
    answer = program.open("POST", "/api/v1/statuses", json=body, headers=headers or {})
    assert answer.status_code == 200, answer.text
    return answer.json


def test_it_is_published_once_at_its_time_with_all_it_has(
    make: Factory, call: Call, browse: Browser, tasks: Runner
) -> None:
    ann = make.account("ann")
    program = call(ann)
    sent = {"file": (picture(), "x.jpg"), "alt_text": "A boat"}
    media = str(browse(ann).post("/media", data=sent).json["id"])
    at = _in(hours=1)
    made = _schedule(
        program, at, spoiler_text="Film", language="en", media_ids=[media], visibility="private",
        poll={"options": ["Yes", "No"], "expires_in": 600, "multiple": True},
    )  # fmt: skip
    assert set(made) == {"id", "scheduled_at", "params", "media_attachments"}
    assert made["scheduled_at"][:19] == at.isoformat()[:19]
    assert made["params"]["text"] == "Later"
    assert made["params"]["spoiler_text"] == "Film"
    assert made["params"]["scheduled_at"] is None
    assert made["params"]["media_ids"] == [media]
    assert made["params"]["poll"]["options"] == ["Yes", "No"]
    assert made["media_attachments"][0]["description"] == "A boat"
    tasks.drain()
    assert program.get("/api/v1/timelines/home") == []
    assert program.get("/api/v1/scheduled_statuses") == [made]
    with time_machine.travel(at + dt.timedelta(seconds=2)):
        tasks.drain()
        tasks.drain()
        home = program.get("/api/v1/timelines/home")
        assert len(home) == 1
        post = home[0]
        assert (post["content"], post["spoiler_text"]) == ("<p>Later</p>", "Film")
        assert (post["visibility"], post["language"]) == ("private", "en")
        assert post["media_attachments"][0]["id"] == media
        assert (post["poll"]["multiple"], post["poll"]["expired"]) == (True, False)
        assert program.get("/api/v1/scheduled_statuses") == []


@pytest.mark.parametrize("minutes", [-5, 0, 4, 60 * 24 * 366 * 6])
def test_a_time_too_near_or_too_far_is_refused(make: Factory, call: Call, minutes: int) -> None:
    program = call(make.account("ann"))
    body = {"status": "x", "scheduled_at": _in(minutes=minutes).isoformat()}
    answer = program.open("POST", "/api/v1/statuses", json=body)
    assert (answer.status_code, set(answer.json["details"])) == (422, {"scheduled_at"})
    made = _schedule(program, _in(hours=1))
    path = f"/api/v1/scheduled_statuses/{made['id']}"
    for wrong in (body, {}, {"scheduled_at": "x"}):
        assert program.open("PUT", path, json=wrong).status_code == 422
    assert program.get(path) == made
    assert program.get("/api/v1/timelines/home") == []


def test_it_is_moved_and_given_up(make: Factory, call: Call, tasks: Runner) -> None:
    program = call(make.account("ann"))
    first, second = (_schedule(program, _in(hours=hours)) for hours in (1, 2))
    path = f"/api/v1/scheduled_statuses/{first['id']}"
    later = _in(hours=3)
    # Mastodon.py and others send a time without a zone as well.
    moved = program.open("PUT", path, json={"scheduled_at": later.isoformat()}).json
    assert (moved["id"], moved["scheduled_at"] > second["scheduled_at"]) == (first["id"], True)
    listed = program.get("/api/v1/scheduled_statuses")
    assert [one["id"] for one in listed] == [second["id"], first["id"]]
    gone = program.open("DELETE", f"/api/v1/scheduled_statuses/{second['id']}")
    assert (gone.status_code, gone.json) == (200, {})
    with time_machine.travel(_in(hours=2, minutes=30)):
        tasks.drain()
        assert program.get("/api/v1/timelines/home") == []
    with time_machine.travel(later + dt.timedelta(minutes=1)):
        tasks.drain()
        assert len(program.get("/api/v1/timelines/home")) == 1
        assert program.open("GET", path).status_code == 404


def test_sent_again_with_its_key_it_is_one(make: Factory, call: Call, tasks: Runner) -> None:
    program = call(make.account("ann"))
    key, at = {"Idempotency-Key": "abc"}, _in(minutes=10)
    ids = {_schedule(program, at, key)["id"] for _ in range(3)}
    assert len(ids) == 1
    with time_machine.travel(at + dt.timedelta(seconds=1)):
        tasks.drain()
        post = program.get("/api/v1/timelines/home")[0]
        assert _schedule(program, _in(hours=1), key)["content"] == post["content"]
        assert program.get("/api/v1/scheduled_statuses") == []
        assert len(program.get("/api/v1/timelines/home")) == 1


def test_its_key_used_for_another_post_meanwhile_loses_nothing(
    make: Factory, call: Call, tasks: Runner
) -> None:
    program = call(make.account("ann"))
    key, at = {"Idempotency-Key": "abc"}, _in(minutes=10)
    _schedule(program, at, key)
    body = {"status": "Now"}
    now = program.open("POST", "/api/v1/statuses", json=body, headers=key).json
    with time_machine.travel(at + dt.timedelta(seconds=1)):
        tasks.drain()
        texts = [one["content"] for one in program.get("/api/v1/timelines/home")]
        assert texts == ["<p>Later</p>", "<p>Now</p>"]
        assert program.get("/api/v1/scheduled_statuses") == []
        again = program.open("POST", "/api/v1/statuses", json=body, headers=key).json
        assert again["id"] == now["id"]


@pytest.mark.settings(scheduled_max=2)
def test_there_are_not_more_than_the_settings_say(make: Factory, call: Call) -> None:
    program = call(make.account("ann"))
    for _ in range(2):
        _schedule(program, _in(hours=1))
    body = {"status": "x", "scheduled_at": _in(hours=1).isoformat()}
    assert program.open("POST", "/api/v1/statuses", json=body).status_code == 422


def test_nobody_else_meets_it(make: Factory, call: Call) -> None:
    hers, his = (call(one) for one in make.accounts("ann", "bob"))
    made = _schedule(hers, _in(hours=1))
    path = f"/api/v1/scheduled_statuses/{made['id']}"
    assert hers.open("GET", path).status_code == 200
    body = {"scheduled_at": _in(hours=2).isoformat()}
    for method, sent in (("GET", None), ("PUT", body), ("PUT", {}), ("DELETE", None)):
        for there in (path, "/api/v1/scheduled_statuses/42"):
            answer = his.open(method, there, json=sent)
            assert (answer.status_code, answer.json) == (404, {"error": "Record not found"})
    assert his.get("/api/v1/scheduled_statuses") == []
    assert hers.get(path) == made


def test_the_list_is_walked(make: Factory, call: Call) -> None:
    program = call(make.account("ann"))
    ids = [_schedule(program, _in(hours=1))["id"] for _ in range(3)][::-1]
    path = "/api/v1/scheduled_statuses"
    first = program.open("GET", path, query_string={"limit": "2"})
    assert [one["id"] for one in first.json] == ids[:2]
    assert f"max_id={ids[1]}" in first.headers["Link"]
    assert [one["id"] for one in program.get(path, max_id=ids[1])] == ids[2:]


def test_the_file_of_a_post_to_come_is_not_thrown_away(
    make: Factory, call: Call, browse: Browser
) -> None:
    ann = make.account("ann")
    program = call(ann)
    media = str(browse(ann).post("/media", data={"file": (picture(), "x.jpg")}).json["id"])
    made = _schedule(program, _in(hours=1), media_ids=[media])
    assert program.open("DELETE", f"/api/v1/media/{media}").status_code == 422
    kept = program.get(f"/api/v1/scheduled_statuses/{made['id']}")
    assert [one["id"] for one in kept["media_attachments"]] == [media]
