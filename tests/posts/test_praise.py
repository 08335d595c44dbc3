"""Praise: of whom, by whom, who hears and who sees it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from intranet.accounts.models import Account, Role
from intranet.db import db
from intranet.groups.models import GroupPrivacy
from intranet.notifications.models import Notification, NotificationKind
from intranet.posts import queries
from intranet.posts.models import Post, PostKind, Praise, Praised, PraiseReason
from tests.browse import Browser
from tests.factories import Factory
from tests.mastodon.tokens import token_of


def _praise(client: Any, people: str, **form: Any) -> Any:
    sent = {"source": "Well done", "part": "praise", "reason": "help", "praised": people}
    return client.post("/posts", data=sent | form)


def test_colleagues_are_praised_told_once_and_named_on_the_card(
    make: Factory, browse: Browser, app: Flask
) -> None:
    ann, bob, cam = make.accounts("ann", "bob", "cam")
    sent = _praise(browse(ann), "@bob, Cam @bob", source="Thanks @bob, that saved us")
    assert sent.status_code == 303, sent.text
    page = browse(bob).get(sent.headers["Location"]).text
    card = page[page.index("<article") : page.index("</article>")]
    assert "A helping hand" in card
    assert card.index(">Bob<") < card.index(">Cam<") < card.index("that saved us")
    with app.app_context():
        rows = db.session.execute(select(Notification.recipient_id, Notification.kind)).all()
    assert sorted(rows) == sorted([(one.id, NotificationKind.PRAISE) for one in (bob, cam)])
    assert "praised you" in browse(cam).get("/notifications").text
    for handle, count in (("cam", 1), ("bob", 1), ("ann", 0)):
        shown = browse(ann).get(f"/@{handle}/praise").text
        assert shown.count("that saved us") == count
    assert 'href="/@cam/praise"><b class="num">1</b>' in browse(bob).get("/@cam").text
    form = browse(ann).get("/@cam/praise/new").text
    assert 'name="praised" value="@cam"' in form


@pytest.mark.parametrize(
    ("people", "form", "words"),
    [
        ("", {}, "Name the people"),
        ("@nobody", {}, "There is no colleague @nobody."),
        ("@newsroom", {}, "There is no colleague @newsroom."),
        ("@gone", {}, "There is no colleague @gone."),
        ("@bob @ann", {}, "Praise is for others"),
        ("@bob", {"reason": "beauty"}, "Choose what the praise is for."),
        ("@bob @out", {"audience": "group:board"}, "@out cannot read this post."),
        (" ".join(f"@p{number}" for number in range(11)), {}, "Praise 10 people at most"),
        ("@bob", {"source": ""}, "Write something"),
    ],
)
def test_what_is_no_praise_is_refused_and_nothing_is_lost(
    make: Factory, browse: Browser, app: Flask, people: str, form: dict[str, str], words: str
) -> None:
    ann, bob = make.accounts("ann", "bob")
    make.account("out")
    make.page("newsroom")
    make.account("gone", deactivated_at=ann.created_at)
    for number in range(11):
        make.account(f"p{number}")
    make.group("board", GroupPrivacy.CLOSED, owner=ann, members=[bob])
    refused = _praise(browse(ann), people, **form)
    assert refused.status_code == 422
    assert words in refused.text
    assert f'name="praised" value="{people}"' in refused.text
    with app.app_context():
        for model in (Post, Praise, Praised, Notification):
            assert not db.session.scalar(select(func.count()).select_from(model))


def test_praise_in_a_group_is_for_those_who_read_it(make: Factory, browse: Browser) -> None:
    ann, bob, dan = make.accounts("ann", "bob", "dan")
    make.group("board", GroupPrivacy.SECRET, owner=ann, members=[bob])
    sent = _praise(browse(ann), "@bob", source="Quietly great", audience="group:board")
    assert browse(dan).get(sent.headers["Location"]).status_code == 404  # an outsider
    assert "Quietly great" in browse(bob).get("/@bob/praise").text
    assert "Quietly great" not in browse(dan).get("/@bob/praise").text
    assert 'href="/@bob/praise"><b class="num">0</b>' in browse(dan).get("/@bob").text


def test_a_guest_is_praised_where_they_can_read_it(make: Factory, browse: Browser) -> None:
    ann = make.account("ann")
    gus = make.account("gus", Role.GUEST)
    make.group("board", GroupPrivacy.CLOSED, owner=ann, members=[gus])
    refused = _praise(browse(ann), "@gus")
    assert refused.status_code == 422
    assert "@gus cannot read this post." in refused.text
    assert _praise(browse(ann), "@gus", audience="group:board").status_code == 303
    assert "Well done" in browse(gus).get("/@gus/praise").text


def test_deleted_praise_leaves_nothing(make: Factory, browse: Browser, app: Flask) -> None:
    ann, bob = make.accounts("ann", "bob")
    sent = _praise(browse(ann), "@bob")
    where = sent.headers["Location"]
    browse(bob).post(f"{where}/replies", data={"source": "Oh, thanks"})
    assert browse(ann).post(f"{where}/delete").status_code == 303
    with app.app_context():
        assert not db.session.scalar(select(func.count()).select_from(Praised))
        post = db.session.get_one(Post, int(where.rsplit("/", 1)[1]))
        assert post.kind is PostKind.POST
    assert "A helping hand" not in browse(bob).get(where).text


def test_programs_see_whom_a_post_praises(make: Factory, browse: Browser, app: Flask) -> None:
    ann, bob = make.accounts("ann", "bob")
    sent = _praise(browse(ann), "@bob")
    token = token_of(app, bob)
    found = app.test_client().get(
        f"/api/v1/statuses/{sent.headers['Location'].rsplit('/', 1)[1]}",
        headers={"Authorization": f"Bearer {token}"},
    )
    content = found.json["content"]
    assert content.startswith('<p>Praise for <a href="http://127.0.0.1:8000/@bob">Bob</a></p><p>')


def test_many_praises_cost_what_one_costs(make: Factory, app: Flask, statements: list[str]) -> None:
    ann, bob = make.accounts("ann", "bob")
    ids = []
    for number in range(12):
        post = make.post(ann, f"Bravo {number}", kind=PostKind.PRAISE)
        make._save(
            Praise(post_id=post.id, reason=PraiseReason.IDEA),
            Praised(post_id=post.id, account_id=bob.id, position=0),
        )
        ids.append(post.id)
    costs = []
    for wanted in (ids[:1], ids):
        with app.app_context():
            viewer = db.session.get_one(Account, bob.id)
            statements.clear()
            drawn = queries.cards(viewer, wanted)
            costs.append(len(statements))
        assert all(card.praise and card.praise.people[0].handle == "bob" for card in drawn)
    assert costs == [3, 3]


def test_a_praise_to_come_keeps_whom_it_is_for(make: Factory, browse: Browser, app: Flask) -> None:
    ann, bob = make.accounts("ann", "bob")
    sent = _praise(
        browse(ann), "@bob", part=["praise", "schedule"], scheduled_date="2030-01-01",
        scheduled_time="10:00",
    )  # fmt: skip
    assert sent.headers["Location"] == "/scheduled"
    number = re.search(r"/scheduled/(\d+)/publish", browse(ann).get("/scheduled").text)
    assert number is not None
    browse(ann).post(number[0])
    assert "Well done" in browse(bob).get("/@bob/praise").text
