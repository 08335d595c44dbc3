"""Notifications through the programs' door: one by one, gathered, and the marks."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from intranet.accounts.models import Account
from intranet.db import db
from intranet.groups.models import Group, GroupPrivacy, NotifyLevel
from intranet.kernel.errors import Conflict
from intranet.notifications import reading_marks
from intranet.notifications.models import MarkedList, Notification
from intranet.unit_of_work import unit_of_work
from tests.browse import Browser
from tests.factories import Factory
from tests.mastodon.conftest import Call, Caller
from tests.mastodon.test_posts import _links, _publish

NOTIFICATIONS = "/api/v1/notifications"
GROUPS = "/api/v2/notifications"
MARKERS = "/api/v1/markers"


def _types(program: Caller, **query: Any) -> list[str]:
    return [one["type"] for one in program.get(NOTIFICATIONS, **query)]


class Pair:
    """Ann has heard of something of each kind from bob."""

    def __init__(self, make: Factory, call: Call, browse: Browser) -> None:
        self.ann, self.bob = make.accounts("ann", "bob")
        self.hers, self.his = call(self.ann), call(self.bob)
        make.group("depot", owner=self.bob, members=[self.ann], notify=NotifyLevel.EVERYTHING)
        self.post = _publish(self.hers, "Mine")
        path = f"/api/v1/statuses/{self.post['id']}"
        self.his.post(f"/api/v1/accounts/{self.ann.id}/follow")
        self.his.post(f"{path}/favourite")
        self.his.post(f"{path}/reblog")
        _publish(self.his, "An answer", in_reply_to_id=self.post["id"])
        _publish(self.his, "Look @ann")
        browse(self.bob).post("/groups/depot/posts", data={"source": "News of the depot"})


@pytest.fixture
def pair(make: Factory, call: Call, browse: Browser) -> Pair:
    return Pair(make, call, browse)


def test_every_kind_comes_under_the_name_that_apps_know(pair: Pair) -> None:
    found = pair.hers.get(NOTIFICATIONS)
    types = ["status", "mention", "mention", "reblog", "favourite", "follow"]
    assert [one["type"] for one in found] == types
    for one in found:
        assert set(one) == {
            "id", "type", "created_at", "group_key", "filtered", "account", "status"
        }  # fmt: skip
        assert one["account"]["acct"] == "bob"
        assert (one["status"] is None) == (one["type"] == "follow")
    assert {one["status"]["id"] for one in found[3:5]} == {pair.post["id"]}
    assert pair.hers.get(f"{NOTIFICATIONS}/{found[0]['id']}") == found[0]


def test_types_and_accounts_are_chosen(pair: Pair, make: Factory, call: Call) -> None:
    carl = make.account("carl")
    _publish(call(carl), "Me too @ann")
    hers = pair.hers
    assert _types(hers, **{"types[]": ["mention", "follow"]}) == ["mention"] * 3 + ["follow"]
    assert _types(hers, **{"exclude_types[]": ["mention", "status"]}) == [
        "reblog", "favourite", "follow"
    ]  # fmt: skip
    assert _types(hers, **{"types[]": ["poll"]}) == []
    assert _types(hers, account_id=str(carl.id)) == ["mention"]
    assert _types(hers, account_id="") == _types(hers)
    assert hers.open("GET", NOTIFICATIONS, query_string={"account_id": "x"}).status_code == 422


def test_the_list_is_walked_in_both_directions(make: Factory, call: Call) -> None:
    ann, bob = make.accounts("ann", "bob")
    hers, his = call(ann), call(bob)
    for number in range(7):
        _publish(his, f"Number {number} @ann")
    ids = [one["id"] for one in hers.get(NOTIFICATIONS)]
    assert len(ids) == 7
    for path in (NOTIFICATIONS, GROUPS):
        seen: list[str] = []
        query: dict[str, Any] = {"limit": "3"}
        while True:
            answer = hers.open("GET", path, query_string=query)
            seen += _ids(answer.json)
            links = _links(answer)
            if "next" not in links:
                break
            assert links["next"]["limit"] == ["3"]
            query = {"limit": "3", "max_id": links["next"]["max_id"][0]}
        assert seen == ids, path
        assert _ids(hers.get(path, min_id=ids[-1], limit=2)) == [ids[-3], ids[-2]]
        assert _ids(hers.get(path, since_id=ids[-1], limit=2)) == ids[:2]


def _ids(body: Any) -> list[str]:
    if isinstance(body, list):
        return [one["id"] for one in body]
    return [one["page_max_id"] for one in body["notification_groups"]]


def test_nobody_reads_or_removes_what_is_told_to_another(pair: Pair) -> None:
    hers, his = pair.hers, pair.his
    id_ = hers.get(NOTIFICATIONS)[0]["id"]
    assert his.get(NOTIFICATIONS) == []
    for method, path in (
        ("GET", f"{NOTIFICATIONS}/{id_}"),
        ("POST", f"{NOTIFICATIONS}/{id_}/dismiss"),
        ("GET", f"{GROUPS}/ungrouped-{id_}"),
        ("GET", f"{GROUPS}/ungrouped-{id_}/accounts"),
        ("POST", f"{GROUPS}/ungrouped-{id_}/dismiss"),
    ):
        assert his.open(method, path).json == {"error": "Record not found"}, path
    his.post(f"{NOTIFICATIONS}/clear")
    assert len(hers.get(NOTIFICATIONS)) == 6


def test_they_are_removed_one_by_one_and_all_at_once(pair: Pair) -> None:
    hers = pair.hers
    first, second, *_rest = (one["id"] for one in hers.get(NOTIFICATIONS))
    assert hers.post(f"{NOTIFICATIONS}/{first}/dismiss") == {}
    assert hers.post(f"{NOTIFICATIONS}/dismiss", id=second) == {}
    assert len(hers.get(NOTIFICATIONS)) == 4
    assert hers.open("POST", f"{NOTIFICATIONS}/{first}/dismiss").status_code == 404
    assert hers.open("POST", f"{NOTIFICATIONS}/dismiss").status_code == 422
    assert hers.post(f"{NOTIFICATIONS}/clear") == {}
    assert hers.get(NOTIFICATIONS) == []


def test_clearing_leaves_what_only_the_inbox_shows(
    make: Factory, call: Call, browse: Browser
) -> None:
    ann, bob = make.accounts("ann", "bob")
    make.group("audit", GroupPrivacy.CLOSED, owner=ann)
    browse(bob).post("/groups/audit/join", data={"message": "Please"})
    hers = call(ann)
    assert hers.get(NOTIFICATIONS) == []
    hers.post(f"{NOTIFICATIONS}/clear")
    assert "asks to join" in browse(ann).get("/notifications").text


def test_what_became_secret_is_told_no_more(app: Flask, make: Factory, call: Call) -> None:
    ann, bob = make.accounts("ann", "bob")
    group = make.group("board", GroupPrivacy.OPEN, owner=bob)
    hers, his = call(ann), call(bob)
    post = make.post(bob, "Look here", group=group)
    row = Notification(
        recipient_id=ann.id, actor_id=bob.id, kind="mention", post_id=post.id,
        thread_id=post.id, group_id=group.id,
    )  # fmt: skip
    with app.app_context(), unit_of_work():
        db.session.add(row)
    assert _types(hers) == ["mention"]
    assert hers.get(f"{NOTIFICATIONS}/unread_count") == {"count": 1}
    with app.app_context(), unit_of_work():
        db.session.execute(update(Group).values(privacy=GroupPrivacy.SECRET))
    assert his.open("GET", f"/api/v1/statuses/{post.id}").status_code == 200
    assert hers.open("GET", f"/api/v1/statuses/{post.id}").status_code == 404
    assert _types(hers) == []
    assert hers.get(GROUPS) == {"accounts": [], "statuses": [], "notification_groups": []}
    assert hers.get(f"{NOTIFICATIONS}/unread_count") == {"count": 0}
    assert hers.get(f"{GROUPS}/unread_count") == {"count": 0}


def _reacted(make: Factory, call: Call, number: int) -> tuple[Caller, dict[str, Any]]:
    """Ann, whose post `number` people have given a star; two of them follow her."""
    ann = make.account("ann")
    hers = call(ann)
    post = _publish(hers, "Well done")
    for name in range(number):
        fan = call(make.account(f"fan{name}"))
        fan.post(f"/api/v1/statuses/{post['id']}/favourite")
        if name < 2:
            fan.post(f"/api/v1/accounts/{ann.id}/follow")
    return hers, post


def test_what_many_do_to_one_post_is_one_group(make: Factory, call: Call) -> None:
    hers, post = _reacted(make, call, 3)
    _publish(call(make.account("bob")), "And you @ann?")
    found = hers.get(GROUPS)
    mention, stars, follows = found["notification_groups"]
    assert [one["type"] for one in (mention, stars, follows)] == ["mention", "favourite", "follow"]
    assert set(stars) == {
        "group_key", "notifications_count", "type", "most_recent_notification_id", "page_min_id",
        "page_max_id", "latest_page_notification_at", "sample_account_ids", "status_id",
    }  # fmt: skip
    assert mention["group_key"] == f"ungrouped-{mention['page_max_id']}"
    assert stars["notifications_count"] == 3
    assert stars["status_id"] == post["id"]
    assert stars["page_max_id"] == str(stars["most_recent_notification_id"])
    assert int(stars["page_min_id"]) < int(stars["page_max_id"])
    names = {one["id"]: one["acct"] for one in found["accounts"]}
    assert [names[id_] for id_ in stars["sample_account_ids"]] == ["fan2", "fan1", "fan0"]
    assert [names[id_] for id_ in follows["sample_account_ids"]] == ["fan1", "fan0"]
    assert follows["status_id"] is None
    assert {one["id"] for one in found["statuses"]} == {post["id"], mention["status_id"]}
    assert hers.get(f"{GROUPS}/unread_count") == {"count": 3}
    loose = hers.get(GROUPS, **{"grouped_types[]": ["follow"]})["notification_groups"]
    assert [one["type"] for one in loose].count("favourite") == 3


def test_a_group_is_looked_at_alone_and_removed(make: Factory, call: Call) -> None:
    hers, _post = _reacted(make, call, 3)
    key = hers.get(GROUPS)["notification_groups"][0]["group_key"]
    alone = hers.get(f"{GROUPS}/{key}")
    assert [one["group_key"] for one in alone["notification_groups"]] == [key]
    assert "page_min_id" not in alone["notification_groups"][0]
    people = hers.get(f"{GROUPS}/{key}/accounts")
    assert [one["acct"] for one in people] == ["fan2", "fan1", "fan0"]
    assert hers.post(f"{GROUPS}/{key}/dismiss") == {}
    assert [one["type"] for one in hers.get(GROUPS)["notification_groups"]] == ["follow"]
    for nothing in (key, "favourite-7-7", "x", "ungrouped-99999999999999999999", "follow-1"):
        assert hers.open("GET", f"{GROUPS}/{nothing}").status_code == 404, nothing


def test_few_accounts_may_be_told_whole(make: Factory, call: Call) -> None:
    hers, _post = _reacted(make, call, 3)
    found = hers.get(GROUPS, expand_accounts="partial_avatars")
    assert {one["acct"] for one in found["accounts"]} == {"fan2", "fan1"}
    assert [set(one) for one in found["partial_accounts"]] == [
        {"id", "acct", "url", "avatar", "avatar_static", "locked", "bot"}
    ]


def test_groups_cost_the_same_statements_whatever_they_hold(
    make: Factory, call: Call, statements: list[str]
) -> None:
    hers, post = _reacted(make, call, 2)
    hers.get(GROUPS)
    counts = []
    for path in (NOTIFICATIONS, GROUPS):
        statements.clear()
        hers.get(path)
        counts.append(len(statements))
    for number in range(6):
        more = call(make.account(f"more{number}"))
        more.post(f"/api/v1/statuses/{post['id']}/favourite")
        _publish(more, "Hello @ann")
    for path, before in zip((NOTIFICATIONS, GROUPS), counts, strict=True):
        statements.clear()
        hers.get(path)
        assert len(statements) == before, path


def test_reading_here_and_in_the_web_is_one_thing(
    pair: Pair, make: Factory, browse: Browser
) -> None:
    hers = pair.hers
    ids = [one["id"] for one in hers.get(NOTIFICATIONS)]
    assert hers.get(MARKERS, **{"timeline[]": ["home", "notifications"]}) == {}
    assert hers.get(f"{NOTIFICATIONS}/unread_count") == {"count": 6}
    assert hers.get(f"{NOTIFICATIONS}/unread_count", limit=4) == {"count": 4}
    set_ = hers.open("POST", MARKERS, json={"notifications": {"last_read_id": ids[2]}}).json
    assert (set_["notifications"]["last_read_id"], set_["notifications"]["version"]) == (ids[2], 1)
    assert hers.get(f"{NOTIFICATIONS}/unread_count") == {"count": 2}
    web = browse(pair.ann)
    assert web.get("/notifications/unread").json["count"] == 2
    web.post("/notifications/read")
    marks = hers.get(MARKERS, **{"timeline[]": "notifications"})
    assert marks["notifications"]["last_read_id"] == ids[0]
    assert hers.get(f"{NOTIFICATIONS}/unread_count") == {"count": 0}


def test_marks_grow_in_version_and_refuse_what_comes_too_late(
    app: Flask, make: Factory, call: Call
) -> None:
    ann = make.account("ann")
    hers = call(ann)
    for version in (1, 2):
        mark = hers.post(MARKERS, **{"home[last_read_id]": "12"})["home"]
        assert mark["version"] == version
    late = {"home": {"last_read_id": "13", "version": 1}}
    assert hers.open("POST", MARKERS, json=late).status_code == 409
    assert hers.get(MARKERS, **{"timeline[]": "home"})["home"]["last_read_id"] == "12"
    for wrong in ({"home": {"last_read_id": "x"}}, {"home": "x"}, {"home": {}, "notifications": 1}):
        assert hers.open("POST", MARKERS, json=wrong).status_code == 422, wrong
    with app.app_context(), unit_of_work():
        me = db.session.get_one(Account, ann.id)
        with pytest.raises(Conflict):
            reading_marks.set_mark(me, MarkedList.HOME, 14, known=1)


def test_tokens_without_the_scope_are_refused(make: Factory, call: Call) -> None:
    hers = call(make.account("ann"), "read:statuses")
    for path in (NOTIFICATIONS, GROUPS, f"{GROUPS}/policy", f"{NOTIFICATIONS}/requests"):
        assert hers.open("GET", path).status_code == 403
    assert hers.open("POST", f"{NOTIFICATIONS}/clear").status_code == 403
    assert hers.open("POST", MARKERS, json={}).status_code == 403
