"""What is counted as a trend, and who reads it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from flask import Flask

from intranet import background
from intranet.accounts.models import Account, Role
from intranet.db import db
from intranet.groups.models import Group, GroupPrivacy
from intranet.kernel.text.links import links_in
from intranet.trends import tasks
from intranet.unit_of_work import unit_of_work
from tests.browse import Browser
from tests.factories import Factory
from tests.mastodon.conftest import Call, call  # noqa: F401  (a fixture)
from tests.mastodon.test_posts import _publish

TAGS, POSTS, LINKS = (f"/api/v1/trends/{name}" for name in ("tags", "statuses", "links"))


@pytest.fixture
def count(app: Flask) -> Any:
    def now() -> None:
        with app.app_context(), unit_of_work():
            tasks.keep(tasks.look({}))

    return now


def _names(program: Any, path: str = TAGS, **query: Any) -> list[str]:
    return [one.get("name") or one["url"] for one in program.get(path, **query)]


def test_what_several_people_use_is_a_trend(
    make: Factory,
    call: Call,  # noqa: F811
    count: Any,
) -> None:
    ann, bob = make.accounts("ann", "bob")
    hers, his = call(ann), call(bob)
    _publish(hers, "See #Depot and #soup https://example.org/a?b=1&c=2")
    _publish(hers, "#soup again, and again #soup [the plan](https://example.org/plan)")
    _publish(his, "#depot #bread [plan of the year](https://example.org/plan)")
    _publish(his, "Me too https://example.org/a?b=1&c=2")
    assert hers.get(TAGS) == []
    count()
    tags = hers.get(TAGS)
    assert [one["name"] for one in tags] == ["depot"]
    assert hers.get("/api/v1/trends") == tags
    assert tags[0]["url"] == "http://127.0.0.1:8000/tags/depot"
    days = tags[0]["history"]
    midnight = dt.datetime.now(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    assert len(days) == 7
    assert days[0] == {"day": str(int(midnight.timestamp())), "uses": "2", "accounts": "2"}
    assert {(day["uses"], day["accounts"]) for day in days[1:]} == {("0", "0")}
    links = hers.get(LINKS)
    assert {one["url"] for one in links} == {
        "https://example.org/plan", "https://example.org/a?b=1&c=2"
    }  # fmt: skip
    assert {one["title"] for one in links} == {"plan of the year", "example.org/a"}
    assert all(one["type"] == "link" and one["history"][0]["uses"] == "2" for one in links)


def test_posts_are_ranked_by_what_others_do_with_them(
    make: Factory,
    call: Call,  # noqa: F811
    count: Any,
) -> None:
    ann, bob, carl = make.accounts("ann", "bob", "carl")
    hers = call(ann)
    quiet, liked, loved = (_publish(hers, text) for text in ("Quiet", "Liked", "Loved"))
    hers.post(f"/api/v1/statuses/{quiet['id']}/favourite")
    for who in (bob, carl):
        program = call(who)
        program.post(f"/api/v1/statuses/{liked['id']}/favourite")
        program.post(f"/api/v1/statuses/{loved['id']}/favourite")
        program.post(f"/api/v1/statuses/{loved['id']}/reblog")
    count()
    assert [one["id"] for one in hers.get(POSTS)] == [loved["id"], liked["id"]]
    assert [one["id"] for one in hers.get(POSTS, limit=1, offset=1)] == [liked["id"]]
    hers.open("DELETE", f"/api/v1/statuses/{loved['id']}")
    assert [one["id"] for one in hers.get(POSTS)] == [liked["id"]]


def test_what_one_other_or_the_author_does_is_no_trend(
    make: Factory,
    call: Call,  # noqa: F811
    count: Any,
) -> None:
    ann, bob, carl = make.accounts("ann", "bob", "carl")
    hers, his = call(ann), call(bob)
    boosted, answered, both = (_publish(hers, text) for text in ("One", "Two", "Three"))
    his.post(f"/api/v1/statuses/{boosted['id']}/reblog")
    his.post(f"/api/v1/statuses/{boosted['id']}/favourite")
    for who in (hers, his, his):
        _publish(who, "And?", in_reply_to_id=answered["id"])
    his.post(f"/api/v1/statuses/{both['id']}/reblog")
    _publish(call(carl), "Indeed", in_reply_to_id=both["id"])
    count()
    assert [one["id"] for one in hers.get(POSTS)] == [both["id"]]


def test_counting_is_bounded(
    make: Factory,
    call: Call,  # noqa: F811
    count: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    people = [call(one) for one in make.accounts("ann", "bob", "carl")]
    ids = []
    for subject in ("old", "new"):
        for program in people[:2]:
            ids.append(_publish(program, f"#{subject} https://example.org/{subject}")["id"])
    for post_id in ids:
        for program in people:
            program.post(f"/api/v1/statuses/{post_id}/favourite")
    monkeypatch.setattr(tasks, "_MOST_POSTS", 2)
    count()
    assert _names(people[0]) == ["new"]
    assert _names(people[0], LINKS) == ["https://example.org/new"]
    assert {one["id"] for one in people[0].get(POSTS)} == set(ids[2:])


def test_nobody_waits_while_posts_are_read(
    app: Flask,
    make: Factory,
    call: Call,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ann, bob = make.accounts("ann", "bob")
    for who in (ann, bob):
        _publish(call(who), "https://example.org/plan")
    held = []

    def read(html: str) -> dict[str, str]:
        held.append(db.session().info.get("unit_of_work", False))
        return links_in(html)

    monkeypatch.setattr(tasks, "links_in", read)
    background.runner(app).prepare()
    background.runner(app).drain()
    assert held == [False, False]
    assert [one["url"] for one in call(ann).get(LINKS)] == ["https://example.org/plan"]


@pytest.mark.parametrize("where", ["secret", "open", "followers"])
def test_what_is_not_for_everybody_adds_to_no_number(
    make: Factory,
    call: Call,  # noqa: F811
    browse: Browser,
    count: Any,
    where: str,
) -> None:
    ann, bob = make.accounts("ann", "bob")
    _in_the_group(make, browse, where, ann, bob)
    count()
    for who in (ann, bob, make.account("boss", Role.ADMINISTRATOR)):
        for path in (TAGS, POSTS, LINKS):
            assert call(who).get(path) == []
    for who in (ann, bob):
        browse(who).post("/posts", data={"source": "#kraken https://example.org/kraken"})
    count()
    program = call(make.account("carl"))
    assert program.get(TAGS)[0]["history"][0]["uses"] == "2"
    assert program.get(LINKS)[0]["history"][0]["uses"] == "2"


def _in_the_group(
    make: Factory, browse: Browser, where: str, ann: Account, bob: Account
) -> Group | None:
    text = "#kraken https://example.org/kraken"
    group = None
    if where != "followers":
        privacy = GroupPrivacy.SECRET if where == "secret" else GroupPrivacy.OPEN
        group = make.group("deal", privacy, owner=ann, members=[bob])
    for who in (ann, bob):
        if group is not None:
            answer = browse(who).post("/groups/deal/posts", data={"source": text})
        else:
            answer = browse(who).post("/posts", data={"source": text, "audience": "followers"})
        assert answer.status_code == 303
    return group


def test_guests_read_no_trends(
    make: Factory,
    call: Call,  # noqa: F811
    count: Any,
) -> None:
    ann, bob, carl = make.accounts("ann", "bob", "carl")
    for who in (ann, bob):
        post = _publish(call(who), "#depot https://example.org/a")
        for other in {ann, bob, carl} - {who}:
            call(other).post(f"/api/v1/statuses/{post['id']}/reblog")
    count()
    guest = call(make.account("guest", Role.GUEST))
    for path in (TAGS, POSTS, LINKS):
        assert call(ann).get(path) != []
        assert guest.get(path) == []


def test_a_hashtag_goes_with_its_last_post(
    make: Factory,
    call: Call,  # noqa: F811
    count: Any,
) -> None:
    ann, bob = make.accounts("ann", "bob")
    posts = [(call(who), _publish(call(who), "#depot")) for who in (ann, bob)]
    count()
    assert _names(call(ann)) == ["depot"]
    for program, post in posts:
        program.open("DELETE", f"/api/v1/statuses/{post['id']}")
    assert _names(call(ann)) == []


def test_what_is_older_than_a_week_is_forgotten(
    make: Factory,
    call: Call,  # noqa: F811
    count: Any,
) -> None:
    ann, bob = make.accounts("ann", "bob")
    hers = call(ann)
    for who in (ann, bob):
        _publish(call(who), "#depot")
    now = dt.datetime.now(dt.UTC)
    for days, found in ((6, ["depot"]), (8, [])):
        with time_machine.travel(now + dt.timedelta(days=days), tick=True):
            count()
            assert _names(hers) == found


def test_the_newer_counts_for_more() -> None:
    now = dt.datetime(2026, 5, 4, 12, tzinfo=dt.UTC)
    assert tasks._weight(now, now) == 1.0
    assert tasks._weight(now - dt.timedelta(days=1), now) == 0.5


def test_wrong_sections_are_refused(make: Factory, call: Call) -> None:  # noqa: F811
    hers = call(make.account("ann"))
    for path in (TAGS, POSTS, LINKS):
        for query in ({"offset": "-1"}, {"offset": "x"}, {"limit": "x"}):
            assert hers.open("GET", path, query_string=query).status_code == 422
        assert call(make.account(path[-4:]), "read:lists").open("GET", path).status_code == 403


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ('<a href="/@ann" class="mention">@ann</a>', {}),
        ('<a href="/tags/x" class="mention hashtag">#x</a>', {}),
        ('<a href="mailto:a@example.org">a</a>', {}),
        ('<a href="https://a.example/b/">https://a.example/b/</a>',
         {"https://a.example/b/": "a.example/b"}),
        ('<a href="https://a.example/?x=1&amp;y=2">The <em>plan</em></a>',
         {"https://a.example/?x=1&y=2": "The plan"}),
        (f'<a href="https://a.example/{"x" * 2000}">long</a>', {}),
    ],
)  # fmt: skip
def test_links_are_read_from_our_own_html(html: str, found: dict[str, str]) -> None:
    assert links_in(html) == found
