"""The network connection below a request, where the server lends it: gevent's does."""

from __future__ import annotations

import contextlib
import socket
from typing import Any


def socket_of(environ: dict[str, Any]) -> socket.socket | None:
    """A handle of its own on the request's connection; None when the server keeps it. Closing it
    leaves the server's handle open; `hang_up` ends the connection itself."""
    body = environ.get("wsgi.input")
    # Of a request that upgrades it is the reader itself, of others it wraps the reader.
    reader = getattr(body, "rfile", body)
    found = getattr(getattr(reader, "raw", None), "_sock", None)
    if not isinstance(found, socket.socket):
        return None
    return found.dup()


def hang_up(connection: socket.socket) -> None:
    """End the connection, also for whoever is reading from it or writing to it."""
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
