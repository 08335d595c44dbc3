"""Programs that listen, for benchmarks: many WebSockets read by one thread, which costs little
beside the server that it measures. Loopback only."""

from __future__ import annotations

import re
import selectors
import socket
import struct
import threading
import time
from collections.abc import Sequence

_POST = re.compile(rb'\\"id\\":\\"(\d+)\\"')
_ASK = (
    "GET /api/v1/streaming HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\n"
    "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer {token}\r\n\r\n"
)
_SAID = ('{"type":"subscribe","stream":"user"}', '{"type":"subscribe","stream":"public"}', "{}")


class Program:
    """One of them: `heard` says when it heard of which post in the stream `public`."""

    def __init__(self, port: int, token: str) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.heard: dict[str, float] = {}
        self.ready = threading.Event()
        self.alive = True
        self._received = bytearray()
        self._open = False
        self.socket.sendall(_ASK.format(token=token).encode())

    def read(self) -> None:
        """Take what has come."""
        part = self.socket.recv(1 << 18)
        now = time.perf_counter()
        if not part:
            raise ConnectionError("the server closed the connection")
        self._received += part
        if not self._open and (end := self._received.find(b"\r\n\r\n")) >= 0:
            if b" 101 " not in self._received[:end]:
                raise ConnectionError(bytes(self._received[:end]).decode("latin-1"))
            del self._received[: end + 4]
            self._open = True
            self.socket.sendall(b"".join(_frame(1, said.encode()) for said in _SAID))
        while self._open and (frame := self._next()) is not None:
            self._take(*frame, now)

    def _next(self) -> tuple[int, bytes] | None:
        got = self._received
        if len(got) < 2:
            return None
        length, start = got[1] & 127, 2
        if length == 126:
            if len(got) < 4:
                return None
            length, start = struct.unpack_from(">H", got, 2)[0], 4
        elif length == 127:
            if len(got) < 10:
                return None
            length, start = struct.unpack_from(">Q", got, 2)[0], 10
        if len(got) < start + length:
            return None
        kind, body = got[0] & 15, bytes(got[start : start + length])
        del got[: start + length]
        return kind, body

    def _take(self, kind: int, body: bytes, now: float) -> None:
        if kind == 9:
            self.socket.sendall(_frame(10, body))
        elif kind == 8:
            raise ConnectionError("the server ended the line")
        elif b'"error"' in body[:20]:
            self.ready.set()  # nonsense is refused after the subscriptions were taken
        elif b'"event":"update"' in body and b'"stream":["public"]' in body:
            found = _POST.search(body)
            assert found is not None
            self.heard.setdefault(found[1].decode(), now)


def _frame(kind: int, body: bytes) -> bytes:
    """A short frame with a mask of zeros."""
    return bytes((128 | kind, 128 | len(body), 0, 0, 0, 0)) + body


class Listening(threading.Thread):
    """Opens a line for each token, and reads them all until it is stopped."""

    def __init__(self, port: int, tokens: Sequence[str]) -> None:
        super().__init__(daemon=True)
        self._port, self._tokens = port, tokens
        self.programs: list[Program] = []
        self._selector = selectors.DefaultSelector()
        self._stopped = False

    def run(self) -> None:
        """Open them one after another, then read."""
        for token in self._tokens:
            program = Program(self._port, token)
            self.programs.append(program)
            self._selector.register(program.socket, selectors.EVENT_READ, program)
            self._read(0.002)
        while not self._stopped:
            self._read(0.2)

    def connected(self, seconds: float) -> int:
        """How many have their subscriptions, within so long."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            ready = sum(one.ready.is_set() for one in tuple(self.programs))
            if ready == len(self._tokens):
                break
            time.sleep(0.05)
        return sum(one.ready.is_set() for one in tuple(self.programs))

    def stop(self) -> None:
        """Read no more, and hang up."""
        self._stopped = True
        self.join(5)
        for one in self.programs:
            one.socket.close()

    def _read(self, seconds: float) -> None:
        for key, _events in self._selector.select(seconds):
            program: Program = key.data
            try:
                program.read()
            except OSError:
                program.alive = False
                self._selector.unregister(program.socket)
