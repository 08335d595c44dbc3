"""Tells the processes that hold sockets whose rooms have to be settled."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterable
from typing import Any

import redis
from flask import Flask, current_app

from intranet.live.rooms import rooms
from intranet.settings import Settings

log = logging.getLogger(__name__)

_CHANNEL = "parvis:settle"
_SWEEP_SECONDS = 3.0
_RETRY_SECONDS = 1.0
_WATCHERS = -1  # instead of an account id: every open thread


def settle(account_ids: Iterable[int]) -> None:
    """Settle these accounts' sockets: here at once, in the other processes through Redis."""
    wanted = list(account_ids)
    _settle_here(wanted)
    found = client()
    if found is not None:
        found.publish(_CHANNEL, json.dumps(wanted))


def settle_watchers() -> None:
    """Check every open thread again, in every process."""
    settle([_WATCHERS])


def run_forever(app: Flask) -> None:
    """Sweep, and listen to the other processes; for a process that holds sockets."""
    settings: Settings = app.extensions["intranet.settings"]
    listener = _subscribe(settings)
    while True:
        try:
            _turn(app, listener)
        except redis.RedisError as error:
            log.warning("Redis does not answer, sweeping alone: %s", error)
            time.sleep(_RETRY_SECONDS)
            listener = _subscribe(settings)
            with app.app_context():
                rooms.sweep()
        except Exception:
            log.exception("a sweep of the sockets failed")
            time.sleep(_RETRY_SECONDS)


def _turn(app: Flask, listener: Any) -> None:
    """One sweep, and whatever the others say until the next."""
    end = time.monotonic() + _SWEEP_SECONDS
    while (left := end - time.monotonic()) > 0:
        if listener is None:
            time.sleep(left)
            break
        message = listener.get_message(ignore_subscribe_messages=True, timeout=left)
        if message is not None:
            with app.app_context():
                _settle_here(json.loads(message["data"]))
    with app.app_context():
        rooms.sweep()


def _settle_here(account_ids: list[int]) -> None:
    if not len(rooms):
        return
    if _WATCHERS in account_ids:
        rooms.settle_watchers()
    rooms.settle(account_ids)


def client() -> redis.Redis | None:
    """What speaks to the other processes; None when there are none."""
    settings: Settings = current_app.extensions["intranet.settings"]
    if settings.redis_url is None:
        return None
    found = current_app.extensions.get("intranet.redis")
    if found is None:
        found = redis.Redis.from_url(settings.redis_url)
        current_app.extensions["intranet.redis"] = found
    made: redis.Redis = found
    return made


def _subscribe(settings: Settings) -> Any:
    if settings.redis_url is None:
        return None
    try:
        listener = redis.Redis.from_url(settings.redis_url).pubsub()  # type: ignore[no-untyped-call]
        listener.subscribe(_CHANNEL)
    except redis.RedisError as error:
        log.warning("Redis does not answer, sweeping alone: %s", error)
        return None
    return listener
