"""What waits for a second person keeps its parts, and its author hears what became of it."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from sqlalchemy import event, select

from intranet.db import db
from intranet.groups.models import GroupPrivacy
from intranet.kernel.clock import utc_now
from intranet.mail.delivery import Deliverer
from intranet.notifications.models import Notification, NotificationKind
from intranet.posts.models import PostKind
from intranet.reviews.models import PageSubmission
from intranet.scheduled.models import ScheduledPost
from tests.browse import Browser
from tests.factories import Factory
from tests.mail.sink import Sink
from tests.pages.world import Newsroom, newsroom


@pytest.fixture
def room(app: Flask, make: Factory, browse: Browser) -> Newsroom:
    return newsroom(app, make, browse, review_required=True)


def _hand_in(room: Newsroom, **form: object) -> int:
    assert room.send("ed", "/posts", source="What do you need?", **form) == 303
    newest = select(PageSubmission.id).order_by(PageSubmission.id.desc()).limit(1)
    number: int = room.all(newest)[0]
    return number


def _tomorrow() -> dict[str, str]:
    day = (utc_now() + dt.timedelta(days=2)).date()
    return {"scheduled_date": day.isoformat(), "scheduled_time": "10:00"}


def test_a_question_with_a_quote_stays_one_through_the_review(
    room: Newsroom, make: Factory
) -> None:
    quoted = make.post(room.people["out"], "We lack chairs")
    parts = {"part": ["question", "warning", "language"], "spoiler_text": "Chairs"}
    parts |= {"language": "en", "quote_of_id": str(quoted.id)}
    number = _hand_in(room, **parts)
    queue = room.client("rita").get("/pages/newsroom/reviews").text
    for words in ("We lack chairs", "Question", "Chairs", "English"):
        assert words in queue, words
    form = room.client("ed").get(f"/pages/newsroom/reviews/{number}/edit").text
    assert f'name="quote_of_id" value="{quoted.id}"' in form
    assert 'name="part" value="question"' in form
    changed = {"source": "What do you need now?"} | parts
    assert room.send("ed", f"/reviews/{number}/edit", **changed) == 303
    assert room.send("rita", f"/reviews/{number}/publish") == 303
    post = room.posts()[0]
    assert (post.kind, post.quote_of_id) == (PostKind.QUESTION, quoted.id)
    assert (post.spoiler_text, post.language) == ("Chairs", "en")
    # The person who wrote the question for the page says which reply is the answer.
    reply = {"source": "Chairs"}
    assert room.client("out").post(f"/posts/{post.id}/replies", data=reply).status_code == 303
    assert "Accept as the answer" in room.client("ed").get(f"/posts/{post.id}").text
    assert "Accept as the answer" not in room.client("out").get(f"/posts/{post.id}").text


def test_the_poll_of_what_waits_is_shown_with_its_rules(room: Newsroom) -> None:
    poll = {"part": "poll", "option": ["Chairs", "Desks"], "seconds": "86400"}
    _hand_in(room, **poll, multiple="1", hide_totals="1")
    queue = room.client("rita").get("/pages/newsroom/reviews").text
    for words in ("Desks", "Open for 1 day", "Several answers may be chosen", "only at the end"):
        assert words in queue, words


def test_reviewers_see_of_a_quote_only_what_they_may_read(room: Newsroom, make: Factory) -> None:
    """The quote is checked when it is handed in, by the rule for everybody."""
    board = make.group("board", owner=room.people["ed"], privacy=GroupPrivacy.SECRET)
    secret = make.post(room.people["ed"], "The plan", group=board)
    assert room.client("rita").get(f"/posts/{secret.id}").status_code == 404
    assert room.send("ed", "/posts", source="x", quote_of_id=str(secret.id)) == 422
    open_post = make.post(room.people["out"], "We lack chairs")
    number = _hand_in(room, quote_of_id=str(open_post.id))
    assert room.client("out").post(f"/posts/{open_post.id}/delete").status_code == 303
    queue = room.client("rita").get("/pages/newsroom/reviews").text
    assert "This post is not available." in queue
    assert "We lack chairs" not in queue
    assert room.send("rita", f"/reviews/{number}/publish") == 409
    assert room.posts() == []


def test_a_page_praises_nobody(room: Newsroom) -> None:
    praise = {"part": "praise", "praised": "@out", "reason": "help"}
    answer = room.client("ed").post("/pages/newsroom/posts", data={"source": "x"} | praise)
    assert answer.status_code == 422
    assert "praise comes from a person" in answer.text
    page = room.client("ed").get("/pages/newsroom").text
    assert 'value="question"' in page
    assert 'value="praise"' not in page


def test_the_author_hears_that_it_comes_later(room: Newsroom, sink: Sink, smtp: Deliverer) -> None:
    number = _hand_in(room, part="schedule", **_tomorrow())
    smtp.drain()
    assert room.send("rita", f"/reviews/{number}/publish") == 303
    assert room.posts() == []
    assert room.all(select(ScheduledPost.source)) == ["What do you need?"]
    assert room.told("ed") == [(NotificationKind.REVIEW_ANSWER, room.page.id)]
    said = room.client("ed").get("/notifications").text
    assert "let out your post for <b>Newsroom</b>: it comes at its time" in said
    assert 'href="/scheduled"' in said
    before = len(sink.taken)
    smtp.drain()
    letters = sink.taken[before:]
    assert [one["Subject"] for one in letters] == ["Your post for Newsroom comes at its time"]
    assert "/scheduled" in letters[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_the_author_hears_why_it_came_back(room: Newsroom) -> None:
    number = _hand_in(room)
    note = "Shorter, <b>please</b>"
    assert room.send("rita", f"/reviews/{number}/return", note=note) == 303
    said = room.client("ed").get("/notifications").text
    assert "returned your post for <b>Newsroom</b> with a note" in said
    assert "Shorter, &lt;b&gt;please&lt;/b&gt;" in said
    assert 'href="/pages/newsroom/reviews"' in said
    for who in ("olga", "out", "ana"):
        assert "Shorter" not in room.client(who).get("/notifications").text, who
    menu = room.client("ed").get("/notifications/menu").text
    assert "Shorter" in menu


def test_notes_cost_one_statement_however_many_came_back(room: Newsroom) -> None:
    counted: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        counted.append(statement)

    figures = []
    for _round in range(2):
        for _number in range(2):
            number = _hand_in(room)
            assert room.send("rita", f"/reviews/{number}/return", note="Shorter") == 303
        client = room.client("ed")
        client.get("/notifications")
        with room.app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", count)
        counted.clear()
        client.get("/notifications")
        event.remove(engine, "before_cursor_execute", count)
        figures.append(len(counted))
    assert figures[0] == figures[1]
    mine = Notification.recipient_id == room.people["ed"].id
    assert len(room.all(select(Notification.id).where(mine))) == 4
