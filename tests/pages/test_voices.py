"""Posts in a page's name: by whom, signed how, heard by whom."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.accounts.models import Account
from intranet.db import db
from intranet.kernel.errors import Forbidden, Invalid
from intranet.notifications.models import NotificationKind
from intranet.pages.models import Attribution
from intranet.posts.actions import publish
from intranet.posts.drafts import PostDraft, PostLimits
from intranet.posts.models import Post, Visibility
from intranet.posts.queries import cards
from tests.browse import Browser
from tests.factories import Factory
from tests.pages.world import SPEAKERS, Newsroom, newsroom

LIMITS = PostLimits(5000, 4)
OTHERS = ("ana", "out", "adam")


@pytest.fixture
def room(app: Flask, make: Factory, browse: Browser) -> Newsroom:
    return newsroom(app, make, browse)


def test_writers_speak_for_the_page_and_nobody_else_does(room: Newsroom) -> None:
    for who in OTHERS:
        assert room.role_of(who) not in ("owner", "editor", "reviewer")
        assert room.send(who, "/posts", source="As you") == 403, who
        assert "data-composer" not in room.client(who).get("/pages/newsroom").text
    assert room.posts() == []
    for who in SPEAKERS:
        post = room.publish(who, f"By {who}")
        assert (post.author_id, post.written_by_id) == (room.page.id, room.people[who].id)
        assert post.visibility is Visibility.ORGANISATION
    assert 'data-composer="new"' in room.client("ed").get("/pages/newsroom").text


@pytest.mark.parametrize("attribution", list(Attribution))
def test_the_author_is_named_as_the_page_says_and_always_known_inside(
    app: Flask, make: Factory, browse: Browser, attribution: Attribution
) -> None:
    room = newsroom(app, make, browse, attribution=attribution)
    post = room.publish("ed")
    named = re.compile(r'by <a class="in" href="/@ed">Ed</a>')
    for who in (*SPEAKERS, *OTHERS):
        shown = named.search(room.client(who).get(f"/posts/{post.id}").text) is not None
        assert shown == (attribution is Attribution.AUTHOR or who in SPEAKERS), who
        inside = 'href="/@ed"' in room.client(who).get(f"/posts/{post.id}/history").text
        assert inside == (who in (*SPEAKERS, "adam")), who
    told = room.client("out").get("/search?q=wire").text
    assert (named.search(told) is not None) == (attribution is Attribution.AUTHOR)


def test_writers_edit_pin_and_delete_what_the_page_said(room: Newsroom) -> None:
    first, second = room.publish("ed", "First"), room.publish("olga", "Second")
    for who in OTHERS:
        client = room.client(who)
        assert client.get(f"/posts/{first.id}/edit").status_code == 403
        changed = {"source": "Mine"}
        assert client.post(f"/posts/{first.id}/edit", data=changed).status_code == 403
        assert client.post(f"/posts/{first.id}/pin").status_code == 403
        if who != "adam":  # administrators moderate
            assert client.post(f"/posts/{first.id}/delete").status_code == 403
    rita = room.client("rita")
    assert rita.post(f"/posts/{first.id}/edit", data={"source": "Better"}).status_code == 303
    assert rita.post(f"/posts/{first.id}/pin").status_code == 303
    page = room.client("out").get("/pages/newsroom").text
    assert page.index("Better") < page.index("Second")
    assert "Pinned by Newsroom" in page
    assert room.client("ed").post(f"/posts/{second.id}/delete").status_code == 303
    assert len(room.posts()) == 1


def test_a_page_answers_below_its_own_posts_only_and_by_choice(
    room: Newsroom, make: Factory
) -> None:
    post, foreign = room.publish(), make.post(room.people["out"], "A question")
    as_page = {"source": "Answer", "voice": str(room.page.id)}
    ed = room.client("ed")
    assert "Answer as" in ed.get(f"/posts/{post.id}").text
    assert "Answer as" not in ed.get(f"/posts/{foreign.id}").text
    assert "Answer as" not in room.client("out").get(f"/posts/{post.id}").text
    assert ed.post(f"/posts/{post.id}/replies", data=as_page).status_code == 303
    assert room.posts()[0].root_id == post.id
    assert ed.post(f"/posts/{foreign.id}/replies", data=as_page).status_code == 403
    for who in OTHERS:
        path = f"/posts/{post.id}/replies"
        assert room.client(who).post(path, data=as_page).status_code == 403, who
    assert ed.post(f"/posts/{post.id}/replies", data={"source": "Myself"}).status_code == 303
    own = room.all(select(Post).where(Post.author_id == room.people["ed"].id))
    assert [reply.written_by_id for reply in own] == [None]


def test_who_writes_hears_what_the_page_would(room: Newsroom) -> None:
    post = room.publish("ed")
    out = room.client("out")
    out.post("/posts", data={"source": "Well said, @newsroom"})
    for who in SPEAKERS:
        assert room.told(who) == [(NotificationKind.MENTION, room.page.id)], who
    assert [room.told(who) for who in OTHERS] == [[], [], []]
    said = room.client("olga").get("/notifications").text
    assert "<b>Out</b> mentioned <b>Newsroom</b>" in said
    out.post(f"/posts/{post.id}/replies", data={"source": "When?"})
    out.post(f"/posts/{post.id}/reactions", data={"emoji": "⭐"})
    kinds = [kind for kind, _page in room.told("ed")]
    assert kinds == [NotificationKind.MENTION, NotificationKind.REPLY, NotificationKind.REACTION]
    assert [kind for kind, _page in room.told("rita")] == kinds[:2], "reactions are the writer's"
    # What the page answers is told to others, in its name, and not to itself.
    answer = {"source": "@out tomorrow", "voice": str(room.page.id)}
    room.client("ed").post(f"/posts/{post.id}/replies", data=answer)
    assert room.told("out") == [(NotificationKind.MENTION, None)]
    assert "<b>Newsroom</b> mentioned you" in out.get("/notifications").text
    assert len(room.told("rita")) == 2


def test_a_mention_where_the_page_cannot_read_calls_nobody(room: Newsroom, make: Factory) -> None:
    make.group("board", owner=room.people["out"], privacy="closed")
    room.client("out").post("/groups/board/posts", data={"source": "Not for @newsroom"})
    assert [room.told(who) for who in SPEAKERS] == [[], [], []]


@pytest.mark.parametrize("is_public", [True, False])
def test_only_a_public_page_has_public_posts(
    app: Flask, make: Factory, browse: Browser, is_public: bool
) -> None:
    room = newsroom(app, make, browse, is_public=is_public)
    offered = 'name="is_public"' in room.client("ed").get("/pages/newsroom").text
    assert offered == is_public
    assert room.send("ed", "/posts", source="Open", is_public="1") == (303 if is_public else 422)
    inner = room.publish("ed", "Inner")
    assert not inner.is_public
    path = f"/posts/{inner.id}/public"
    for who in OTHERS:
        assert room.client(who).post(path).status_code == 403
    assert room.client("ed").post(path).status_code == (303 if is_public else 403)
    assert room.posts()[0].is_public == is_public
    if is_public:
        assert room.client("ed").post(f"{path}/remove").status_code == 303
        assert not room.posts()[0].is_public
    personal = make.post(room.people["ed"])
    assert room.client("ed").post(f"/posts/{personal.id}/public").status_code == 403


def test_a_draft_that_no_form_can_send_is_refused_too(room: Newsroom, make: Factory) -> None:
    group = make.group("board", owner=room.people["ed"])
    page_id = room.page.id
    drafts: list[tuple[PostDraft, type[Exception]]] = [
        (PostDraft(source="x", is_public=True), Invalid),
        (PostDraft(source="x", as_page_id=page_id, visibility=Visibility.FOLLOWERS), Invalid),
        (
            PostDraft(
                source="x", as_page_id=page_id, visibility=Visibility.GROUP, group_id=group.id
            ),
            Invalid,
        ),
    ]
    with room.app.app_context():
        ed = db.session.get_one(Account, room.people["ed"].id)
        for draft, refusal in drafts:
            with pytest.raises(refusal):
                publish(ed, draft, LIMITS)
        ana = db.session.get_one(Account, room.people["ana"].id)
        with pytest.raises(Forbidden):
            publish(ana, PostDraft(source="x", as_page_id=page_id), LIMITS)


def test_cards_of_pages_cost_no_more_statements(
    room: Newsroom, make: Factory, statements: list[str]
) -> None:
    ids = [room.publish("ed", f"News {number}").id for number in range(6)]
    ids += [make.post(room.people["out"], f"Talk {number}").id for number in range(6)]
    costs = []
    for wanted in (ids[-1:], ids):
        with room.app.app_context():
            viewer = db.session.get_one(Account, room.people["ed"].id)
            statements.clear()
            drawn = cards(viewer, wanted)
            costs.append(len(statements))
    assert costs == [2, 2]
    assert all(card.written_by is not None and card.may_pin for card in drawn[:6])
    client = room.client("out")
    make.follow(room.people["out"], room.page)
    client.get("/")
    statements.clear()
    client.get("/")
    assert len(statements) <= 14
