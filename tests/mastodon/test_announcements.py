"""Announcements through the programs' door: seen, reacted to, and never confirmed by it."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from tests.announcements.conftest import room  # noqa: F401  (a fixture)
from tests.announcements.newsroom import Newsroom
from tests.mastodon.conftest import Call, Caller

LIST = "/api/v1/announcements"


def _put(program: Caller, id_: int, name: str, method: str = "PUT") -> Any:
    return program.open(method, f"{LIST}/{id_}/reactions/{quote(name)}")


def test_an_announcement_is_complete(room: Newsroom, call: Call) -> None:  # noqa: F811
    id_ = room.published(source="From **January** @bob and you #homeoffice <b>days</b> @nobody.")
    found = call(room.ann).get(LIST)
    assert [one["id"] for one in found] == [str(id_)]
    one = found[0]
    assert set(one) == {
        "id", "content", "starts_at", "ends_at", "all_day", "published_at",
        "updated_at", "read", "mentions", "statuses", "tags", "emojis", "reactions",
    }  # fmt: skip
    assert (one["read"], one["all_day"], one["ends_at"]) == (False, False, None)
    assert one["published_at"].endswith("Z")
    assert one["updated_at"] >= one["published_at"]
    assert "<strong>Two days at home</strong>" in one["content"]
    assert "<strong>January</strong>" in one["content"]
    assert "<b>days" not in one["content"]
    assert f'href="http://127.0.0.1:8000/announcements/{id_}"' in one["content"]
    assert [tag["name"] for tag in one["tags"]] == ["homeoffice"]
    assert [(mention["acct"], mention["url"]) for mention in one["mentions"]] == [
        ("bob", "http://127.0.0.1:8000/@bob")
    ]
    assert one["reactions"] == []


def test_whom_it_is_not_for_meets_nothing_of_it(room: Newsroom, call: Call) -> None:  # noqa: F811
    id_ = room.published()
    draft = room.draft()
    assert set(room.recipients(id_)) >= {"ann", "bob"}
    assert "guest" not in room.recipients(id_)
    his = call(room.guest)
    assert his.get(LIST) == []
    assert his.get(LIST, with_dismissed="true") == []
    for program, what in ((his, id_), (call(room.ann), draft), (call(room.hr), draft)):
        for method, path in (
            ("POST", "dismiss"),
            ("PUT", "reactions/x"),
            ("DELETE", "reactions/x"),
        ):
            answer = program.open(method, f"{LIST}/{what}/{path}")
            assert answer.json == {"error": "Record not found"}, (method, path)
    assert room.recipients(id_)["ann"].read_at is None


def test_to_dismiss_is_to_have_seen_it(room: Newsroom, call: Call) -> None:  # noqa: F811
    id_ = room.published()
    hers = call(room.ann)
    assert hers.post(f"{LIST}/{id_}/dismiss") == {}
    assert hers.post(f"{LIST}/{id_}/dismiss") == {}
    assert room.recipients(id_)["ann"].read_at is not None
    assert room.recipients(id_)["bob"].read_at is None
    assert hers.get(LIST) == []
    assert [one["read"] for one in hers.get(LIST, with_dismissed="true")] == [True]
    assert [one["read"] for one in call(room.bob).get(LIST)] == [False]


def test_what_has_to_be_confirmed_stays_until_it_is(
    room: Newsroom,  # noqa: F811
    call: Call,
) -> None:
    id_ = room.published(requires="1")
    hers = call(room.ann)
    assert "Read and confirm</a>" in hers.get(LIST)[0]["content"]
    hers.post(f"{LIST}/{id_}/dismiss")
    assert [one["read"] for one in hers.get(LIST)] == [True]
    for tick in ("✅", "☑️", "✔"):
        answer = _put(hers, id_, tick)
        assert answer.status_code == 422
        assert f"http://127.0.0.1:8000/announcements/{id_}" in answer.json["error"]
    assert _put(hers, id_, "👍").status_code == 200
    assert room.acknowledgements(id_) == []
    assert room.recipients(id_)["ann"].acknowledged_at is None
    room.confirm(room.ann, id_)
    assert len(room.acknowledgements(id_)) == 1
    assert hers.get(LIST) == []


def test_reactions_are_those_of_its_thread(room: Newsroom, call: Call) -> None:  # noqa: F811
    id_ = room.published()
    hers, his = call(room.ann), call(room.bob)
    for program in (hers, his, hers):
        assert _put(program, id_, "👍").json == {}
    assert hers.get(LIST)[0]["reactions"] == [{"name": "👍", "count": 2, "me": True}]
    assert _put(hers, id_, "👍", "DELETE").json == {}
    assert hers.get(LIST)[0]["reactions"] == [{"name": "👍", "count": 1, "me": False}]
    assert _put(hers, id_, "✅").status_code == 200
    assert _put(hers, id_, "nonsense").status_code == 422
    silent = room.published(takes_questions=[])
    assert room.announcement(silent).post_id is None
    assert _put(hers, silent, "👍").status_code == 422


def test_it_speaks_the_reader_s_language_when_that_text_is_up_to_date(
    room: Newsroom,  # noqa: F811
    call: Call,
) -> None:
    zoe = room.make.account("zoe", locale="fr")
    id_ = room.draft()
    french = {"title": "Deux jours", "source": "Au choix."}
    room.post(room.hr, id_, "texts/fr", in_step="1", **french)
    room.post(room.hr, id_, "publication", when="now")
    assert "Two days" in call(room.ann).get(LIST)[0]["content"]
    assert "Deux jours" in call(zoe).get(LIST)[0]["content"]
    room.post(room.hr, id_, "texts/en", title="Three days", source="Three.", kind="material",
              note="Three")  # fmt: skip
    assert "Three days" in call(zoe).get(LIST)[0]["content"]


def test_withdrawn_ones_are_gone(room: Newsroom, call: Call) -> None:  # noqa: F811
    id_ = room.published()
    hers = call(room.ann)
    room.post(room.hr, id_, "withdrawal")
    assert hers.get(LIST, with_dismissed="true") == []
    assert hers.open("POST", f"{LIST}/{id_}/dismiss").status_code == 404


def test_the_list_costs_the_same_statements_whatever_it_holds(
    room: Newsroom,  # noqa: F811
    call: Call,
    statements: list[str],
) -> None:
    hers = call(room.ann)
    room.published()
    hers.get(LIST)
    counts = []
    for _ in range(2):
        statements.clear()
        hers.get(LIST)
        counts.append(len(statements))
        for _more in range(3):
            room.published()
    assert counts[0] == counts[1]


@pytest.mark.parametrize("scopes", ["read:lists", "write:statuses"])
def test_tokens_without_the_scope_are_refused(
    room: Newsroom,  # noqa: F811
    call: Call,
    scopes: str,
) -> None:
    assert call(room.ann, scopes).open("GET", LIST).status_code == 403
