"""Filters through the programs' door, in both of its versions."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine

from intranet.posts.models import Visibility
from tests.factories import Factory
from tests.mastodon.conftest import Call, Caller
from tests.mastodon.test_posts import _publish

V2 = "/api/v2/filters"
V1 = "/api/v1/filters"


def _make(program: Caller, *words: str, **more: Any) -> dict[str, Any]:
    sent = {
        "title": "Lunch",
        "context": ["home", "public"],
        "keywords_attributes": [{"keyword": word, "whole_word": True} for word in words],
    }
    answer = program.open("POST", V2, json=sent | more)
    assert answer.status_code == 200, answer.text
    made: dict[str, Any] = answer.json
    return made


def test_a_filter_is_made_read_changed_and_deleted(make: Factory, call: Call) -> None:
    hers = call(make.account("ann"))
    made = _make(hers, "soup", "salad", filter_action="hide", expires_in="3600")
    assert set(made) == {
        "id", "title", "context", "expires_at", "filter_action", "keywords", "statuses"
    }  # fmt: skip
    assert made["filter_action"] == "hide"
    assert made["expires_at"].endswith("Z")
    path = f"{V2}/{made['id']}"
    assert hers.get(path) == made
    assert hers.get(V2) == [made]
    soup, salad = made["keywords"]
    changed = hers.open("PUT", path, json={
        "title": "Food", "context": ["thread"], "expires_in": "",
        "keywords_attributes": [
            {"id": soup["id"], "keyword": "soups", "whole_word": False},
            {"id": salad["id"], "_destroy": True},
            {"keyword": "bread"},
        ],
    }).json  # fmt: skip
    assert (changed["title"], changed["context"], changed["expires_at"]) == (
        "Food", ["thread"], None
    )  # fmt: skip
    assert changed["filter_action"] == "hide"
    assert [(one["keyword"], one["whole_word"]) for one in changed["keywords"]] == [
        ("soups", False), ("bread", True)
    ]  # fmt: skip
    assert hers.open("DELETE", path).json == {}
    assert hers.get(V2) == []


def test_forms_make_filters_too(make: Factory, call: Call) -> None:
    hers = call(make.account("ann"))
    made = hers.post(V2, **{
        "title": "Lunch", "context[]": ["home", "account"], "filter_action": "blur",
        "keywords_attributes[][keyword]": ["soup", "salad"],
        "keywords_attributes[][whole_word]": ["true", "false"],
    })  # fmt: skip
    assert made["context"] == ["home", "account"]
    assert [(one["keyword"], one["whole_word"]) for one in made["keywords"]] == [
        ("soup", True), ("salad", False)
    ]  # fmt: skip


@pytest.mark.parametrize(
    "sent",
    [
        {"title": ""},
        {"title": "x" * 101},
        {"title": "\u200b"},
        {"context": []},
        {"context": ["everywhere"]},
        {"filter_action": "burn"},
        {"expires_in": "soon"},
        {"expires_in": "0"},
        {"expires_in": 10**15},
        {"keywords_attributes": [{"keyword": ""}]},
        {"keywords_attributes": [{"keyword": "x" * 101}]},
        {"keywords_attributes": [{"keyword": str(n)} for n in range(101)]},
        {"keywords_attributes": "soup"},
        {"title": ["x"]},
    ],
)
def test_what_makes_no_filter_is_refused(make: Factory, call: Call, sent: dict[str, Any]) -> None:
    hers = call(make.account("ann"))
    whole = {"title": "Lunch", "context": ["home"]} | sent
    assert hers.open("POST", V2, json=whole).status_code == 422
    assert hers.get(V2) == []


def test_keywords_and_posts_are_added_one_by_one(make: Factory, call: Call) -> None:
    ann, bob = make.accounts("ann", "bob")
    hers = call(ann)
    post = _publish(call(bob), "Anything")
    made = _make(hers)
    word = hers.post(f"{V2}/{made['id']}/keywords", keyword="soup", whole_word="false")
    assert hers.get(f"{V2}/keywords/{word['id']}") == word
    changed = hers.open("PUT", f"{V2}/keywords/{word['id']}", json={"keyword": "salad"}).json
    assert changed == {"id": word["id"], "keyword": "salad", "whole_word": False}
    assert hers.get(f"{V2}/{made['id']}/keywords") == [changed]
    entry = hers.post(f"{V2}/{made['id']}/statuses", status_id=post["id"])
    assert hers.post(f"{V2}/{made['id']}/statuses", status_id=post["id"]) == entry
    assert entry["status_id"] == post["id"]
    assert hers.get(f"{V2}/{made['id']}/statuses") == [entry]
    assert hers.get(f"{V2}/statuses/{entry['id']}") == entry
    assert hers.open("DELETE", f"{V2}/keywords/{word['id']}").json == {}
    assert hers.open("DELETE", f"{V2}/statuses/{entry['id']}").json == {}
    assert hers.get(f"{V2}/{made['id']}")["keywords"] == []


def test_nobody_meets_or_touches_the_filters_of_another(make: Factory, call: Call) -> None:
    ann, bob = make.accounts("ann", "bob")
    hers, his = call(ann), call(bob)
    secret = make.post(ann, "Only for some", visibility=Visibility.FOLLOWERS)
    shown = _publish(hers, "For all")
    made = _make(hers, "soup")
    entry = hers.post(f"{V2}/{made['id']}/statuses", status_id=shown["id"])
    word = made["keywords"][0]["id"]
    own = _make(his, "salad")
    assert his.get(V2) == [own]
    assert [one["phrase"] for one in his.get(V1)] == ["salad"]
    for method, path in (
        ("GET", f"{V2}/{made['id']}"), ("PUT", f"{V2}/{made['id']}"),
        ("DELETE", f"{V2}/{made['id']}"), ("GET", f"{V2}/{made['id']}/keywords"),
        ("POST", f"{V2}/{made['id']}/keywords"), ("GET", f"{V2}/keywords/{word}"),
        ("PUT", f"{V2}/keywords/{word}"), ("DELETE", f"{V2}/keywords/{word}"),
        ("GET", f"{V2}/{made['id']}/statuses"), ("GET", f"{V2}/statuses/{entry['id']}"),
        ("DELETE", f"{V2}/statuses/{entry['id']}"),
        ("GET", f"{V1}/{word}"), ("PUT", f"{V1}/{word}"), ("DELETE", f"{V1}/{word}"),
    ):  # fmt: skip
        assert his.open(method, path).json == {"error": "Record not found"}, (method, path)
    stolen = {"keywords_attributes": [{"id": word, "_destroy": True}]}
    assert his.open("PUT", f"{V2}/{own['id']}", json=stolen).status_code == 404
    hidden = {"status_id": str(secret.id)}
    assert his.open("GET", f"/api/v1/statuses/{secret.id}").status_code == 404
    assert his.open("POST", f"{V2}/{own['id']}/statuses", json=hidden).status_code == 404
    assert hers.get(f"{V2}/{made['id']}")["keywords"][0]["keyword"] == "soup"


def test_statuses_say_which_filters_they_meet(make: Factory, call: Call) -> None:
    ann, bob = make.accounts("ann", "bob")
    hers, his = call(ann), call(bob)
    made = _make(hers, "soup", "salad")
    post = _publish(his, "Soup today")
    other = _publish(his, "Bread")
    mine = _publish(hers, "My soup")
    hers.post(f"{V2}/{made['id']}/statuses", status_id=other["id"])
    boost = his.post(f"/api/v1/statuses/{post['id']}/reblog")
    read = {one["id"]: one["filtered"] for one in hers.get("/api/v1/timelines/public")}
    assert [one["keyword_matches"] for one in read[post["id"]]] == [["soup"]]
    assert read[post["id"]][0]["status_matches"] is None
    assert read[post["id"]][0]["filter"] == {
        "id": made["id"], "title": "Lunch", "context": ["home", "public"], "expires_at": None,
        "filter_action": "warn",
    }  # fmt: skip
    assert read[other["id"]][0]["status_matches"] == [other["id"]]
    assert read[other["id"]][0]["keyword_matches"] is None
    assert read[mine["id"]] == []
    shown = hers.get(f"/api/v1/statuses/{boost['id']}")
    assert shown["filtered"] == shown["reblog"]["filtered"] != []
    assert his.get(f"/api/v1/statuses/{post['id']}")["filtered"] == []


def test_an_expired_filter_does_nothing(make: Factory, call: Call) -> None:
    ann, bob = make.accounts("ann", "bob")
    hers, his = call(ann), call(bob)
    post = _publish(his, "Soup today")
    _make(hers, "soup", expires_in="3600")
    path = f"/api/v1/statuses/{post['id']}"
    assert len(hers.get(path)["filtered"]) == 1
    later = dt.datetime.now(dt.UTC) + dt.timedelta(hours=2)
    with time_machine.travel(later, tick=True):
        assert hers.get(path)["filtered"] == []
        assert len(hers.get(V2)) == 1


def test_filtering_costs_the_same_statements_whatever_it_meets(
    make: Factory, call: Call, statements: list[str]
) -> None:
    ann, bob = make.accounts("ann", "bob")
    hers, his = call(ann), call(bob)
    make.follow(ann, bob)
    _make(hers, "soup")
    _publish(his, "Soup")
    hers.get("/api/v1/timelines/home")
    counts = []
    for _ in range(2):
        statements.clear()
        hers.get("/api/v1/timelines/home")
        counts.append(len(statements))
        for number in range(5):
            _publish(his, f"Soup {number}")
            _make(hers, "salad", f"word{number}")
    assert counts[0] == counts[1]


def test_older_programs_see_one_filter_a_keyword(make: Factory, call: Call) -> None:
    hers = call(make.account("ann"))
    made = hers.post(V1, **{
        "phrase": "soup", "context[]": ["home"], "irreversible": "true", "expires_in": "3600",
    })  # fmt: skip
    assert set(made) == {"id", "phrase", "context", "whole_word", "expires_at", "irreversible"}
    assert (made["irreversible"], made["whole_word"]) == (True, False)
    assert hers.get(V1) == [made]
    assert hers.get(V2)[0]["filter_action"] == "hide"
    path = f"{V1}/{made['id']}"
    sent = {"phrase": "salad", "context": ["public"], "irreversible": False, "expires_in": ""}
    changed = hers.open("PUT", path, json=sent).json
    assert (changed["phrase"], changed["context"], changed["expires_at"]) == (
        "salad", ["public"], None
    )  # fmt: skip
    shared = _make(hers, "one", "two")
    word = shared["keywords"][0]["id"]
    same = {"phrase": "1", "context": ["home", "public"]}
    assert hers.open("PUT", f"{V1}/{word}", json=same).json["phrase"] == "1"
    assert hers.open("PUT", f"{V1}/{word}", json={"context": ["home"]}).status_code == 422
    hers.open("DELETE", f"{V1}/{word}")
    assert len(hers.get(V2)) == 2
    assert hers.open("DELETE", path).json == {}
    assert [one["id"] for one in hers.get(V2)] == [shared["id"]]


def test_fifty_filters_are_enough(make: Factory, call: Call) -> None:
    hers = call(make.account("ann"))
    for _ in range(50):
        _make(hers)
    answer = hers.open("POST", V2, json={"title": "One more", "context": ["home"]})
    assert answer.status_code == 422
    assert len(hers.get(V2)) == 50
