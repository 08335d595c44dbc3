"""Direct posts: for those in them, and for nobody else by any way."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.accounts.models import Account, Role
from intranet.db import db
from intranet.posts.models import Post, Visibility
from intranet.posts.policies import audience_includes
from tests.browse import Browser
from tests.factories import Factory
from tests.mastodon.conftest import Call, Caller, call
from tests.media.pictures import picture

__all__ = ["call"]
SECRET = "zeppelin"


def _say(program: Caller, text: str, **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = program.post(
        "/api/v1/statuses", status=text, **{"visibility": "direct", **more}
    )
    return made


def _people(make: Factory) -> tuple[Account, Account, Account]:
    """Ann and Bob talk; Cy is as near as one can be."""
    ann, bob, cy = make.accounts("ann", "bob", "cy")
    for one, other in ((cy, ann), (ann, cy), (cy, bob), (bob, ann), (ann, bob)):
        make.follow(one, other)
    make.group("board", members=[ann, bob, cy])
    return ann, bob, cy


def test_nobody_but_those_it_names_finds_it_anywhere(
    make: Factory, call: Call, browse: Browser
) -> None:
    ann, bob, cy = _people(make)
    boss = make.account("boss", Role.ADMINISTRATOR)
    moderator = make.account("mo", Role.MODERATOR)
    open_post = call(ann).post("/api/v1/statuses", status="For everybody #depot")
    made = _say(call(ann), f"@bob the {SECRET} flies #depot #{SECRET}")
    answer = _say(call(bob), f"@ann so the {SECRET} does", in_reply_to_id=made["id"])
    lists = (
        "/api/v1/timelines/home",
        "/api/v1/timelines/public",
        "/api/v1/timelines/tag/depot",
        f"/api/v1/timelines/tag/{SECRET}",
        "/api/v1/timelines/direct",
        "/api/v1/conversations",
        f"/api/v1/accounts/{ann.id}/statuses",
        f"/api/v1/accounts/{bob.id}/statuses",
        f"/api/v2/search?q={SECRET}",
        f"/api/v2/search?q=%23{SECRET}&type=hashtags",
        f"/api/v1/statuses?id[]={made['id']}&id[]={answer['id']}",
    )
    pages = ("/", "/organisation", "/@ann", "/@bob", "/tags/depot", f"/search?q={SECRET}",
             "/conversations", "/notifications", "/saved")  # fmt: skip
    for outsider in (cy, boss, moderator):
        program, browser = call(outsider), browse(outsider)
        # They are outsiders who see everything else of her.
        assert program.get(f"/api/v1/statuses/{open_post['id']}")["content"]
        for path in lists:
            assert SECRET not in program.open("GET", path).text.replace(f"q={SECRET}", ""), path
        for path in pages:
            body = browser.get(path).text
            assert f"the {SECRET}" not in body, path
            assert made["id"] not in body, path
        for id_ in (made["id"], answer["id"]):
            for way in ("", "/context", "/source", "/history", "/favourited_by", "/reblogged_by"):
                refused = program.open("GET", f"/api/v1/statuses/{id_}{way}")
                assert refused.status_code == 404, way
            for way in ("favourite", "reblog", "bookmark"):
                assert program.open("POST", f"/api/v1/statuses/{id_}/{way}").status_code == 404
            assert program.open("DELETE", f"/api/v1/statuses/{id_}").status_code == 404
            hidden = program.open(
                "POST", "/api/v1/statuses", json={"status": "x", "in_reply_to_id": id_}
            )
            assert hidden.status_code == 404
            assert browser.get(f"/posts/{id_}").status_code == 404
            assert browser.get(f"/conversations/{id_}").status_code == 404
        assert program.get(f"/api/v1/accounts/{ann.id}")["statuses_count"] == 1
    for insider in (ann, bob):
        assert call(insider).get(f"/api/v1/statuses/{made['id']}")["visibility"] == "direct"
        ids = [one["id"] for one in call(insider).get("/api/v1/timelines/direct")]
        assert ids == [answer["id"], made["id"]]


def test_it_stands_in_no_list_of_posts_for_those_who_are_in_it(make: Factory, call: Call) -> None:
    ann, bob, _cy = _people(make)
    _say(call(ann), f"@bob the {SECRET} flies #{SECRET}")
    for insider in (ann, bob):
        program = call(insider)
        for path in ("timelines/home", f"timelines/tag/{SECRET}", f"accounts/{ann.id}/statuses"):
            assert program.get(f"/api/v1/{path}") == []
        found = program.get("/api/v2/search", q=SECRET)
        assert (found["statuses"], found["hashtags"]) == ([], [])


def test_an_answer_goes_to_all_in_the_conversation_and_to_nobody_new(
    make: Factory, call: Call
) -> None:
    ann, bob, cy = _people(make)
    dee = make.account("dee")
    made = _say(call(ann), "@bob @dee lunch?")
    answer = _say(call(bob), "Yes, with @cy", in_reply_to_id=made["id"], visibility="public")
    assert answer["visibility"] == "direct"  # an answer never widens what it answers
    assert {one["acct"] for one in answer["mentions"]} == {"ann", "dee"}
    assert call(dee).get(f"/api/v1/statuses/{made['id']}/context")["descendants"]
    assert call(cy).open("GET", f"/api/v1/statuses/{answer['id']}").status_code == 404
    edited = call(ann).open("PUT", f"/api/v1/statuses/{made['id']}", json={"status": "Hi @cy"})
    assert {one["acct"] for one in edited.json["mentions"]} == {"bob", "dee"}
    assert call(cy).open("GET", f"/api/v1/statuses/{made['id']}").status_code == 404


def test_a_private_answer_to_an_open_post_begins_a_thread_of_its_own(
    make: Factory, call: Call, browse: Browser
) -> None:
    ann, bob, cy = _people(make)
    opened = call(ann).post("/api/v1/statuses", status="Who can help?")
    private = _say(call(bob), "@ann I can, but quietly", in_reply_to_id=opened["id"])
    assert private["in_reply_to_id"] == opened["id"]
    for who in (cy, ann):
        assert call(who).get(f"/api/v1/statuses/{opened['id']}")["replies_count"] == 0
    assert "quietly" not in browse(cy).get(f"/posts/{opened['id']}").text
    call(ann).open("DELETE", f"/api/v1/statuses/{opened['id']}")
    assert call(cy).open("GET", f"/api/v1/statuses/{opened['id']}").status_code == 404
    assert browse(cy).get(f"/posts/{opened['id']}").status_code == 404
    assert call(ann).get(f"/api/v1/statuses/{private['id']}")["in_reply_to_id"] is None


def test_the_live_layer_tells_only_those_who_may_know(
    make: Factory, call: Call, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, bob, cy = _people(make)
    told: list[tuple[str, list[str]]] = []
    monkeypatch.setattr(
        "intranet.live.publisher._emit", lambda name, _data, to: told.append((name, to))
    )
    made = _say(call(ann), "@bob psst")
    _say(call(bob), "@ann yes?", in_reply_to_id=made["id"])
    heard = {room for _name, to in told for room in to}
    assert heard == {f"account:{ann.id}", f"account:{bob.id}", f"thread:{made['id']}"}
    with app.app_context():
        sees = {
            who.handle: db.session.scalar(
                select(Post.id).where(Post.id == int(made["id"]), audience_includes(who))
            )
            is not None
            for who in (ann, bob, cy)
        }
    assert sees == {"ann": True, "bob": True, "cy": False}


def test_guests_write_to_those_they_share_a_group_with(make: Factory, call: Call) -> None:
    ann, bob = make.accounts("ann", "bob")
    guest = make.account("gus", Role.GUEST)
    group = make.group("project", members=[ann])
    make.join(group, guest)
    made = _say(call(guest), "@ann @bob hello")
    assert [one["acct"] for one in made["mentions"]] == ["ann"]  # of bob a guest knows nothing
    assert call(ann).get(f"/api/v1/statuses/{made['id']}")
    assert call(bob).open("GET", f"/api/v1/statuses/{made['id']}").status_code == 404
    assert _say(call(guest), "And?", in_reply_to_id=made["id"])["mentions"][0]["acct"] == "ann"
    strange = _say(call(bob), "@gus @ann who are you?")
    assert [one["acct"] for one in strange["mentions"]] == ["ann"]
    assert call(guest).open("GET", f"/api/v1/statuses/{strange['id']}").status_code == 404
    call(ann).open("POST", f"/api/v1/statuses/{made['id']}/favourite")


def test_a_guest_who_left_writes_no_more(make: Factory, call: Call, browse: Browser) -> None:
    ann = make.account("ann")
    guest = make.account("gus", Role.GUEST)
    make.group("project", members=[ann, guest])
    made = _say(call(guest), "@ann hello")
    browse(guest).post("/groups/project/leave")
    refused = call(guest).open(
        "POST", "/api/v1/statuses", json={"status": "?", "in_reply_to_id": made["id"]}
    )
    assert refused.status_code == 403


def test_pages_neither_write_nor_get_them(make: Factory, call: Call) -> None:
    ann = make.account("ann")
    make.page("newsroom", owner=ann)
    made = _say(call(ann), "@newsroom hello")
    assert made["mentions"] == []


def test_nothing_of_it_is_boosted(make: Factory, call: Call) -> None:
    ann, bob, _cy = _people(make)
    made = _say(call(ann), "@bob psst")
    for who in (ann, bob):
        answer = call(who).open("POST", f"/api/v1/statuses/{made['id']}/reblog")
        assert answer.status_code == 403


def test_what_a_page_of_conversations_costs_does_not_grow(
    make: Factory, call: Call, statements: list[str]
) -> None:
    ann, _bob, _cy = _people(make)
    program = call(ann)
    taken = []
    for many in (1, 6):
        for n in range(many):
            _say(program, f"@bob @cy number {n}")
        statements.clear()
        assert len(program.get("/api/v1/conversations")) >= many
        taken.append(len(statements))
    assert taken[0] == taken[1]


def test_a_file_of_it_is_for_those_in_it(make: Factory, call: Call, browse: Browser) -> None:
    ann, bob, cy = _people(make)
    sent = browse(ann).post("/media", data={"file": (picture(), "a.jpg")}).json
    assert sent is not None
    _say(call(ann), "@bob look", **{"media_ids[]": sent["id"]})
    address = f"/media/{sent['key']}/small"
    assert browse(bob).get(address).status_code == 200
    assert browse(cy).get(address).status_code == 404


def test_rows_of_direct_posts_without_participants_are_for_nobody(
    make: Factory, call: Call
) -> None:
    ann = make.account("ann")
    post = make.post(ann, visibility=Visibility.DIRECT)
    assert call(ann).open("GET", f"/api/v1/statuses/{post.id}").status_code == 404
