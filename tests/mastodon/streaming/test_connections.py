"""Programs on real connections to a real server."""

from __future__ import annotations

import contextlib
import http.client
import json
import time
from collections.abc import Iterator

import pytest
from flask import Flask

from intranet.groups.models import GroupPrivacy
from intranet.mastodon.streaming.websocket import Handshake, NoHandshake
from intranet.oauth import tokens
from intranet.settings import Settings
from intranet.unit_of_work import unit_of_work
from tests.browse import Browser
from tests.factories import Factory
from tests.live.test_processes import redis_url  # noqa: F401  (a fixture)
from tests.mastodon.streaming.lines import Socket, ask, events, next_event
from tests.mastodon.tokens import token_of
from tests.serving import serving

UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


def status_of(port: int, path: str, **headers: str) -> tuple[int, str]:
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as line:
        line.request("GET", f"/api/v1/streaming{path}", headers=headers)
        answer = line.getresponse()
        return answer.status, answer.read().decode()


def test_a_program_listens_until_its_token_dies(
    app: Flask, settings: Settings, make: Factory, browse: Browser
) -> None:
    ann, bob, eve = make.accounts("ann", "bob", "eve")
    make.follow(bob, ann)
    make.follow(eve, ann)
    group = make.group("kraken", GroupPrivacy.SECRET, owner=ann, members=[bob])
    secret = make.post(ann, "A beginning", group=group)
    writes, reads, outside = (token_of(app, who) for who in (ann, bob, eve))
    with serving(settings) as port:
        _refuses_who_has_no_token(port, reads)
        line, outsider = Socket(port, reads), Socket(port, outside, "stream=user", by="query")
        assert line.client.subprotocol == reads  # browsers drop a socket that does not echo it
        line.subscribe("user")
        line.subscribe("public:local")
        line.subscribe("hashtag", tag="kraken")
        outsider.subscribe("public")
        outsider.subscribe("hashtag", tag="kraken")
        made = ask(port, writes, "POST", "/api/v1/statuses", status="Hello", visibility="private")
        said = line.event("update")
        assert said["stream"] == ["user"]
        assert said["payload"] == ask(port, reads, "GET", f"/api/v1/statuses/{made['id']}")
        assert outsider.event("update")["payload"]["id"] == made["id"]
        ask(port, writes, "PUT", f"/api/v1/statuses/{made['id']}", status="Hello again")
        changed = line.event("status.update")["payload"]
        assert (changed["id"], "again" in changed["content"]) == (made["id"], True)
        outsider.event("status.update")
        # A star is no edit: what follows is the deletion, and its payload is the bare number.
        ask(port, reads, "POST", f"/api/v1/statuses/{made['id']}/favourite")
        ask(port, writes, "DELETE", f"/api/v1/statuses/{made['id']}")
        gone = {"stream": ["user"], "event": "delete", "payload": made["id"]}
        assert line.next() == gone
        assert outsider.next() == gone

        # The secret group's: who is outside has no way to it, and hears nothing.
        assert browse(eve).get("/groups/kraken").status_code == 404
        answer = {"status": "Secret #kraken @bob @eve", "in_reply_to_id": str(secret.id)}
        ask(port, writes, "POST", "/api/v1/statuses", **answer)
        assert line.event("notification")["payload"]["type"] == "mention"
        assert line.event("update")["stream"] == ["hashtag", "kraken"]
        assert outsider.rest() == []

        _revoke(app, reads)
        began = time.monotonic()
        assert line.ended_within(6) == 1008
        assert time.monotonic() - began < 5
        assert status_of(port, "", **UPGRADE, Authorization=f"Bearer {reads}")[0] == 401
        outsider.close()


def _revoke(app: Flask, token: str) -> None:
    """Behind the server's back, as the command line does it."""
    with app.app_context():
        found = tokens.find(token)
        assert found is not None
        with unit_of_work():
            tokens.revoke_one(found.token_id)


def _refuses_who_has_no_token(port: int, token: str) -> None:
    assert status_of(port, "/health") == (200, "OK")
    for path in ("", "/", "/user", "?stream=user&access_token=nobody"):
        status, body = status_of(port, path, **UPGRADE)
        assert (status, json.loads(body)["error"]) == (401, "The access token is invalid"), path
    bearer = {"Authorization": f"Bearer {token}"}
    assert status_of(port, "", **bearer)[0] == 400
    assert status_of(port, "", **bearer, Upgrade="websocket", Connection="Upgrade")[0] == 400
    assert status_of(port, "?stream=all", **bearer, **UPGRADE)[0] == 400
    assert status_of(port, "?stream=hashtag", **bearer, **UPGRADE)[0] == 400
    assert status_of(port, "?stream=list&list=5", **bearer, **UPGRADE)[0] == 404


def test_events_are_sent_as_they_happen_and_nothing_holds_them_back(
    app: Flask, settings: Settings, make: Factory
) -> None:
    ann, bob = make.accounts("ann", "bob")
    writes, reads = token_of(app, ann), token_of(app, bob)
    narrow = token_of(app, bob, "read:notifications")
    with serving(settings) as port:
        with events(port, reads, "public/local", seconds=30) as answer:
            assert answer.status == 200
            assert answer.getheader("Content-Type", "").startswith("text/event-stream")
            assert answer.getheader("Content-Encoding") is None
            assert answer.getheader("X-Accel-Buffering") == "no"
            assert answer.readline() == b":thump\n"
            made = ask(port, writes, "POST", "/api/v1/statuses", status="Hello #Reef")
            name, data = next_event(answer)
            assert (name, json.loads(data)["id"]) == ("update", made["id"])
            ask(port, writes, "DELETE", f"/api/v1/statuses/{made['id']}")
            assert next_event(answer) == ("delete", made["id"])
            assert answer.readline() == b":thump\n"  # after 15 seconds of silence
        with events(port, reads, "hashtag?tag=reef") as answer:
            assert answer.readline() == b":thump\n"
            ask(port, writes, "POST", "/api/v1/statuses", status="Again #reef")
            assert next_event(answer)[0] == "update"
        for path, token, status in (
            ("user", narrow, 403), ("public/media", narrow, 403), ("user/notification", reads, 200),
            ("direct", reads, 200), ("everything", reads, 404), ("hashtag", reads, 400),
            ("list", reads, 400), ("list?list=5", reads, 404), ("user", "nobody", 401),
        ):  # fmt: skip
            with events(port, token, path) as answer:
                assert answer.status == status, path


def test_a_token_may_be_shown_in_every_way_that_programs_know(
    app: Flask, settings: Settings, make: Factory
) -> None:
    ann, bob = make.accounts("ann", "bob")
    writes, reads = token_of(app, ann), token_of(app, bob)
    with serving(settings) as port:
        lines = [
            Socket(port, reads, "stream=public", by=by)
            for by in ("protocol", "header", "query", "slash")
        ]
        for line in lines:
            line.settle()
        with opened(port, f"/api/v1/streaming/public?access_token={reads}") as answer:
            assert (answer.status, answer.readline()) == (200, b":thump\n")
            made = ask(port, writes, "POST", "/api/v1/statuses", status="Hello")
            assert json.loads(next_event(answer)[1])["id"] == made["id"]
        for line in lines:
            assert line.event("update")["payload"]["id"] == made["id"]
            line.close()
        # Elsewhere an address opens nothing: it is kept in logs.
        with opened(port, f"/api/v1/timelines/home?access_token={reads}") as answer:
            assert answer.status == 401


@contextlib.contextmanager
def opened(port: int, path: str) -> Iterator[http.client.HTTPResponse]:
    """What is answered to a request without any header of ours."""
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as line:
        line.request("GET", path)
        answer = line.getresponse()
        with contextlib.closing(answer):
            yield answer


@pytest.mark.redis
def test_what_one_process_does_is_heard_in_another(
    app: Flask,
    settings: Settings,
    make: Factory,
    redis_url: str,  # noqa: F811
) -> None:
    ann, bob = make.accounts("ann", "bob")
    writes, reads = token_of(app, ann), token_of(app, bob)
    shared = settings.model_copy(update={"redis_url": redis_url})
    with (
        serving(shared, role="web") as web,
        serving(shared, role="realtime", base_port=web) as realtime,
    ):
        # A stream would take the place of everybody's pages there.
        with events(web, reads, "user") as answer:
            assert answer.status == 503
        line = Socket(realtime, reads)
        line.subscribe("public")
        line.subscribe("user:notification")
        made = ask(web, writes, "POST", "/api/v1/statuses", status="Hello @bob")
        assert line.event("update")["payload"]["id"] == made["id"]
        _revoke(app, reads)
        assert line.ended_within(5) == 1008


@pytest.mark.parametrize("name", ["Sec-WebSocket-Protocol", "Connection", "Upgrade"])
def test_a_header_that_is_not_ascii_opens_nothing(name: str) -> None:
    good = {"Host": "parvis.test", **UPGRADE}
    Handshake(good.items())
    with pytest.raises(NoHandshake):
        Handshake({**good, name: "websocket, upgrade, \xff"}.items())
