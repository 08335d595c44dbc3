"""Search through the programs' door: its pages, its narrowing, and what outsiders find."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from intranet.accounts.models import Account, Role
from intranet.groups.models import GroupPrivacy
from intranet.relationships.actions import follow
from intranet.search import parsing
from intranet.unit_of_work import unit_of_work
from tests.factories import Factory
from tests.mastodon.conftest import Call, Caller

SEARCH, ACCOUNTS = "/api/v2/search", "/api/v1/accounts/search"


def _names(found: list[dict[str, Any]]) -> list[str]:
    return [one["acct"] for one in found]


def _all_pages(program: Caller, kind: str, size: int, **query: Any) -> list[str]:
    found: list[str] = []
    for offset in range(0, 40, size):
        page = program.get(SEARCH, type=kind, limit=size, offset=offset, **query)[kind]
        assert len(page) <= size
        found += [one.get("id") or one["name"] for one in page]
    return found


def test_accounts_are_paged_by_number_past_people_into_groups(make: Factory, call: Call) -> None:
    ann = make.account("ann")
    people = [make.account(f"tram{number}", display_name=f"Tram {number}") for number in range(5)]
    exact = make.account("tram", display_name="Zoe")
    groups = [make.group(f"tram-{number}", name=f"Tram {number}", owner=ann) for number in range(6)]
    make.group("tram-secret", GroupPrivacy.SECRET, name="Tram secret", owner=people[0])
    wanted = [str(one.id) for one in (exact, *people, *groups)]
    program = call(ann)
    for size in (1, 3, 4, 5, 20):
        assert _all_pages(program, "accounts", size, q="tram") == wanted
    page = program.get(ACCOUNTS, q="tram", limit=4, offset=4)
    assert [one["id"] for one in page] == wanted[4:8]
    assert program.get(SEARCH, q="tram", offset=4) == {
        "accounts": [], "statuses": [], "hashtags": [],
    }  # fmt: skip


def test_a_secret_group_is_found_by_its_members_only(make: Factory, call: Call) -> None:
    ann, bob = make.accounts("ann", "bob")
    make.group("merger", GroupPrivacy.SECRET, name="Merger", owner=ann)
    for query in ("merger", "@merger", "http://127.0.0.1:8000/groups/merger"):
        assert _names(call(ann).get(ACCOUNTS, q=query)) == ["merger"]
        assert call(bob).get(ACCOUNTS, q=query) == []


def test_accounts_are_found_by_address_and_among_those_one_follows(
    app: Flask, make: Factory, call: Call
) -> None:
    ann, bob, bobby = make.accounts("ann", "bob", "bobby")
    make.group("bob-fans", name="Bob fans", owner=bob)
    guest = make.account("gus", role=Role.GUEST)
    with app.app_context(), unit_of_work():
        follow(ann, bobby)
    program = call(ann)
    assert _names(program.get(ACCOUNTS, q="bob")) == ["bob", "bobby", "bob-fans"]
    assert _names(program.get(ACCOUNTS, q="bob", following="true")) == ["bobby"]
    assert _names(call(bob).get(ACCOUNTS, q="bob", following="true")) == ["bob-fans"]
    for query in ("http://127.0.0.1:8000/@bob", "@bob@127.0.0.1:8000", bob.email):
        found = program.get(SEARCH, q=query, resolve="true", exclude_unreviewed="true")
        assert _names(found["accounts"])[:1] == ["bob"], query
        assert found["statuses"] == []
        assert call(guest).get(SEARCH, q=query)["accounts"] == []
    for query in ("http://127.0.0.1:8000/", "http://127.0.0.1:8000", "http://127.0.0.1:8000/@",
                  "http://127.0.0.1:8000//x/5", "http://127.0.0.1:8000/posts/²",
                  "@bob@elsewhere.example", "\0", "a\0b", "http://127.0.0.1:8000/@bob/" + "9" * 25,
                  "'", "%", "*", '"', "a:b"):  # fmt: skip
        found = program.get(SEARCH, q=query)
        assert (found["accounts"], found["statuses"]) == ([], []), query


def test_posts_are_paged_by_number_and_by_ids(make: Factory, call: Call) -> None:
    ann, bob = make.accounts("ann", "bob")
    secret = make.group("board", GroupPrivacy.SECRET, owner=ann)
    posts = [make.post(ann if number % 2 else bob, f"turbine {number}") for number in range(7)]
    hidden = make.post(ann, "turbine of the board", group=secret)
    program = call(bob)
    wanted = [str(post.id) for post in reversed(posts)]

    def ids(**query: Any) -> list[str]:
        found = program.get(SEARCH, q="turbine", type="statuses", **query)["statuses"]
        return [one["id"] for one in found]

    assert str(hidden.id) in [
        one["id"] for one in call(ann).get(SEARCH, q="turbine", type="statuses")["statuses"]
    ]
    for size in (1, 3, 20):
        assert _all_pages(program, "statuses", size, q="turbine") == wanted
    assert ids(max_id=wanted[2], limit=2) == wanted[3:5]
    assert ids(max_id=wanted[2], limit=2, offset=2) == wanted[5:7]
    assert ids(since_id=wanted[4], limit=2) == wanted[:2]
    assert ids(min_id=wanted[4], limit=2) == wanted[2:4]  # directly above
    assert ids(min_id=wanted[4], max_id=wanted[3]) == []
    assert ids(account_id=ann.id) == [
        str(post.id) for post in reversed(posts) if post.author_id == ann.id
    ]
    assert call(bob).open("GET", f"{SEARCH}?q=x&offset=-1").status_code == 422


def test_hashtags_are_paged_by_number(make: Factory, call: Call) -> None:
    ann = make.account("ann")
    for number in range(7):
        call(ann).post("/api/v1/statuses", status=f"on #tram{number}")
    wanted = [f"tram{number}" for number in range(7)]
    for size in (2, 20):
        program = call(ann)
        found: list[str] = []
        for offset in range(0, 10, size):
            page = program.get(SEARCH, q="#tram", type="hashtags", limit=size, offset=offset)
            found += [one["name"] for one in page["hashtags"]]
        assert found == wanted
    assert program.get(SEARCH, q="#" + "a" * 150)["hashtags"] == []


@pytest.mark.parametrize("address", [SEARCH, ACCOUNTS])
def test_a_question_that_is_too_long_is_refused_not_cut(
    make: Factory, call: Call, address: str
) -> None:
    program = call(make.account("ann"))
    assert program.open("GET", f"{address}?q={'x' * parsing.LONGEST}").status_code == 200
    refused = program.open("GET", f"{address}?q={'x' * (parsing.LONGEST + 1)}")
    assert refused.status_code == 422
    assert "long" in refused.text


def test_a_page_costs_as_much_wherever_it_lies(
    make: Factory, call: Call, statements: list[str]
) -> None:
    ann = make.account("ann")

    def cost() -> int:
        program = call(ann)
        program.get(SEARCH, q="tram", type="accounts", limit=4, offset=1)
        statements.clear()
        program.get(SEARCH, q="tram", type="accounts", limit=4, offset=1)
        return len(statements)

    def grow(start: int) -> Account:
        for number in range(start, start + 3):
            make.account(f"tram{number}")
            make.group(f"tram-g{number}", name=f"Tram {number}", owner=ann)
        return ann

    grow(0)
    before = cost()
    grow(3)
    assert cost() <= before
