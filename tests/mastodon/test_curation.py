"""Lists, hashtags, suggestions and the directory through a program."""

from __future__ import annotations

import re

from intranet.accounts.models import Account
from intranet.groups.models import GroupPrivacy
from tests.factories import Factory
from tests.mastodon.conftest import Call

TAG = {"id", "name", "url", "history", "following", "featuring"}


def test_lists_are_made_filled_read_and_deleted(make: Factory, call: Call) -> None:
    ann, bob, cem = make.accounts("ann", "bob", "cem")
    program = call(ann)
    program.post(f"/api/v1/accounts/{bob.id}/follow")
    made = program.post("/api/v1/lists", title="Welders", replies_policy="followed")
    assert made == {
        "id": made["id"], "title": "Welders", "replies_policy": "followed", "exclusive": False,
    }  # fmt: skip
    path = f"/api/v1/lists/{made['id']}"
    people = f"{path}/accounts"
    assert program.post(people, **{"account_ids[]": [bob.id]}) == {}
    for wrong in ([cem.id], [bob.id, cem.id], [7]):
        answer = program.open("POST", people, data={"account_ids[]": wrong})
        assert answer.status_code == 404
    for query in ({}, {"limit": 0}):
        assert [one["acct"] for one in program.get(people, **query)] == ["bob"]
    assert program.get(f"/api/v1/accounts/{bob.id}/lists") == [made]
    post = call(bob).post("/api/v1/statuses", status="Sparks")
    timeline = f"/api/v1/timelines/list/{made['id']}"
    assert [one["id"] for one in program.get(timeline)] == [post["id"]]
    edited = program.open("PUT", path, json={"title": "Metal", "exclusive": True})
    assert edited.json["title"] == "Metal"
    assert (edited.json["exclusive"], edited.json["replies_policy"]) == (True, "followed")
    assert program.get(path) == edited.json
    assert program.get("/api/v1/timelines/home") == []
    for wrong_list in ({"title": ""}, {"title": "x" * 101}, {"replies_policy": "all"}):
        answer = program.open("POST", "/api/v1/lists", data={"title": "x"} | wrong_list)
        assert answer.status_code == 422
    taken = program.open("DELETE", people, data={"account_ids[]": [bob.id]})
    assert taken.json == {}
    assert program.get(timeline) == []
    assert program.open("DELETE", path).json == {}
    assert program.get("/api/v1/lists") == []


def test_a_list_of_somebody_else_does_not_exist(make: Factory, call: Call) -> None:
    ann, bob, eve = make.accounts("ann", "bob", "eve")
    call(ann).post(f"/api/v1/accounts/{bob.id}/follow")
    call(eve).post(f"/api/v1/accounts/{bob.id}/follow")
    made = call(ann).post("/api/v1/lists", title="Mine")
    call(ann).post(f"/api/v1/lists/{made['id']}/accounts", **{"account_ids[]": [bob.id]})
    assert call(ann).get(f"/api/v1/lists/{made['id']}") == made
    outsider = call(eve)
    missing = outsider.open("GET", "/api/v1/lists/7").text
    for method, path in (
        ("GET", f"lists/{made['id']}"), ("PUT", f"lists/{made['id']}"),
        ("DELETE", f"lists/{made['id']}"), ("GET", f"lists/{made['id']}/accounts"),
        ("POST", f"lists/{made['id']}/accounts"), ("DELETE", f"lists/{made['id']}/accounts"),
        ("GET", f"timelines/list/{made['id']}"),
    ):  # fmt: skip
        answer = outsider.open(method, f"/api/v1/{path}", data={"title": "x"})
        assert (answer.status_code, answer.text) == (404, missing), path
    assert outsider.get(f"/api/v1/accounts/{bob.id}/lists") == []


def test_groups_are_lists_that_cannot_be_changed(make: Factory, call: Call) -> None:
    ann, bob, eve = make.accounts("ann", "bob", "eve")
    group = make.group("secret", GroupPrivacy.SECRET, owner=bob, members=[ann])
    post = make.post(bob, "Inside", group=group)
    program = call(ann)
    listed = program.get("/api/v1/lists")
    assert [(one["id"], one["title"]) for one in listed] == [(str(group.id), "Secret")]
    path = f"/api/v1/lists/{group.id}"
    assert program.get(path) == listed[0]
    read = program.get(f"/api/v1/timelines/list/{group.id}")
    assert [one["id"] for one in read] == [str(post.id)]
    assert {one["acct"] for one in program.get(f"{path}/accounts", limit=0)} == {"ann", "bob"}
    for method, where in (
        ("PUT", path), ("DELETE", path), ("POST", f"{path}/accounts"),
        ("DELETE", f"{path}/accounts"),
    ):  # fmt: skip
        answer = program.open(method, where, data={"title": "x", "account_ids[]": [bob.id]})
        assert answer.status_code == 403
        assert call(eve).open(method, where, data={"title": "x"}).status_code == 404
    assert call(eve).open("GET", f"{path}/accounts").status_code == 404


def test_hashtags_are_followed_and_come_home(make: Factory, call: Call) -> None:
    ann, bob = make.accounts("ann", "bob")
    program = call(ann)
    post = call(bob).post("/api/v1/statuses", status="A #Crane and a #Crane")
    tag = program.get("/api/v1/tags/CRANE")
    assert set(tag) == TAG
    assert (tag["name"], tag["following"], tag["featuring"]) == ("crane", False, False)
    assert len(tag["history"]) == 7
    assert tag["history"][0]["uses"] == tag["history"][0]["accounts"] == "1"
    assert re.fullmatch(r"\d+", tag["history"][0]["day"])
    assert program.post("/api/v1/tags/Crane/follow")["following"] is True
    assert [one["id"] for one in program.get("/api/v1/timelines/home")] == [post["id"]]
    assert [one["name"] for one in program.get("/api/v1/followed_tags")] == ["crane"]
    found = program.get("/api/v2/search", q="#cra", type="hashtags")["hashtags"]
    assert [(one["name"], one["following"]) for one in found] == [("crane", True)]
    assert call(bob).get("/api/v1/followed_tags") == []
    assert program.post("/api/v1/tags/crane/unfollow")["following"] is False
    assert program.get("/api/v1/timelines/home") == []
    for wrong in ("a%20b", "%E2%80%A6"):
        assert program.open("POST", f"/api/v1/tags/{wrong}/follow").status_code == 404


def test_hashtags_are_featured(make: Factory, call: Call) -> None:
    ann, bob = make.accounts("ann", "bob")
    program = call(ann)
    program.post("/api/v1/statuses", status="I #weld")
    proposed = program.get("/api/v1/featured_tags/suggestions")
    assert [one["name"] for one in proposed] == ["weld"]
    made = program.post("/api/v1/featured_tags", name="#weld")
    assert set(made) == {"id", "name", "url", "statuses_count", "last_status_at"}
    assert (made["name"], made["statuses_count"]) == ("weld", "1")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", made["last_status_at"])
    assert program.get("/api/v1/featured_tags") == [made]
    assert call(bob).get(f"/api/v1/accounts/{ann.id}/featured_tags") == [made]
    assert program.get("/api/v1/featured_tags/suggestions") == []
    assert program.open("POST", "/api/v1/featured_tags", data={"name": "a b"}).status_code == 422
    assert program.open("POST", "/api/v1/featured_tags").status_code == 422
    path = f"/api/v1/featured_tags/{made['id']}"
    assert call(bob).open("DELETE", path).status_code == 404
    assert program.open("DELETE", path).json == {}
    assert program.post("/api/v1/tags/weld/feature")["featuring"] is True
    assert program.post("/api/v1/tags/weld/unfeature")["featuring"] is False
    assert program.get("/api/v1/featured_tags") == []


def company(make: Factory) -> dict[str, Account]:
    boss = make.account("boss", department="Works")
    ann = make.account("ann", department="Works", site="Lyon", manager_id=boss.id)
    people = {
        "team": make.account("team", manager_id=boss.id),
        "near": make.account("near", department="Works"),
        "site": make.account("site", site="Lyon"),
        "friend": make.account("friend"),
        "shared": make.account("shared"),
        "far": make.account("far"),
    }
    known = make.account("known", department="Works")
    make.follow(ann, known)
    make.follow(known, people["friend"])
    make.group("small", GroupPrivacy.SECRET, owner=ann, members=[people["shared"]])
    make.group("elsewhere", GroupPrivacy.SECRET, owner=people["far"])
    return {"ann": ann, "boss": boss, **people}


def test_suggestions_have_reasons_and_can_be_dismissed(
    make: Factory, call: Call, statements: list[str]
) -> None:
    people = company(make)
    program = call(people["ann"])
    found = program.get("/api/v2/suggestions")
    sources = {one["account"]["acct"]: (one["source"], one["sources"]) for one in found}
    assert list(sources) == ["team", "boss", "near", "shared", "friend", "site"]
    assert sources["team"] == ("staff", ["featured"])
    assert sources["friend"] == ("past_interactions", ["friends_of_friends"])
    older = program.get("/api/v1/suggestions", limit=2)
    assert [one["acct"] for one in older] == ["team", "boss"]
    dismissed = program.open("DELETE", f"/api/v1/suggestions/{people['team'].id}")
    assert dismissed.json == {}
    assert program.open("DELETE", "/api/v1/suggestions/7").json == {}
    program.post(f"/api/v1/accounts/{people['near'].id}/block")
    program.post(f"/api/v1/accounts/{people['site'].id}/mute")
    program.post(f"/api/v1/accounts/{people['shared'].id}/follow")
    left = [one["account"]["acct"] for one in program.get("/api/v2/suggestions")]
    assert left == ["boss", "friend"]
    statements.clear()
    program.get("/api/v2/suggestions", limit=1)
    few = len(statements)
    statements.clear()
    program.get("/api/v2/suggestions", limit=80)
    assert len(statements) == few


def test_the_directory_is_paged_and_ordered(make: Factory, call: Call) -> None:
    ann, bob, _cem = make.accounts("ann", "bob", "cem")
    make.account("gone", deactivated_at=ann.created_at)
    program = call(ann)
    call(bob).post("/api/v1/statuses", status="Hello")
    active = program.get("/api/v1/directory", order="active", local="true")
    assert [one["acct"] for one in active] == ["bob", "cem"]
    new = program.get("/api/v1/directory", order="new")
    assert [one["acct"] for one in new] == ["cem", "bob"]
    assert [one["acct"] for one in program.get("/api/v1/directory", order="new", offset=1)] == [
        "bob"
    ]
    assert program.open("GET", "/api/v1/directory?offset=-1").status_code == 422


def test_familiar_followers_are_those_one_follows(make: Factory, call: Call) -> None:
    ann, bob, cem, dora = make.accounts("ann", "bob", "cem", "dora")
    for follower, followee in ((ann, bob), (bob, cem), (dora, cem)):
        make.follow(follower, followee)
    found = call(ann).get("/api/v1/accounts/familiar_followers", **{"id[]": [cem.id, bob.id, "7"]})
    assert [(one["id"], [who["acct"] for who in one["accounts"]]) for one in found] == [
        (str(cem.id), ["bob"]), (str(bob.id), []),
    ]  # fmt: skip
