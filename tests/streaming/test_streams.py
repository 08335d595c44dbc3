"""Programs hear what happens, over real connections to a real server."""

from __future__ import annotations

import http.client
import json

import pytest
from flask import Flask
from simple_websocket import Client, ConnectionError

from intranet.settings import Settings
from tests.factories import Factory
from tests.mastodon.tokens import token_of
from tests.serving import serving
from tests.streaming.lines import Socket, ask, events, next_event


def test_a_program_hears_of_posts_edits_and_deletions(
    app: Flask, settings: Settings, make: Factory
) -> None:
    ann, bob = make.accounts("ann", "bob")
    make.follow(bob, ann)
    writes, reads = token_of(app, ann), token_of(app, bob)
    with serving(settings) as port:
        line = Socket(port, reads)
        assert line.client.subprotocol == reads
        line.subscribe("user")
        made = ask(port, writes, "POST", "/api/v1/statuses", status="Hello #Reef")
        said = line.event("update")
        assert said["stream"] == ["user"]
        assert said["payload"]["id"] == made["id"]
        assert said["payload"] == ask(port, reads, "GET", f"/api/v1/statuses/{made['id']}")
        ask(port, writes, "PUT", f"/api/v1/statuses/{made['id']}", status="Hello again")
        changed = line.event("status.update")["payload"]
        assert (changed["id"], "again" in changed["content"]) == (made["id"], True)
        ask(port, reads, "POST", f"/api/v1/statuses/{made['id']}/favourite")
        ask(port, writes, "DELETE", f"/api/v1/statuses/{made['id']}")
        # A star is no edit: what follows is the deletion, and its payload is the bare number.
        assert line.next() == {"stream": ["user"], "event": "delete", "payload": made["id"]}
        line.close()
