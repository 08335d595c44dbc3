"""Reports: who may send them, who meets them, and what becomes of them."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from intranet.accounts.models import Account, Role
from intranet.groups.models import GroupPrivacy, GroupRole
from intranet.posts.models import Post, Visibility
from tests.browse import Browser
from tests.factories import Factory
from tests.mastodon.conftest import Call, call  # noqa: F401  (a fixture)

QUEUE = "/admin/reports"


def _report(page: FlaskClient, post: Post, **form: str) -> None:
    sent = {"post": str(post.id), "category": "violation", "comment": "Too loud"} | form
    answer = page.post("/reports", data=sent)
    assert answer.status_code == 303, answer.text


def _first(page: FlaskClient, path: str = QUEUE) -> str:
    return page.get(path).text.partition('id="report-')[2].partition('"')[0]


def test_a_post_is_reported_handled_and_opened_again(make: Factory, browse: Browser) -> None:
    ann, bob = make.accounts("ann", "bob")
    chief = make.account("chief", Role.ADMINISTRATOR)
    post = make.post(bob, "Something loud")
    hers, desk = browse(ann), browse(chief)
    form = hers.get(f"/reports/new?post={post.id}").text
    assert "Report a post of Bob" in form
    assert "Something loud" in form
    _report(hers, post)
    assert desk.get("/notifications/unread").json["count"] == 1
    told = desk.get("/notifications").text
    assert "reports something" in told
    assert f'href="{QUEUE}"' in told
    text = desk.get(QUEUE).text
    for said in ("Bob", "Something loud", "Too loud", "Reported by Ann", "rules of the house"):
        assert said in text
    id_ = _first(desk)
    note = {"note": "Talked to him", "next": QUEUE}
    assert desk.post(f"/reports/{id_}/resolve", data=note).headers["Location"] == QUEUE
    assert "No report is waiting." in desk.get(QUEUE).text
    closed = desk.get(f"{QUEUE}?state=resolved").text
    assert "Closed by Chief" in closed
    assert "Talked to him" in closed
    desk.post(f"/reports/{id_}/reopen")
    assert "Something loud" in desk.get(QUEUE).text


def test_the_reported_post_is_deleted_from_the_queue(make: Factory, browse: Browser) -> None:
    ann, bob = make.accounts("ann", "bob")
    chief = make.account("chief", Role.MODERATOR)
    post, other = make.post(bob, "Something loud"), make.post(bob, "Quite fine")
    _report(browse(ann), post)
    desk = browse(chief)
    id_ = _first(desk)
    assert desk.post(f"/reports/{id_}/posts/{other.id}/delete").status_code == 404
    assert desk.post(f"/reports/{id_}/posts/{post.id}/delete").status_code == 303
    assert desk.get(f"/posts/{post.id}").status_code == 404
    assert desk.get(f"/posts/{other.id}").status_code == 200
    text = desk.get(QUEUE).text
    assert "1 reported post is deleted" in text
    assert "Too loud" in text


def test_a_person_is_reported(make: Factory, browse: Browser) -> None:
    ann, _bob = make.accounts("ann", "bob")
    chief = make.account("chief", Role.ADMINISTRATOR)
    hers = browse(ann)
    assert "/reports/new?account=bob" in hers.get("/@bob").text
    assert "/reports/new?account=ann" not in hers.get("/@ann").text
    sent = {"account": "bob", "category": "other", "comment": "Not him"}
    assert hers.post("/reports", data=sent).headers["Location"] == "/@bob"
    assert "Not him" in browse(chief).get(QUEUE).text


@pytest.mark.parametrize("role", [Role.MEMBER, Role.GUEST, Role.HR])
def test_only_moderators_meet_the_queue(make: Factory, browse: Browser, role: Role) -> None:
    ann, bob = make.accounts("ann", "bob")
    outsider = make.account("carl", role)
    chief = make.account("chief", Role.MODERATOR)
    _report(browse(ann), make.post(bob, "Something loud"))
    id_ = _first(browse(chief))
    page = browse(outsider)
    assert page.get(QUEUE).status_code == 403
    for act in ("resolve", "reopen", "posts/1/delete"):
        assert page.post(f"/reports/{id_}/{act}").status_code == 404
    assert page.get("/notifications/unread").json["count"] == 0
    assert "Something loud" in browse(chief).get(QUEUE).text


def test_nobody_handles_a_report_about_themselves(make: Factory, browse: Browser) -> None:
    ann = make.account("ann")
    boss, other = make.account("boss", Role.ADMINISTRATOR), make.account("other", Role.MODERATOR)
    _report(browse(ann), make.post(boss, "I shout"))
    page = browse(boss)
    assert "No report is waiting." in page.get(QUEUE).text
    assert page.get("/notifications/unread").json["count"] == 0
    id_ = _first(browse(other))
    assert page.post(f"/reports/{id_}/resolve").status_code == 404
    assert browse(other).get("/notifications/unread").json["count"] == 1


class _Secret:
    """A secret group with a reported post; the administrator stands outside."""

    def __init__(self, make: Factory, browse: Browser) -> None:
        self.owner, self.ann, self.bob = make.accounts("owner", "ann", "bob")
        self.chief = make.account("chief", Role.ADMINISTRATOR)
        group = make.group(
            "walrus", GroupPrivacy.SECRET, owner=self.owner, members=[self.ann, self.bob]
        )
        self.post = make.post(self.bob, "A secret shout", group=group)
        _report(browse(self.ann), self.post)


def test_those_who_run_a_group_handle_what_is_reported_there(
    make: Factory, browse: Browser
) -> None:
    secret = _Secret(make, browse)
    page, here = browse(secret.owner), "/groups/walrus/reports"
    told = page.get("/notifications").text
    assert "reports something in" in told
    assert f'href="{here}"' in told
    assert "A secret shout" in page.get(here).text
    id_ = _first(page, here)
    assert page.get(QUEUE).status_code == 403
    assert browse(secret.ann).get(here).status_code == 403
    assert page.post(f"/reports/{id_}/posts/{secret.post.id}/delete").status_code == 303
    assert page.post(f"/reports/{id_}/resolve", data={"next": here}).status_code == 303
    assert "No report is waiting." in page.get(here).text


def test_a_secret_stays_one_to_administrators(make: Factory, browse: Browser) -> None:
    secret = _Secret(make, browse)
    page = browse(secret.chief)
    assert page.get(f"/posts/{secret.post.id}").status_code == 404
    assert page.get("/groups/walrus/reports").status_code == 404
    told = page.get("/notifications").text
    text = page.get(QUEUE).text
    assert "reports something" in told
    assert "Too loud" in text
    assert "not for you to read" in text
    for hidden in ("A secret shout", "Walrus", "walrus"):
        assert hidden not in text
        assert hidden not in told
    id_ = _first(page)
    assert page.post(f"/reports/{id_}/posts/{secret.post.id}/delete").status_code == 404


def test_those_who_run_another_group_meet_nothing_of_it(make: Factory, browse: Browser) -> None:
    secret = _Secret(make, browse)
    stranger = make.account("stranger")
    make.group("club", owner=stranger)
    page = browse(stranger)
    assert page.get("/groups/club/reports").status_code == 200
    assert "Too loud" not in page.get("/groups/club/reports").text
    assert page.post(f"/reports/{_first(browse(secret.chief))}/resolve").status_code == 404


def test_what_cannot_be_seen_cannot_be_reported(make: Factory, browse: Browser) -> None:
    ann, bob = make.accounts("ann", "bob")
    post = make.post(bob, "For followers", visibility=Visibility.FOLLOWERS)
    page = browse(ann)
    assert page.get(f"/posts/{post.id}").status_code == 404
    assert page.get(f"/reports/new?post={post.id}").status_code == 404
    assert page.post("/reports", data={"post": post.id, "category": "spam"}).status_code == 404
    guest = browse(make.account("guest", Role.GUEST))
    assert guest.get("/reports/new?account=bob").status_code == 404


def test_a_report_without_a_reason_comes_back(make: Factory, browse: Browser) -> None:
    ann, bob = make.accounts("ann", "bob")
    page = browse(ann)
    post = make.post(bob, "Something loud")
    for wrong, said in (
        ({"category": "loud"}, "Choose one of these."),
        ({"comment": "x" * 1001}, "This is too long: 1000 characters at most."),
    ):
        sent = {"post": post.id, "category": "spam", "comment": "Kept"} | wrong
        answer = page.post("/reports", data=sent)
        assert answer.status_code == 422
        assert said in answer.text
    assert page.post("/reports", data={"account": "ann", "category": "spam"}).status_code == 403
    assert page.get("/reports/new").status_code == 404


def test_the_same_report_twice_is_one(make: Factory, browse: Browser) -> None:
    ann, bob, carl = make.accounts("ann", "bob", "carl")
    chief = make.account("chief", Role.ADMINISTRATOR)
    post = make.post(bob, "Something loud")
    for one in (ann, ann, carl):
        _report(browse(one), post)
    assert browse(chief).get(QUEUE).text.count('id="report-') == 2
    assert browse(chief).get("/notifications/unread").json["count"] == 2


def test_the_queue_costs_the_same_statements_whatever_waits(
    make: Factory, browse: Browser, statements: list[str]
) -> None:
    ann, bob = make.accounts("ann", "bob")
    chief = make.account("chief", Role.ADMINISTRATOR)
    desk, hers = browse(chief), browse(ann)
    _report(hers, make.post(bob, "Loud"))
    desk.get(QUEUE)
    counts = []
    for _ in range(2):
        statements.clear()
        desk.get(QUEUE)
        counts.append(len(statements))
        for number in range(4):
            _report(hers, make.post(bob, f"Loud {number}"))
    assert counts[0] == counts[1]


def _send(program: Any, **body: Any) -> Any:
    return program.open("POST", "/api/v1/reports", json=body)


def test_programs_report_too(make: Factory, browse: Browser, call: Call) -> None:  # noqa: F811
    ann, bob = make.accounts("ann", "bob")
    chief = make.account("chief", Role.ADMINISTRATOR)
    first, second = make.post(bob, "Loud one"), make.post(bob, "Loud two")
    hers = call(ann)
    made = _send(
        hers, account_id=str(bob.id), status_ids=[str(first.id), str(second.id)],
        comment="Both of them", category="spam", forward=True,
    ).json  # fmt: skip
    assert set(made) == {
        "id", "action_taken", "action_taken_at", "category", "comment", "forwarded", "created_at",
        "status_ids", "rule_ids", "target_account",
    }  # fmt: skip
    assert made["target_account"]["acct"] == "bob"
    assert made["status_ids"] == [str(first.id), str(second.id)]
    assert (made["action_taken"], made["forwarded"]) == (False, False)
    text = browse(chief).get(QUEUE).text
    assert "Loud one" in text
    assert "Loud two" in text
    assert "advertising or noise" in text


def test_programs_are_refused_what_makes_no_report(make: Factory, call: Call) -> None:  # noqa: F811
    ann, bob, carl = make.accounts("ann", "bob", "carl")
    hidden = make.post(bob, "For followers", visibility=Visibility.FOLLOWERS)
    other = make.post(carl, "Of another")
    groups = [make.group(name, owner=bob) for name in ("one", "two")]
    mixed = [str(make.post(bob, "Here", group=group).id) for group in groups]
    hers = call(ann)
    who = str(bob.id)
    for status, body in (
        (422, {}),
        (422, {"account_id": "x"}),
        (404, {"account_id": "7"}),
        (403, {"account_id": str(ann.id)}),
        (404, {"account_id": who, "status_ids": [str(hidden.id)]}),
        (404, {"account_id": who, "status_ids": ["7"]}),
        (422, {"account_id": who, "status_ids": [str(other.id)]}),
        (422, {"account_id": who, "status_ids": mixed}),
        (422, {"account_id": who, "status_ids": ["1"] * 41}),
        (422, {"account_id": who, "category": "loud"}),
        (422, {"account_id": who, "rule_ids": ["1"]}),
        (422, {"account_id": who, "comment": "x" * 1001}),
    ):
        assert _send(hers, **body).status_code == status, body
    assert _send(call(ann, "read write:statuses"), account_id=who).status_code == 403


def test_a_group_s_moderator_is_told_once(make: Factory, browse: Browser) -> None:
    """A moderator of the organisation who also runs the group hears of it there."""
    owner, ann, bob = make.accounts("owner", "ann", "bob")
    chief: Account = make.account("chief", Role.MODERATOR)
    group = make.group("club", owner=owner, members=[ann, bob])
    make.join(group, chief, GroupRole.MODERATOR)
    _report(browse(ann), make.post(bob, "Loud", group=group))
    assert browse(chief).get("/notifications/unread").json["count"] == 1
    assert "Loud" in browse(chief).get("/groups/club/reports").text


def test_a_report_costs_the_same_statements_however_many_are_open(
    make: Factory, browse: Browser, statements: list[str]
) -> None:
    ann, bob = make.accounts("ann", "bob")
    posts = [make.post(bob, f"Post {number}") for number in range(7)]
    client, counts = browse(ann), []
    for post in posts:
        form = {"post": str(post.id), "category": "spam", "comment": "Advertising"}
        statements.clear()
        assert client.post("/reports", data=form).status_code == 303
        counts.append(len(statements))
    assert len(set(counts[1:])) == 1, counts
