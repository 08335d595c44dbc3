"""Lines whose programs read slowly, or say nothing themselves, over real connections."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from wsproto.connection import Connection, ConnectionType
from wsproto.events import Ping

from intranet.mastodon.streaming import websocket
from intranet.mastodon.streaming.line import MOST_WAITING, Line, Message
from intranet.mastodon.streaming.streams import Channel, Stream
from intranet.mastodon.streaming.websocket import Handshake, Upgrade

HEADERS = {
    "Host": "parvis.example", "Connection": "Upgrade", "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}  # fmt: skip
STREAM = Stream(Channel.USER)


class Reader:
    """The request body of a server that lends its connection."""

    def __init__(self, connection: socket.socket) -> None:
        self.raw = type("Raw", (), {"_sock": connection})()


class Served:
    """A line that is served to one end of a connection; the other end is the program's."""

    def __init__(self) -> None:
        self.program, end = socket.socketpair()
        self.program.settimeout(5)
        self.line, self.gone = Line(1, 1), threading.Event()
        upgrade = Upgrade(
            Handshake(HEADERS.items()), self.line, lambda *_: None, lambda _: self.gone.set()
        )
        frames = upgrade({"wsgi.input": Reader(end)}, None)
        self._serving = threading.Thread(target=lambda: list(frames), daemon=True)
        self._serving.start()
        self.end = end

    def tell(self, size: int) -> None:
        self.line.say(Message(STREAM, "update", "x" * size))

    def close(self) -> None:
        self.line.cut()
        self._serving.join(5)
        assert not self._serving.is_alive()
        self.program.close()
        self.end.close()


@pytest.fixture
def serve() -> Iterator[Callable[[], Served]]:
    made: list[Served] = []

    def make() -> Served:
        made.append(Served())
        return made[-1]

    yield make
    for one in made:
        one.close()


def test_who_does_not_read_is_cut_off_and_holds_up_nobody(serve: Callable[[], Served]) -> None:
    slow, quick = serve(), serve()
    received = bytearray()

    def read() -> None:
        while part := quick.program.recv(1 << 20):
            received.extend(part)

    reading = threading.Thread(target=read, daemon=True)
    reading.start()
    began = time.monotonic()
    for _number in range(MOST_WAITING + 50):
        slow.tell(50_000)  # far more than the connection itself takes in
        quick.tell(10)
        time.sleep(0.001)
    assert time.monotonic() - began < 5  # nobody was waited for
    assert slow.gone.wait(5)
    assert slow.line.ended
    assert not quick.line.ended
    end = time.monotonic() + 5
    while received.count(b'"update"') < MOST_WAITING + 50 and time.monotonic() < end:
        time.sleep(0.01)
    assert received.count(b'"update"') == MOST_WAITING + 50
    quick.close()
    reading.join(5)


def test_a_program_that_only_listens_is_asked_whether_it_is_there_while_much_is_told(
    serve: Callable[[], Served], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without it a busy line would be taken for a dead one: its program never has to answer."""
    monkeypatch.setattr(websocket, "_PING_SECONDS", 0.3)
    monkeypatch.setattr(websocket, "_SILENCE_SECONDS", 1.5)
    served = serve()
    stopped = threading.Event()

    def talk() -> None:
        while not stopped.wait(0.05):
            served.tell(10)

    talking = threading.Thread(target=talk, daemon=True)
    talking.start()
    head = b""
    while b"\r\n\r\n" not in head:
        head += served.program.recv(1)
    client, pings, end = Connection(ConnectionType.CLIENT), 0, time.monotonic() + 3
    while time.monotonic() < end:  # twice as long as silence is borne
        client.receive_data(served.program.recv(4096))
        for event in client.events():
            if isinstance(event, Ping):
                served.program.sendall(client.send(event.response()))
                pings += 1
    assert pings >= 3
    assert not served.line.ended
    stopped.set()
    talking.join()
