"""The Socket.IO server and the names of its rooms."""

from __future__ import annotations

from flask import Flask
from flask_socketio import SocketIO
from gevent import monkey

from intranet.settings import Settings

socketio = SocketIO()


def account_room(account_id: int) -> str:
    """All windows of one account."""
    return f"account:{account_id}"


def author_room(account_id: int) -> str:
    """Everybody who follows this account."""
    return f"author:{account_id}"


def group_room(group_id: int) -> str:
    """The members of a group."""
    return f"group:{group_id}"


def thread_room(root_id: int) -> str:
    """Those who have this thread open and may see it."""
    return f"thread:{root_id}"


ORGANISATION_ROOM = "organisation"  # everybody but guests


def register(app: Flask, settings: Settings) -> None:
    """Attach to the application; the message queue is used only when there is a Redis."""
    gevent_runs = monkey.is_module_patched("socket")
    socketio.init_app(
        app,
        async_mode="gevent" if gevent_runs else "threading",
        message_queue=settings.redis_url,
    )
