"""Blocks, mutes, notes and wishes through a program."""

from __future__ import annotations

import re

from intranet.accounts.models import Role
from intranet.groups.models import GroupPrivacy
from tests.factories import Factory
from tests.mastodon.conftest import Call
from tests.mastodon.test_people_and_server import RELATIONSHIP


def test_a_block_through_a_program_holds_both(make: Factory, call: Call) -> None:
    ann, bob = make.accounts("ann", "bob")
    hers, his = call(ann), call(bob)
    hers.post(f"/api/v1/accounts/{bob.id}/follow")
    post = his.post("/api/v1/statuses", status="Hello #crane")
    assert [one["id"] for one in hers.get("/api/v1/timelines/home")] == [post["id"]]
    relation = hers.post(f"/api/v1/accounts/{bob.id}/block")
    assert set(relation) == RELATIONSHIP
    assert (relation["blocking"], relation["following"]) == (True, False)
    other = his.get("/api/v1/accounts/relationships", **{"id[]": ann.id})[0]
    assert (other["blocked_by"], other["blocking"]) == (True, False)
    for path in ("timelines/home", "timelines/public", "timelines/tag/crane"):
        assert hers.get(f"/api/v1/{path}") == []
    assert hers.get("/api/v2/search", q="Hello")["statuses"] == []
    missing = hers.open("GET", "/api/v1/statuses/7")
    for method, path in (
        ("GET", ""), ("GET", "/context"), ("POST", "/favourite"), ("POST", "/reblog"),
        ("POST", "/bookmark"), ("POST", "/mute"),
    ):  # fmt: skip
        answer = hers.open(method, f"/api/v1/statuses/{post['id']}{path}")
        assert (answer.status_code, answer.text) == (404, missing.text)
    reply = hers.open(
        "POST", "/api/v1/statuses", data={"status": "x", "in_reply_to_id": post["id"]}
    )
    assert reply.status_code == 404
    assert hers.open("POST", f"/api/v1/accounts/{bob.id}/follow").status_code == 403
    assert his.open("POST", f"/api/v1/accounts/{ann.id}/follow").status_code == 403
    assert [one["acct"] for one in hers.get("/api/v1/blocks")] == ["bob"]
    assert his.get("/api/v1/blocks") == []
    assert hers.post(f"/api/v1/accounts/{bob.id}/unblock")["blocking"] is False
    assert hers.get(f"/api/v1/statuses/{post['id']}")["id"] == post["id"]


def test_mutes_have_a_length_and_are_listed(make: Factory, call: Call) -> None:
    ann, bob, cem = make.accounts("ann", "bob", "cem")
    hers = call(ann)
    short = hers.post(f"/api/v1/accounts/{bob.id}/mute", duration="3600", notifications="false")
    assert (short["muting"], short["muting_notifications"]) == (True, False)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT.*Z", short["muting_expires_at"])
    long = hers.post(f"/api/v1/accounts/{cem.id}/mute")
    assert (long["muting_notifications"], long["muting_expires_at"]) == (True, None)
    listed = hers.get("/api/v1/mutes")
    assert [one["acct"] for one in listed] == ["cem", "bob"]
    assert listed[0]["mute_expires_at"] is None
    assert listed[1]["mute_expires_at"] == short["muting_expires_at"]
    page = hers.open("GET", "/api/v1/mutes?limit=1")
    following = re.search(r'<[^>]*?(/api/[^>]*)>; rel="next"', page.headers["Link"])
    assert following
    assert [one["acct"] for one in hers.open("GET", following[1]).json] == ["bob"]
    assert hers.post(f"/api/v1/accounts/{cem.id}/unmute")["muting"] is False
    for wrong in ("-1", "10000000000000", "soon"):
        answer = hers.open("POST", f"/api/v1/accounts/{bob.id}/mute", data={"duration": wrong})
        assert answer.status_code == 422
    assert call(bob).get("/api/v1/mutes") == []


def test_a_muted_thread_says_so_to_who_muted_it(make: Factory, call: Call) -> None:
    ann, bob = make.accounts("ann", "bob")
    post = call(ann).post("/api/v1/statuses", status="Lunch?")
    assert post["muted"] is False
    reply = call(bob).post("/api/v1/statuses", status="Yes", in_reply_to_id=post["id"])
    assert call(ann).post(f"/api/v1/statuses/{reply['id']}/mute")["muted"] is True
    assert call(ann).get(f"/api/v1/statuses/{post['id']}")["muted"] is True  # the whole thread
    assert call(bob).get(f"/api/v1/statuses/{post['id']}")["muted"] is False
    assert call(ann).post(f"/api/v1/statuses/{post['id']}/unmute")["muted"] is False


def test_what_a_follower_wants_is_kept(make: Factory, call: Call) -> None:
    ann, bob = make.accounts("ann", "bob")
    path = f"/api/v1/accounts/{bob.id}/follow"
    relation = call(ann).post(path, reblogs="false", notify="true", **{"languages[]": ["en"]})
    assert (relation["showing_reblogs"], relation["notifying"]) == (False, True)
    assert relation["languages"] == ["en"]
    again = call(ann).post(path)
    assert (again["showing_reblogs"], again["notifying"], again["languages"]) == (
        False, True, ["en"],
    )  # fmt: skip
    wrong = call(ann).open("POST", path, data={"languages[]": ["; drop"]})
    assert wrong.status_code == 422
    assert (
        call(bob).post(f"/api/v1/accounts/{ann.id}/remove_from_followers")["followed_by"] is False
    )
    assert call(ann).get("/api/v1/follow_requests") == []
    for act in ("authorize", "reject"):
        answer = call(ann).open("POST", f"/api/v1/follow_requests/{bob.id}/{act}")
        assert answer.status_code == 404
    assert call(ann).get("/api/v1/endorsements") == []


def test_notes_are_ones_own(make: Factory, call: Call) -> None:
    ann, bob = make.accounts("ann", "bob")
    noted = call(ann).post(f"/api/v1/accounts/{bob.id}/note", comment="Knows cranes")
    assert noted["note"] == "Knows cranes"
    mine = call(bob).get("/api/v1/accounts/relationships", **{"id[]": bob.id})[0]
    assert mine["note"] == ""
    long = call(ann).open("POST", f"/api/v1/accounts/{bob.id}/note", data={"comment": "x" * 2001})
    assert long.status_code == 422
    assert call(ann).post(f"/api/v1/accounts/{bob.id}/note")["note"] == ""


def test_scopes_are_asked_for(make: Factory, call: Call) -> None:
    ann, bob = make.accounts("ann", "bob")
    narrow = call(ann, "read:statuses write:statuses")
    for method, path in (
        ("POST", f"accounts/{bob.id}/block"), ("POST", f"accounts/{bob.id}/mute"),
        ("POST", f"accounts/{bob.id}/note"), ("GET", "blocks"), ("GET", "mutes"),
        ("GET", "lists"), ("POST", "lists"), ("GET", "followed_tags"),
        ("POST", "tags/crane/follow"), ("GET", "featured_tags"), ("GET", "directory"),
    ):  # fmt: skip
        assert narrow.open(method, f"/api/v1/{path}").status_code == 403, path
    old = call(ann, "follow")
    assert old.post(f"/api/v1/accounts/{bob.id}/block")["blocking"] is True


def test_guests_reach_only_whom_they_may_see(make: Factory, call: Call) -> None:
    guest = make.account("gus", Role.GUEST)
    near, far = make.accounts("near", "far")
    make.group("shared", GroupPrivacy.CLOSED, owner=near, members=[guest])
    program = call(guest)
    assert call(near).post(f"/api/v1/accounts/{far.id}/mute")["muting"] is True
    for act in ("block", "mute", "note", "unblock", "unmute", "remove_from_followers"):
        assert program.open("POST", f"/api/v1/accounts/{far.id}/{act}").status_code == 404
    assert program.post(f"/api/v1/accounts/{near.id}/mute")["muting"] is True
    assert [one["acct"] for one in program.get("/api/v1/directory")] == ["near"]
    assert program.get("/api/v2/suggestions") == []
