"""What a muted thread keeps from devices, and a followed one brings them."""

from __future__ import annotations

from flask import Flask

from intranet.push.delivery import Pusher
from tests.browse import Browser
from tests.factories import Factory
from tests.mastodon.conftest import Call
from tests.push.service import Device, Service
from tests.push.test_round_trip import in_program, waiting


def test_a_thread_muted_by_a_program_is_quiet_everywhere(
    browse: Browser, make: Factory, app: Flask, call: Call, service: Service, pusher: Pusher
) -> None:
    ann, bob = make.accounts("ann", "bob")
    post = make.post(ann, "Lunch?")
    program = call(ann)
    in_program(program, Device(), service)

    def answered(text: str) -> tuple[int, int]:
        browse(bob).post(f"/posts/{post.id}/replies", data={"source": text})
        return waiting(app), len(program.get("/api/v1/notifications"))

    assert program.get(f"/api/v1/statuses/{post.id}")["muted"] is False
    assert answered("Yes") == (1, 1)
    assert program.post(f"/api/v1/statuses/{post.id}/mute")["muted"] is True
    assert program.get(f"/api/v1/statuses/{post.id}")["muted"] is True
    assert answered("Hello @ann") == (1, 1)
    assert browse(ann).get("/notifications/unread").json["count"] == 1
    assert program.post(f"/api/v1/statuses/{post.id}/unmute")["muted"] is False
    assert answered("Once more") == (2, 2)


def test_a_followed_thread_is_a_status_to_programs(
    browse: Browser, make: Factory, app: Flask, call: Call, service: Service
) -> None:
    ann, bob, cam = make.accounts("ann", "bob", "cam")
    post = make.post(ann, "Lunch?")
    program = call(cam)
    in_program(program, Device(), service)
    browse(cam).post(f"/posts/{post.id}/follow")
    browse(bob).post(f"/posts/{post.id}/replies", data={"source": "Yes"})
    assert waiting(app) == 1
    (told,) = program.get("/api/v1/notifications")
    assert (told["type"], told["account"]["username"]) == ("status", "bob")
    assert "Yes" in told["status"]["content"]
    # A program's mute ends it: one never does both.
    program.post(f"/api/v1/statuses/{told['status']['id']}/mute")
    browse(bob).post(f"/posts/{post.id}/replies", data={"source": "Again"})
    assert len(program.get("/api/v1/notifications")) == 1
