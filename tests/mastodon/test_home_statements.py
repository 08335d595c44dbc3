"""What a page of the home costs when it holds everything that a page can hold."""

from __future__ import annotations

from typing import Any

from intranet.relationships.models import Block
from tests.browse import Browser
from tests.factories import Factory
from tests.mastodon.conftest import Call, Caller
from tests.media.pictures import picture
from tests.web.test_event_cards import announced

HOME = "/api/v1/timelines/home"
AT_MOST = 5  # the token, the ids, the posts, what hangs on them, what stands around them


def publish(program: Caller, text: str, **more: Any) -> dict[str, Any]:
    found: Any = program.open("POST", "/api/v1/statuses", json={"status": text, **more}).json
    assert "id" in found, found
    return dict(found)


def test_twenty_statuses_of_every_kind_cost_five_statements(
    make: Factory, browse: Browser, call: Call, statements: list[str]
) -> None:
    ann, bob, cem = make.accounts("ann", "bob", "cem")
    hers, his, third = call(ann), call(bob), call(cem)
    make.follow(ann, bob)
    # Asked for before anything is written: what comes later is delivered into the home.
    assert hers.get(HOME) == []
    for number in range(14):
        publish(his, f"Plain {number} @ann @cem #reef #wave")
    file = his.post("/api/v2/media", file=(picture(), "a.jpg"))
    pictured = publish(his, "Pictured", media_ids=[file["id"]])
    poll = {"options": ["Soup", "Salad"], "expires_in": 3600}
    asked = publish(his, "Lunch?", poll=poll)
    hers.post(f"/api/v1/polls/{asked['poll']['id']}/votes", **{"choices[]": 1})
    announced(browse, bob)
    root = publish(third, "Question")
    reply = publish(third, "Answer", in_reply_to_id=root["id"])
    for one in (root, reply):
        his.post(f"/api/v1/statuses/{one['id']}/reblog")
    for program in (hers, his, third):
        program.post(f"/api/v1/statuses/{pictured['id']}/favourite")
    make_filter = {
        "title": "Food", "context[]": "home", "keywords_attributes[0][keyword]": "lunch",
    }  # fmt: skip
    made = hers.post("/api/v2/filters", **make_filter)
    hers.post(f"/api/v2/filters/{made['id']}/statuses", status_id=pictured["id"])
    publish(his, "The last @ann")

    hers.get(HOME)
    statements.clear()
    page = hers.get(HOME)
    assert len(statements) <= AT_MOST, statements

    assert len(page) == 20
    whole = {one["id"]: one["reblog"] or one for one in page}
    shown = list(whole.values())
    assert any(one["media_attachments"] for one in shown)
    assert any(one["favourites_count"] == 3 and one["favourited"] for one in shown)
    assert [len(one["mentions"]) for one in shown].count(2) > 10
    assert [[tag["name"] for tag in one["tags"]] for one in shown].count(["reef", "wave"]) > 10
    (polled,) = (one for one in shown if one["poll"])
    assert polled["poll"]["own_votes"] == [1]
    assert polled["filtered"][0]["keyword_matches"] == ["lunch"]
    assert [one["title"] for one in (status["card"] for status in shown) if one] == ["Tram night"]
    assert any(one["filtered"] and one["filtered"][0]["status_matches"] for one in shown)
    assert [one["reblog"]["id"] for one in page if one["reblog"]] == [reply["id"], root["id"]]
    answered = next(one for one in shown if one["id"] == reply["id"])
    assert answered["in_reply_to_account_id"] == str(cem.id)
    assert {one["account"]["acct"] for one in page} == {"bob"}
    assert all(one["account"]["statuses_count"] for one in page)


def test_who_wrote_what_is_answered_is_not_told_past_a_block(make: Factory, call: Call) -> None:
    ann, bob, cem = make.accounts("ann", "bob", "cem")
    root = make.post(cem, "Question")
    first = make.post(bob, "Answer", reply_to=root)
    second = make.post(cem, "Thanks", reply_to=first)
    path = f"/api/v1/statuses/{second.id}"
    assert call(ann).get(path)["in_reply_to_account_id"] == str(bob.id)
    make._save(Block(blocker_id=bob.id, blocked_id=ann.id))
    assert call(ann).open("GET", f"/api/v1/statuses/{first.id}").status_code == 404
    shown = call(ann).get(path)
    assert (shown["in_reply_to_id"], shown["in_reply_to_account_id"]) == (None, None)
