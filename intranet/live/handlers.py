"""Sockets in: who may connect, and which open threads may be heard."""

from __future__ import annotations

import logging
from typing import Any

from flask import request
from flask_login import current_user

from intranet.kernel.ids import MAX_ID
from intranet.live.rooms import rooms
from intranet.live.socket import socketio

log = logging.getLogger(__name__)


@socketio.on("connect")
def connect(_auth: object = None) -> bool:
    """Only a living session connects; the server chooses its rooms."""
    if not current_user.is_authenticated:
        return False
    rooms.open(_sid(), current_user.account, current_user.session_id)
    return True


@socketio.on("disconnect")
def disconnect(_reason: object = None) -> None:
    """The window closed, or the line broke."""
    rooms.close(_sid())


@socketio.on("thread.watch")
def watch_thread(payload: Any) -> dict[str, Any]:
    """`{"post_id": "..."}`: a thread is open in this window. `{"ok": true}` or not_found,
    which is also the answer for one thread too many."""
    root_id = _post_id(payload)
    account = current_user.account if current_user.is_authenticated else None
    if account is None or root_id is None or not rooms.watch(_sid(), account, root_id):
        return {"ok": False, "code": "not_found"}
    return {"ok": True}


@socketio.on("thread.unwatch")
def unwatch_thread(payload: Any) -> dict[str, Any]:
    """`{"post_id": "..."}`: the thread was closed."""
    root_id = _post_id(payload)
    if root_id is not None:
        rooms.unwatch(_sid(), root_id)
    return {"ok": True}


@socketio.on_error_default
def refused(error: BaseException) -> dict[str, Any]:
    """Nothing a client sends may end the server's patience: it gets a short no."""
    log.error("a socket handler failed", exc_info=error)
    return {"ok": False, "code": "error"}


def _sid() -> str:
    return str(request.sid)  # type: ignore[attr-defined]  # set by Flask-SocketIO


def _post_id(payload: Any) -> int | None:
    raw = payload.get("post_id") if isinstance(payload, dict) else None
    if not isinstance(raw, str) or not raw.isascii() or not raw.isdigit() or len(raw) > 19:
        return None
    return int(raw) if int(raw) <= MAX_ID else None
