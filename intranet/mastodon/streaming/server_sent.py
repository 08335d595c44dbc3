"""A line as server-sent events: https://html.spec.whatwg.org/multipage/server-sent-events.html"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator

from flask import Response

from intranet.mastodon.streaming.line import End, Line, Message
from intranet.mastodon.streaming.sockets import hang_up

_BEAT_SECONDS = 15.0
_BEAT = b":thump\n"


def response(
    line: Line, connection: socket.socket | None, gone: Callable[[Line], None]
) -> Response:
    """The events, for as long as the line lives. `connection` is what a slow reader is cut off
    by."""
    if connection is not None:
        line.hang_up = lambda: hang_up(connection)
    answer = Response(_events(line, connection, gone), mimetype="text/event-stream")
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Accel-Buffering"] = "no"  # proxies must hand on each event at once
    return answer


def _events(
    line: Line, connection: socket.socket | None, gone: Callable[[Line], None]
) -> Iterator[bytes]:
    try:
        yield _BEAT
        while True:
            item = line.next(_BEAT_SECONDS)
            if isinstance(item, End):
                return
            if isinstance(item, Message):
                yield f"event: {item.event}\ndata: {item.payload}\n\n".encode()
            elif item is None:
                yield _BEAT
    finally:
        line.ended = True
        gone(line)
        if connection is not None:
            connection.close()
