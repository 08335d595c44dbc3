"""Real programs on real connections: WebSockets and server-sent events, read with a deadline."""

from __future__ import annotations

import contextlib
import http.client
import json
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from simple_websocket import Client, ConnectionClosed

_SECONDS = 8.0
_SILENCE = 1.2


class Socket:
    """A WebSocket of a program."""

    def __init__(self, port: int, token: str, query: str = "", *, by: str = "protocol") -> None:
        address = f"ws://127.0.0.1:{port}/api/v1/streaming"
        protocols, headers = None, {}
        if by == "protocol":
            protocols = [token]
        elif by == "header":
            headers = {"Authorization": f"Bearer {token}"}
        else:
            query = f"{query}&access_token={token}".lstrip("&")
        if by == "slash":
            address += "/"
        self.client = Client.connect(
            f"{address}?{query}" if query else address, subprotocols=protocols, headers=headers
        )

    def send(self, **frame: Any) -> None:
        self.client.send(json.dumps(frame))

    def subscribe(self, stream: str, **more: Any) -> None:
        self.send(type="subscribe", stream=stream, **more)
        self.settle()

    def settle(self) -> None:
        """Frames are taken in their order: an answer to nonsense says that all before was done."""
        self.client.send("nonsense")
        assert self.next() == {"error": "This is not JSON", "status": 400}

    def next(self, seconds: float = _SECONDS) -> dict[str, Any]:
        said = self.client.receive(seconds)
        assert said is not None, "nothing was told"
        found: dict[str, Any] = json.loads(said)
        return found

    def event(self, name: str, seconds: float = _SECONDS) -> dict[str, Any]:
        """The next message of this event; its payload is read, others are passed over."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            said = self.client.receive(max(0.01, end - time.monotonic()))
            if said is not None and (found := json.loads(said)).get("event") == name:
                with contextlib.suppress(ValueError):
                    found["payload"] = json.loads(found["payload"])
                return dict(found)
        raise AssertionError(f"no {name}")

    def rest(self, seconds: float = _SILENCE) -> list[dict[str, Any]]:
        """Whatever else comes within a while."""
        found = []
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            said = self.client.receive(left)
            if said is not None:
                found.append(json.loads(said))
        return found

    def ended_within(self, seconds: float) -> int | None:
        """The close code, when the server ends it in time."""
        end = time.monotonic() + seconds
        try:
            while (left := end - time.monotonic()) > 0:
                self.client.receive(left)
        except ConnectionClosed as closed:
            return int(closed.reason)
        return None

    def close(self) -> None:
        with contextlib.suppress(ConnectionClosed, OSError):
            self.client.close()


@contextlib.contextmanager
def events(
    port: int, token: str, path: str, seconds: float = _SECONDS
) -> Iterator[http.client.HTTPResponse]:
    """An open stream of server-sent events."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
    line.request(
        "GET",
        f"/api/v1/streaming/{path}",
        headers={"Authorization": f"Bearer {token}", "Accept-Encoding": "br, gzip"},
    )
    try:
        yield line.getresponse()
    finally:
        line.close()


def next_event(answer: http.client.HTTPResponse) -> tuple[str, str]:
    """The next event's name and data; comments are passed over."""
    name = ""
    while True:
        said = answer.readline().decode()
        assert said, "the stream has ended"
        if said.startswith("event: "):
            name = said.removeprefix("event: ").rstrip("\n")
        elif said.startswith("data: "):
            assert answer.readline() == b"\n"
            return name, said.removeprefix("data: ").rstrip("\n")


def ask(port: int, token: str, method: str, path: str, **form: Any) -> Any:
    """What a program asks of the server that holds the lines."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    with contextlib.closing(line):
        body = urlencode(form, doseq=True)
        headers = {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        line.request(method, path, body, headers)
        answer = line.getresponse()
        text = answer.read().decode()
        assert answer.status == 200, (path, answer.status, text)
        return json.loads(text)
