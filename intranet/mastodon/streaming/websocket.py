"""A line as a WebSocket (RFC 6455).

The request's own thread of work reads what the program sends, a second one writes: whoever reads
slowly holds up nobody. Requests that ask for one are answered by a response that takes over the
connection when the server begins to send it, when the request's context has ended.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

import h11
import orjson
from flask import Response
from wsproto import ConnectionType, WSConnection, events
from wsproto.events import (
    AcceptConnection,
    BytesMessage,
    CloseConnection,
    Event,
    Ping,
    Request,
    TextMessage,
)
from wsproto.frame_protocol import CloseReason
from wsproto.utilities import LocalProtocolError, RemoteProtocolError

from intranet.mastodon.streaming.line import NOTHING, End, Item, Line, Pong, Refusal
from intranet.mastodon.streaming.sockets import hang_up, socket_of

_PING_SECONDS = 30.0
_SILENCE_SECONDS = 90.0  # after which nobody is there: pings are answered
_SEND_SECONDS = 15.0  # in which a program has to take what it is sent
_MOST_SAID = 4096  # bytes of a frame that a program sends
_READ = 4096
# Extensions are left out: messages travel uncompressed, which costs no memory for each line.
_OF_HANDSHAKE = frozenset(
    {"host", "upgrade", "connection"}
    | {f"sec-websocket-{name}" for name in ("key", "version", "protocol")}
)

Hear = Callable[[Line, str], None]


class NoHandshake(ValueError):
    """What was sent does not open a WebSocket."""


class Handshake:
    """The opening of one connection."""

    def __init__(self, headers: Iterable[tuple[str, str]]) -> None:
        """NoHandshake when it is none. The first protocol that is offered is echoed, since
        programs put their token there and browsers drop a connection that is silent about it."""
        self.protocol = WSConnection(ConnectionType.SERVER)
        sent = [
            (name.lower().encode(), value.encode("latin-1"))
            for name, value in headers
            if name.lower() in _OF_HANDSHAKE
        ]
        try:
            self.protocol.initiate_upgrade_connection(sent, "/")
            asked = next(iter(self.protocol.events()), None)
        # The last one: what is not ASCII where only ASCII is allowed is not caught by the library.
        except (RemoteProtocolError, h11.LocalProtocolError, UnicodeDecodeError) as error:
            raise NoHandshake from error
        if not isinstance(asked, Request):
            raise NoHandshake
        offered = next(iter(asked.subprotocols), None)
        self.answer = self.protocol.send(AcceptConnection(subprotocol=offered))


class Upgrade(Response):
    """The response that becomes a WebSocket. `hear` is given every text the program sends,
    `gone` is called when the line has ended."""

    def __init__(
        self, handshake: Handshake, line: Line, hear: Hear, gone: Callable[[Line], None]
    ) -> None:
        super().__init__(status=101)
        self._handshake = handshake
        self._line = line
        self._hear = hear
        self._gone = gone

    def __call__(self, environ: Any, _start_response: Any) -> Iterable[bytes]:
        """Nothing is written by the server: the connection is ours from here on."""
        connection = socket_of(environ)
        assert connection is not None  # the view has looked
        return _serve(connection, self._handshake, self._line, self._hear, self._gone)


def _serve(
    connection: socket.socket,
    handshake: Handshake,
    line: Line,
    hear: Hear,
    gone: Callable[[Line], None],
) -> Iterable[bytes]:
    """Serve until one side ends; a generator that yields nothing, for the server to run."""
    line.hang_up = lambda: hang_up(connection)
    writing = connection.dup()
    writer = threading.Thread(
        target=_write, args=(writing, handshake, line), name="stream", daemon=True
    )
    try:
        writer.start()
        _read(connection, handshake.protocol, line, hear)
    finally:
        gone(line)
        line.end(int(CloseReason.NORMAL_CLOSURE))
        writer.join(_SEND_SECONDS)
        hang_up(connection)
        connection.close()
    yield from ()


def _read(connection: socket.socket, protocol: WSConnection, line: Line, hear: Hear) -> None:
    connection.settimeout(_SILENCE_SECONDS)
    said: list[str] = []
    while not line.ended:
        try:
            data = connection.recv(_READ)
        except OSError:
            return
        if not data:
            return
        try:
            protocol.receive_data(data)
            for event in protocol.events():
                if not _take(event, line, hear, said):
                    return
        except (RemoteProtocolError, LocalProtocolError):
            line.end(int(CloseReason.PROTOCOL_ERROR))


def _take(event: Event, line: Line, hear: Hear, said: list[str]) -> bool:
    """What the program sent; False when nothing follows."""
    if isinstance(event, CloseConnection):
        line.end(int(CloseReason.NORMAL_CLOSURE))
        return False
    if isinstance(event, Ping):
        line.say(Pong(bytes(event.payload)))
    elif isinstance(event, BytesMessage):
        line.end(int(CloseReason.UNSUPPORTED_DATA))
        return False
    elif isinstance(event, TextMessage):
        said.append(event.data)
        if sum(map(len, said)) > _MOST_SAID:
            line.end(int(CloseReason.MESSAGE_TOO_BIG))
            return False
        if event.message_finished:
            whole = "".join(said)
            said.clear()
            hear(line, whole)
    return True


def _write(connection: socket.socket, handshake: Handshake, line: Line) -> None:
    connection.settimeout(_SEND_SECONDS)
    due = time.monotonic() + _PING_SECONDS
    try:
        connection.sendall(handshake.answer)
        while True:
            left = due - time.monotonic()
            item = line.next(left) if left > 0 else None
            if item is None:
                # Also where much is told: programs that only listen are heard by their pongs.
                due = time.monotonic() + _PING_SECONDS
            connection.sendall(handshake.protocol.send(_frame(item)))
            if isinstance(item, End):
                return
    except (OSError, LocalProtocolError):
        line.end(int(CloseReason.ABNORMAL_CLOSURE))
    finally:
        hang_up(connection)
        connection.close()


def _frame(item: Item | None) -> Event:
    if item is None:
        return Ping()
    if isinstance(item, End):
        return CloseConnection(code=item.code)
    if isinstance(item, Pong):
        return events.Pong(payload=item.payload)
    if isinstance(item, Refusal):
        said: dict[str, Any] = {"error": item.error, "status": item.status}
    else:
        said = {"stream": item.stream.label, "event": item.event}
        if item.payload != NOTHING:
            said["payload"] = item.payload
    return TextMessage(data=orjson.dumps(said).decode())
