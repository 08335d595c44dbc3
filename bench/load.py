"""A small load client: some keep-alive connections, one thread, raw sockets.

It shares the machine's cores with the server, and has to cost little beside it: one selector, no
parsing beyond the length of an answer. Loopback only.
"""

from __future__ import annotations

import selectors
import socket
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Load:
    """What came of it: `times` in milliseconds, `size` in bytes of the last body."""

    times: tuple[float, ...]
    seconds: float
    size: int

    @property
    def per_second(self) -> float:
        return len(self.times) / self.seconds

    def quantile(self, percent: int) -> float:
        """The p50, p95 ... of the times, in milliseconds."""
        if len(self.times) < 2:
            return self.times[0] if self.times else float("nan")
        return statistics.quantiles(self.times, n=100, method="inclusive")[percent - 1]


class _Connection:
    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = bytearray()
        self.expected = -1
        self.began = 0.0
        self.size = 0

    def ask(self, request: bytes) -> None:
        self.received.clear()
        self.expected = -1
        self.began = time.perf_counter()
        self.socket.sendall(request)

    def read(self) -> bool:
        """Take what has come; True when the answer is complete."""
        part = self.socket.recv(1 << 18)
        if not part:
            raise ConnectionError("the server closed the connection")
        self.received += part
        if self.expected < 0:
            end = self.received.find(b"\r\n\r\n")
            if end < 0:
                return False
            head = bytes(self.received[:end]).lower()
            if not head.startswith(b"http/1.1 200"):
                raise RuntimeError(head.decode("latin-1"))
            at = head.index(b"content-length:") + 15
            self.size = int(head[at:].split(b"\r\n", 1)[0])
            self.expected = end + 4 + self.size
        return len(self.received) >= self.expected


def request_for(path: str, cookie: str = "", *, token: str = "", form: str = "") -> bytes:
    """The bytes of a GET, or with a form of a POST. Encodings are not asked for: every answer has
    its own size."""
    lines = [f"{'POST' if form else 'GET'} {path} HTTP/1.1", "Host: 127.0.0.1", "Accept: */*"]
    if cookie:
        lines.append(f"Cookie: {cookie}")
    if token:
        lines.append(f"Authorization: Bearer {token}")
    if form:
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(form)}"]
    return ("\r\n".join([*lines, "", ""]) + form).encode("ascii")


def run(port: int, requests: Sequence[bytes], *, connections: int, seconds: float) -> Load:
    """Ask for one request after another, round and round, on so many connections at once."""
    selector = selectors.DefaultSelector()
    turn = 0
    for _ in range(connections):
        connection = _Connection(port)
        selector.register(connection.socket, selectors.EVENT_READ, connection)
        connection.ask(requests[turn % len(requests)])
        turn += 1
    times: list[float] = []
    size = 0
    began = time.perf_counter()
    end = began + seconds
    while (now := time.perf_counter()) < end:
        for key, _events in selector.select(end - now):
            connection = key.data
            if not connection.read():
                continue
            times.append((time.perf_counter() - connection.began) * 1000)
            size = connection.size
            connection.ask(requests[turn % len(requests)])
            turn += 1
    spent = time.perf_counter() - began
    for key in list(selector.get_map().values()):
        key.data.socket.close()
    selector.close()
    return Load(tuple(times), spent, size)
