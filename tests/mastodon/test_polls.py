"""Polls through the programs' door."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from intranet.db import db
from intranet.groups.models import GroupPrivacy
from intranet.polls.actions import CLOSE
from intranet.polls.models import Poll
from intranet.tasks.models import Task
from tests.factories import Factory
from tests.mastodon.conftest import Call, Caller

POLL = {
    "id", "expires_at", "expired", "multiple", "votes_count", "voters_count", "voted",
    "own_votes", "options", "emojis",
}  # fmt: skip
ALREADY = "You have already voted on this poll"


def _ask(program: Caller, text: str = "What for lunch?", **poll: Any) -> dict[str, Any]:
    poll = {"options": ["Soup", "Salad", "Bread"], "expires_in": 3600} | poll
    answer = program.open("POST", "/api/v1/statuses", json={"status": text, "poll": poll})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json
    return found


def _vote(program: Caller, poll: dict[str, Any], *choices: object) -> Any:
    path = f"/api/v1/polls/{poll['id']}/votes"
    return program.open("POST", path, json={"choices": list(choices)})


def test_a_poll_is_complete_in_its_status_and_by_itself(make: Factory, call: Call) -> None:
    hers, his = (call(one) for one in make.accounts("ann", "bob"))
    made = _ask(hers)["poll"]
    assert set(made) == POLL
    assert made["options"] == [
        {"title": title, "votes_count": 0} for title in ("Soup", "Salad", "Bread")
    ]
    assert (made["expired"], made["multiple"], made["votes_count"]) == (False, False, 0)
    # Whose poll it is may not vote, so nothing is left to choose.
    assert (made["voted"], made["own_votes"], made["emojis"]) == (True, [], [])
    seen = his.get(f"/api/v1/polls/{made['id']}")
    assert seen == made | {"voted": False}
    assert his.get("/api/v1/timelines/public")[0]["poll"] == seen


def test_a_form_asks_as_json_does(make: Factory, call: Call) -> None:
    program = call(make.account("ann"))
    sent = {
        "status": "Where?", "poll[options][]": ["Nantes", "Lyon"], "poll[expires_in]": "300",
        "poll[multiple]": "true", "poll[hide_totals]": "1",
    }  # fmt: skip
    poll = program.post("/api/v1/statuses", **sent)["poll"]
    assert [one["title"] for one in poll["options"]] == ["Nantes", "Lyon"]
    assert poll["multiple"] is True
    assert [one["votes_count"] for one in poll["options"]] == [None, None]


def test_one_votes_once_for_one_answer(make: Factory, call: Call) -> None:
    hers, his, other = (call(one) for one in make.accounts("ann", "bob", "cam"))
    poll = _ask(hers)["poll"]
    for choices in ([0, 1], []):
        assert _vote(his, poll, *choices).status_code == 422
    assert _vote(his, poll, 0, 1).json["error"] == ALREADY
    for unheard_of in (3, 99, "x", -1, 10**30, "1.5"):
        assert _vote(his, poll, unheard_of).status_code == 422, unheard_of
    voted = _vote(his, poll, "1").json
    assert (voted["voted"], voted["own_votes"], voted["votes_count"]) == (True, [1], 1)
    again = _vote(his, poll, 2)
    assert again.status_code == 422
    assert again.json["error"] == ALREADY
    assert _vote(other, poll, 1).status_code == 200
    seen = hers.get(f"/api/v1/polls/{poll['id']}")
    assert [one["votes_count"] for one in seen["options"]] == [0, 2, 0]
    assert (seen["votes_count"], seen["voters_count"]) == (2, 2)


def test_the_sentence_is_said_in_english_to_everybody(make: Factory, call: Call) -> None:
    hers, his = call(make.account("ann")), call(make.account("bob", locale="fr"))
    poll = _ask(hers)["poll"]
    _vote(his, poll, 0)
    assert _vote(his, poll, 0).json["error"] == ALREADY


def test_several_answers_where_several_are_asked_for(make: Factory, call: Call) -> None:
    hers, his, other = (call(one) for one in make.accounts("ann", "bob", "cam"))
    poll = _ask(hers, multiple=True)["poll"]
    assert _vote(his, poll, 0, 2, 2).json["own_votes"] == [0, 2]
    seen = _vote(other, poll, 2).json
    assert [one["votes_count"] for one in seen["options"]] == [1, 0, 2]
    assert (seen["votes_count"], seen["voters_count"]) == (3, 2)


def test_the_author_does_not_vote(make: Factory, call: Call) -> None:
    hers = call(make.account("ann"))
    poll = _ask(hers)["poll"]
    assert _vote(hers, poll, 0).status_code == 422
    assert hers.get(f"/api/v1/polls/{poll['id']}")["votes_count"] == 0


def test_totals_are_hidden_until_the_end_and_nobody_votes_after_it(
    make: Factory, call: Call
) -> None:
    hers, his, other = (call(one) for one in make.accounts("ann", "bob", "cam"))
    poll = _ask(hers, hide_totals=True)["poll"]
    hidden = _vote(his, poll, 1).json
    assert hidden["own_votes"] == [1]
    assert [one["votes_count"] for one in hidden["options"]] == [None] * 3
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(hours=2)):
        shown = hers.get(f"/api/v1/polls/{poll['id']}")
        assert shown["expired"] is True
        assert [one["votes_count"] for one in shown["options"]] == [0, 1, 0]
        assert _vote(other, poll, 0).status_code == 422


def test_who_may_not_read_the_post_hears_nothing_of_its_poll(make: Factory, call: Call) -> None:
    ann, bob = make.accounts("ann", "bob")
    make.group("board", GroupPrivacy.SECRET, owner=ann)
    hers, his = call(ann), call(bob)
    poll = _ask(hers)["poll"]
    # A private post: bob does not follow ann.
    hidden = hers.open(
        "POST",
        "/api/v1/statuses",
        json={
            "status": "Between us", "visibility": "private",
            "poll": {"options": ["Yes", "No"], "expires_in": 600},
        },
    ).json["poll"]  # fmt: skip
    assert his.open("GET", f"/api/v1/polls/{poll['id']}").status_code == 200
    assert hers.open("GET", f"/api/v1/polls/{hidden['id']}").status_code == 200
    plain = hers.post("/api/v1/statuses", status="No poll")["id"]
    for id_ in (hidden["id"], "42", plain):
        for answer in (
            his.open("GET", f"/api/v1/polls/{id_}"),
            _vote(his, {"id": id_}, 0),
            _vote(his, {"id": id_}, 7),
            _vote(his, {"id": id_}, "x"),
        ):
            assert (answer.status_code, answer.json) == (404, {"error": "Record not found"})
    assert hers.get(f"/api/v1/polls/{hidden['id']}")["votes_count"] == 0


def test_the_instance_says_what_is_taken(make: Factory, call: Call) -> None:
    program = call(make.account("ann"))
    limits = call(None).get("/api/v2/instance")["configuration"]["polls"]
    assert limits == {
        "max_options": 10, "max_characters_per_option": 100, "min_expiration": 300,
        "max_expiration": 31 * 86400,
    }  # fmt: skip
    most = [f"{number:>100}".replace(" ", "x") for number in range(limits["max_options"])]
    _ask(program, options=most, expires_in=limits["max_expiration"])
    _ask(program, expires_in=limits["min_expiration"])


@pytest.mark.settings(poll_max_options=3, poll_option_length=10, poll_max_days=1)
def test_the_settings_are_the_limits(make: Factory, call: Call) -> None:
    program = call(make.account("ann"))
    _ask(program, expires_in=86400)
    for poll in (
        {"options": list("abcd"), "expires_in": 600},
        {"options": ["a", "x" * 11], "expires_in": 600},
        {"options": ["a", "b"], "expires_in": 86401},
    ):
        sent = {"status": "?", "poll": poll}
        answer = program.open("POST", "/api/v1/statuses", json=sent)
        assert (answer.status_code, set(answer.json["details"])) == (422, {"poll"})


def test_polls_cost_no_statement_more_and_are_not_asked_for_without(
    make: Factory, call: Call, statements: list[str]
) -> None:
    ann, bob = make.accounts("ann", "bob")
    hers, his = call(ann), call(bob)
    hers.post("/api/v1/statuses", status="Plain")
    his.post(f"/api/v1/accounts/{ann.id}/follow")

    def cost() -> int:
        statements.clear()
        his.get("/api/v1/timelines/home")
        return len(statements)

    cost()
    without = cost()
    assert not any("FROM poll JOIN" in one for one in statements)
    _ask(hers)
    with_one = cost()
    for _ in range(5):
        _ask(hers)
    assert (with_one, cost()) == (without, without)


def test_an_edit_keeps_the_votes_unless_the_answers_change(
    make: Factory, call: Call, app: Flask
) -> None:
    hers, his = (call(one) for one in make.accounts("ann", "bob"))
    post = _ask(hers)
    _vote(his, post["poll"], 1)
    path = f"/api/v1/statuses/{post['id']}"

    def edited(**sent: Any) -> dict[str, Any]:
        answer = hers.open("PUT", path, json=sent)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json
        return found

    same = {"options": ["Soup", "Salad", "Bread"], "expires_in": 7200}
    assert edited(status="What for dinner?")["poll"]["votes_count"] == 1
    kept = edited(status="What for dinner?", poll=same)
    assert kept["poll"]["votes_count"] == 1
    assert kept["poll"]["expires_at"] > post["poll"]["expires_at"]
    # Names where none were promised: nobody voted for that.
    assert edited(poll=same | {"anonymous": False})["poll"]["votes_count"] == 0
    _vote(his, post["poll"], 1)
    changed = edited(poll={"options": ["Soup", "Cake"], "expires_in": 7200})["poll"]
    assert (changed["votes_count"], changed["voters_count"]) == (0, 0)
    assert [one["title"] for one in changed["options"]] == ["Soup", "Cake"]
    assert _vote(his, post["poll"], 1).json["votes_count"] == 1
    assert edited(poll=None)["poll"] is None
    versions = [one.get("poll") for one in his.get(f"{path}/history")]
    assert versions[0] == {"options": [{"title": t} for t in ("Soup", "Salad", "Bread")]}
    assert versions[-2:] == [{"options": [{"title": "Soup"}, {"title": "Cake"}]}, None]
    assert edited(poll=same)["poll"]["votes_count"] == 0


def test_an_ended_poll_stays_ended_when_a_program_sends_it_again(make: Factory, call: Call) -> None:
    hers, his = (call(one) for one in make.accounts("ann", "bob"))
    post = _ask(hers)
    path = f"/api/v1/statuses/{post['id']}"
    same = {"options": ["Soup", "Salad", "Bread"], "expires_in": 7200}
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(hours=2)):
        kept = hers.open("PUT", path, json={"status": "Typo", "poll": same}).json["poll"]
        assert (kept["expired"], kept["expires_at"]) == (True, post["poll"]["expires_at"])
        assert _vote(his, post["poll"], 0).status_code == 422


def test_a_poll_sent_again_keeps_its_names_and_its_end(
    make: Factory, call: Call, app: Flask
) -> None:
    hers, his = (call(one) for one in make.accounts("ann", "bob"))
    post = _ask(hers, anonymous=False)
    _vote(his, post["poll"], 1)

    def kept() -> tuple[bool, int | None]:
        with app.app_context():
            closing = select(func.count()).where(Task.kind == CLOSE)
            return db.session.scalars(select(Poll.anonymous)).one(), db.session.scalar(closing)

    def edited(**poll: Any) -> dict[str, Any]:
        sent = {"options": ["Soup", "Salad", "Bread"], "expires_in": 3600} | poll
        answer = hers.open("PUT", f"/api/v1/statuses/{post['id']}", json={"poll": sent})
        found: dict[str, Any] = answer.json["poll"]
        return found

    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=5)):
        assert [edited()["expires_at"] for _ in range(2)] == [post["poll"]["expires_at"]] * 2
        assert kept() == (False, 1)
        assert edited(hide_totals=True)["expires_at"] == post["poll"]["expires_at"]
        moved = edited(expires_in=7200)
        assert (moved["votes_count"], edited(expires_in=7200)) == (1, moved)
        assert moved["expires_at"] > post["poll"]["expires_at"]
        assert kept() == (False, 2)
        assert edited(expires_in=7200, anonymous=True)["votes_count"] == 1
        assert kept() == (True, 2)
