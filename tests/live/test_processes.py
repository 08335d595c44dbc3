"""Web, realtime and worker as processes of their own, tied together by Redis."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator

import pytest
from flask import Flask
from simple_websocket import Client, ConnectionClosed

from intranet.settings import Settings
from tests.browse import Browser
from tests.factories import Factory
from tests.serving import cookie_of, free_port, serving

pytestmark = pytest.mark.redis


@pytest.fixture(scope="module")
def redis_url() -> Iterator[str]:
    """The Redis of the test run, or one of our own."""
    if given := os.environ.get("TEST_REDIS_URL"):
        yield given
        return
    program = shutil.which("redis-server")
    assert program, "install redis-server, or name a server in TEST_REDIS_URL"
    port = free_port()
    process = subprocess.Popen(
        [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
        stdout=subprocess.DEVNULL,
    )
    yield f"redis://127.0.0.1:{port}/0"
    process.terminate()
    process.wait(5)


def connect(port: int, cookie: str, origin_port: int) -> Client:
    """A raw Engine.IO line (https://socket.io/docs/v4/engine-io-protocol/), signed in."""
    address = f"ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket"
    headers = {"Cookie": cookie, "Origin": f"http://127.0.0.1:{origin_port}"}
    line = Client.connect(address, headers=headers)
    line.send("40")
    assert line.receive(5).startswith("0")
    assert line.receive(5).startswith("40")
    return line


def next_message(line: Client, seconds: float = 5) -> str:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        message = line.receive(end - time.monotonic())
        if message is not None and message.startswith("42"):
            return str(json.loads(message[2:])[0])
    raise AssertionError("nothing was told")


def ended(line: Client, seconds: float = 5) -> bool:
    end = time.monotonic() + seconds
    try:
        while time.monotonic() < end:
            line.receive(end - time.monotonic())
    except ConnectionClosed:
        return True
    return False


def ask(port: int, method: str, path: str, **headers: str) -> tuple[int, str, str]:
    """Status, body and cookie of an answer."""
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as line:
        line.request(method, path, headers=headers)
        answer = line.getresponse()
        kept = (answer.getheader("Set-Cookie") or "").split(";")[0]
        return answer.status, answer.read().decode(), kept


def send(port: int, path: str, cookie: str) -> int:
    """POST without a body, with the form token that belongs to the session."""
    _status, page, kept = ask(port, "GET", "/notifications", Cookie=cookie)
    found = re.search(r'name="csrf-token" content="([^"]+)"', page)
    assert found, page[:300]
    return ask(port, "POST", path, **{"Cookie": kept or cookie, "X-CSRFToken": found[1]})[0]


def test_a_notification_crosses_from_the_web_to_the_realtime_process(
    app: Flask, settings: Settings, make: Factory, browse: Browser, redis_url: str
) -> None:
    ann, bob = make.accounts("ann", "bob")
    cookies = {who.handle: cookie_of(app, browse, who) for who in (ann, bob)}
    shared = settings.model_copy(update={"redis_url": redis_url})
    with (
        serving(shared, role="web") as web,
        serving(shared, role="realtime", base_port=web) as realtime,
        serving(shared, role="worker"),
    ):
        line = connect(realtime, cookies["bob"], web)
        assert send(web, "/@bob/follow", cookies["ann"]) in (200, 204, 303)
        assert next_message(line) == "notification.new"
        # Signing out of the web process ends the line that the realtime process holds.
        assert send(web, "/logout", cookies["bob"]) == 303
        assert ended(line)


def test_a_foreign_origin_and_a_stranger_get_no_line(
    app: Flask, settings: Settings, make: Factory, browse: Browser
) -> None:
    cookie = cookie_of(app, browse, make.account("ann"))
    with serving(settings) as port:
        line = connect(port, cookie, port)
        line.close()
        upgrade = {
            "Cookie": cookie,
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        }
        socket = "/socket.io/?EIO=4&transport=websocket"
        for origin in ("http://evil.example", "null", f"http://127.0.0.1:{port}.evil.example"):
            assert ask(port, "GET", socket, Origin=origin, **upgrade)[0] == 400
        polling = "/socket.io/?EIO=4&transport=polling"
        assert ask(port, "GET", polling, Cookie=cookie)[0] == 400
        stranger = Client.connect(
            f"ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket",
            headers={"Origin": f"http://127.0.0.1:{port}"},
        )
        stranger.send("40")
        assert stranger.receive(5).startswith("0")
        assert stranger.receive(5).startswith("44")
