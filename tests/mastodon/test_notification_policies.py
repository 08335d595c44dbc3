"""Whose notifications somebody hears of: chosen by programs, kept in the web as well."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from intranet.accounts.models import Account, Role
from tests.browse import Browser
from tests.factories import Factory
from tests.mastodon.conftest import Call, Caller
from tests.mastodon.test_notifications import GROUPS, NOTIFICATIONS, _types
from tests.mastodon.test_posts import _publish

POLICY = "/api/v2/notifications/policy"
REQUESTS = "/api/v1/notifications/requests"
LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


def _settle(program: Caller, **choice: str) -> dict[str, Any]:
    answer = program.open("PATCH", POLICY, json=choice)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json
    return found


def _unread(account: Account, browse: Browser) -> int:
    return int(browse(account).get("/notifications/unread").json["count"])


def test_without_a_choice_everybody_is_heard(make: Factory, call: Call) -> None:
    hers = call(make.account("ann"))
    assert hers.get(POLICY) == {
        "for_not_following": "accept",
        "for_not_followers": "accept",
        "for_new_accounts": "accept",
        "for_private_mentions": "accept",
        "for_limited_accounts": "accept",
        "summary": {"pending_requests_count": 0, "pending_notifications_count": 0},
    }


def test_what_is_held_aside_is_in_no_list_and_no_count_until_it_is_accepted(
    make: Factory, call: Call, browse: Browser
) -> None:
    ann, bob, carl = make.accounts("ann", "bob", "carl")
    make.follow(ann, carl)
    hers = call(ann)
    assert _settle(hers, for_not_following="filter")["for_not_following"] == "filter"
    _publish(call(bob), "Hello @ann")
    _publish(call(bob), "Are you there @ann?")
    _publish(call(carl), "Good morning @ann")
    assert _types(hers) == ["mention"]
    assert _unread(ann, browse) == 1
    assert "Hello" not in browse(ann).get("/notifications").text
    assert hers.get(POLICY)["summary"] == {
        "pending_requests_count": 1, "pending_notifications_count": 2
    }  # fmt: skip
    held = hers.get(NOTIFICATIONS, include_filtered="true", account_id=str(bob.id))
    assert [one["filtered"] for one in held] == [True, True]
    request = hers.get(REQUESTS)[0]
    assert set(request) == {
        "id", "created_at", "updated_at", "notifications_count", "account", "last_status"
    }  # fmt: skip
    assert request["account"]["acct"] == "bob"
    assert request["notifications_count"] == "2"
    assert "there" in request["last_status"]["content"]
    assert hers.get(f"{REQUESTS}/{request['id']}") == request
    assert hers.post(f"{REQUESTS}/{request['id']}/accept") == {}
    assert hers.get(f"{REQUESTS}/merged") == {"merged": True}
    assert len(_types(hers)) == 3
    assert _unread(ann, browse) == 3
    assert hers.get(REQUESTS) == []
    _publish(call(bob), "Once more @ann")
    assert len(_types(hers)) == 4


def test_what_is_held_may_be_thrown_away_by_its_owner_only(make: Factory, call: Call) -> None:
    ann, bob, carl = make.accounts("ann", "bob", "carl")
    hers, his = call(ann), call(carl)
    _settle(hers, for_not_following="filter")
    _publish(call(bob), "Hello @ann")
    assert his.get(REQUESTS) == []
    for act in ("accept", "dismiss"):
        assert his.open("POST", f"{REQUESTS}/{bob.id}/{act}").status_code == 404
        assert his.post(f"{REQUESTS}/{act}", **{"id[]": [str(bob.id)]}) == {}
    assert his.open("GET", f"{REQUESTS}/{bob.id}").status_code == 404
    assert len(hers.get(REQUESTS)) == 1
    assert hers.post(f"{REQUESTS}/{bob.id}/dismiss") == {}
    assert hers.get(REQUESTS) == []
    assert hers.get(NOTIFICATIONS, include_filtered="true") == []
    _publish(call(bob), "Hello again @ann")
    assert hers.post(f"{REQUESTS}/accept", **{"id[]": [str(bob.id)]}) == {}
    assert _types(hers) == ["mention"]


@pytest.mark.parametrize(
    ("choice", "heard"),
    [
        ("for_not_following", {"bob": False, "carl": True, "dora": False, "old": False}),
        ("for_not_followers", {"bob": False, "carl": False, "dora": True, "old": False}),
        ("for_new_accounts", {"bob": False, "carl": False, "dora": False, "old": True}),
        ("for_private_mentions", {"bob": True, "carl": True, "dora": True, "old": True}),
        ("for_limited_accounts", {"bob": True, "carl": True, "dora": True, "old": True}),
    ],
)
def test_each_choice_drops_those_whom_it_is_about(
    make: Factory, call: Call, choice: str, heard: dict[str, bool]
) -> None:
    """Carl is followed, dora follows, old has been here for years; bob is none of these."""
    ann, bob, carl, dora = make.accounts("ann", "bob", "carl", "dora")
    old = make.account("old", created_at=LONG_AGO)
    make.follow(ann, carl)
    make.follow(dora, ann)
    hers = call(ann)
    _settle(hers, **{choice: "drop"})
    for one in (bob, carl, dora, old):
        _publish(call(one), "Hello @ann")
    found = {one["account"]["acct"] for one in hers.get(NOTIFICATIONS, include_filtered="true")}
    assert found == {name for name, is_heard in heard.items() if is_heard}
    assert hers.get(REQUESTS) == []


def test_moderators_and_what_the_organisation_asks_are_always_heard(
    make: Factory, call: Call, browse: Browser
) -> None:
    ann, bob = make.accounts("ann", "bob")
    chief = make.account("chief", Role.ADMINISTRATOR)
    hers = call(ann)
    _settle(hers, for_not_following="drop", for_not_followers="drop", for_new_accounts="drop")
    _publish(call(chief), "Listen @ann")
    make.group("audit", owner=ann)
    browse(bob).post("/groups/audit/invitations", data={"handle": "ann"})
    make.group("club", owner=bob)
    browse(bob).post("/groups/club/invitations", data={"handle": "ann"})
    assert _types(hers) == ["mention"]
    assert "invites you" in browse(ann).get("/notifications").text


def test_older_programs_say_yes_or_no(make: Factory, call: Call) -> None:
    hers = call(make.account("ann"))
    path = "/api/v1/notifications/policy"
    assert hers.get(path)["filter_not_following"] is False
    changed = hers.open("PATCH", path, json={"filter_not_following": True}).json
    assert changed["filter_not_following"] is True
    assert hers.get(POLICY)["for_not_following"] == "filter"
    assert hers.open("PUT", path, data={"filter_not_following": "false"}).status_code == 200
    assert hers.get(POLICY)["for_not_following"] == "accept"


def test_a_choice_that_does_not_exist_is_refused(make: Factory, call: Call) -> None:
    hers = call(make.account("ann"))
    for wrong in ("perhaps", 7, ["drop"]):
        answer = hers.open("PATCH", POLICY, json={"for_not_following": wrong})
        assert answer.status_code == 422
    assert hers.get(POLICY)["for_not_following"] == "accept"
    assert hers.get(GROUPS)["notification_groups"] == []


def test_following_counts_as_being_a_follower(make: Factory, call: Call) -> None:
    ann, bob = make.accounts("ann", "bob")
    hers = call(ann)
    _settle(hers, for_not_followers="drop")
    call(bob).post(f"/api/v1/accounts/{ann.id}/follow")
    assert _types(hers) == ["follow"]


def test_private_mentions_are_told_apart(make: Factory, call: Call) -> None:
    ann, bob = make.accounts("ann", "bob")
    hers, his = call(ann), call(bob)
    _settle(hers, for_private_mentions="filter")
    his.post("/api/v1/statuses", status="Between us @ann", visibility="direct")
    his.post("/api/v1/statuses", status="For everybody @ann")
    assert _types(hers) == ["mention"]
    assert [one["notifications_count"] for one in hers.get(REQUESTS)] == ["1"]
