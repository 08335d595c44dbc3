"""Carries facts to whoever follows them: in this process at once, in the others through Redis.

What is carried are the facts themselves, ids and no words. A follower is asked to be quick: it
runs right after the commit of whoever did something.
"""

from __future__ import annotations

import dataclasses
import json
import logging
import secrets
import time
from collections.abc import Callable
from typing import Any

import redis
from flask import Flask, current_app

from intranet.accounts.events import AccessChanged, CredentialsChanged
from intranet.announcements.events import (
    AnnouncementPublished,
    AnnouncementRevised,
    AnnouncementWithdrawn,
)
from intranet.filters.events import FiltersChanged
from intranet.kernel.domain_events import DomainEvent
from intranet.live import control
from intranet.notifications.events import Notified
from intranet.posts.events import PostChanged, PostDeleted, PostPublished
from intranet.settings import Settings

log = logging.getLogger(__name__)

Follower = Callable[[DomainEvent], None]

_CHANNEL = "parvis:facts"
_RETRY_SECONDS = 1.0
_WAIT_SECONDS = 30.0
_KNOWN: dict[str, type[DomainEvent]] = {
    kind.__name__: kind
    for kind in (
        AccessChanged,
        AnnouncementPublished,
        AnnouncementRevised,
        AnnouncementWithdrawn,
        CredentialsChanged,
        FiltersChanged,
        Notified,
        PostChanged,
        PostDeleted,
        PostPublished,
    )
}
_ORIGIN = secrets.token_hex(8)  # of this process: what it said itself it need not hear


def follow(app: Flask, follower: Follower) -> None:
    """Give every fact that is carried to this function, whichever process it happened in."""
    app.extensions.setdefault("intranet.followers", []).append(follower)


def carry(fact: DomainEvent) -> None:
    """Give the fact to the followers here, and to those of the other processes."""
    _hand_over(current_app.extensions, fact)
    client = control.client()
    if client is not None:
        body = {"from": _ORIGIN, "name": type(fact).__name__, "of": dataclasses.asdict(fact)}
        client.publish(_CHANNEL, json.dumps(body))


def carry_edit(fact: PostChanged) -> None:
    """Give it on when the post says something else now: counts and reactions are not told."""
    if fact.edited:
        carry(fact)


def listen_forever(app: Flask) -> None:
    """Hear what happens in the other processes; returns at once when there are none."""
    settings: Settings = app.extensions["intranet.settings"]
    while settings.redis_url is not None:
        try:
            listener = redis.Redis.from_url(settings.redis_url).pubsub()  # type: ignore[no-untyped-call]
            listener.subscribe(_CHANNEL)
            while True:
                message = listener.get_message(
                    ignore_subscribe_messages=True, timeout=_WAIT_SECONDS
                )
                if message is not None:
                    _heard(app, message["data"])
        except redis.RedisError as error:
            log.warning("Redis does not answer, streams hear this process only: %s", error)
            time.sleep(_RETRY_SECONDS)


def _heard(app: Flask, data: bytes) -> None:
    """Hand over what another process said. What cannot be read, such as a fact of another release
    that lacks a field, is passed over: the next one is heard again."""
    try:
        fact = _read(data)
    except Exception:
        log.exception("what another process said cannot be read")
        return
    if fact is not None:
        _hand_over(app.extensions, fact)


def _read(data: bytes) -> DomainEvent | None:
    said = json.loads(data)
    if said["from"] == _ORIGIN:
        return None
    kind = _KNOWN.get(said["name"])
    if kind is None:
        return None  # of another release
    of = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in said["of"].items()
        if name in {field.name for field in dataclasses.fields(kind)}
    }
    return kind(**of)


def _hand_over(extensions: dict[str, Any], fact: DomainEvent) -> None:
    for follower in extensions.get("intranet.followers", ()):
        try:
            follower(fact)
        except Exception:
            log.exception("a follower of facts failed for %s", fact)
