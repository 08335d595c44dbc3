"""The Socket.IO server and the names of its rooms."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from flask_socketio import SocketIO
from gevent import monkey

from intranet.settings import Settings

socketio = SocketIO()
CHANNEL = "parvis"  # of the message queue; every emitter and server must use the same
ORGANISATION_ROOM = "organisation"  # everybody but guests


def account_room(account_id: int) -> str:
    """All windows of one account."""
    return f"account:{account_id}"


def author_room(account_id: int) -> str:
    """Everybody who follows this account, and the account itself."""
    return f"author:{account_id}"


def group_room(group_id: int) -> str:
    """The members of a group."""
    return f"group:{group_id}"


def thread_room(root_id: int) -> str:
    """Those who have this thread open and may see it."""
    return f"thread:{root_id}"


def allowed_origins(settings: Settings) -> list[str]:
    """The exact origins that may open a socket. `localhost` and 127.0.0.1 are one machine."""
    origins = [settings.base_url]
    parts = urlsplit(settings.base_url)
    twin = {"127.0.0.1": "localhost", "localhost": "127.0.0.1"}.get(parts.hostname or "")
    if twin:
        port = f":{parts.port}" if parts.port else ""
        origins.append(f"{parts.scheme}://{twin}{port}")
    return origins


def server() -> Any:
    """The python-socketio server below Flask-SocketIO, whose types do not tell of it."""
    return socketio.server  # type: ignore[attr-defined]


def register(app: Flask, settings: Settings) -> None:
    """Attach to the application: websocket only, own origins only, the message queue only when
    there is a Redis."""
    # One object serves every application of a process: the queue of the last is not this one's.
    socketio.server_options.pop("client_manager", None)  # type: ignore[attr-defined]
    socketio.init_app(
        app,
        async_mode="gevent" if monkey.is_module_patched("threading") else "threading",
        message_queue=settings.redis_url,
        channel=CHANNEL,
        transports=["websocket"],  # type: ignore[call-arg]  # handed on to Engine.IO
        cors_allowed_origins=allowed_origins(settings),
        manage_session=False,
        max_http_buffer_size=16_384,
        ping_interval=25,
        ping_timeout=20,
    )
