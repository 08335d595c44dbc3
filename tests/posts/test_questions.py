"""Questions: which reply is the answer, who says so, what everybody sees of it."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import select

from intranet.accounts.models import Account
from intranet.db import db
from intranet.groups.models import GroupPrivacy, GroupRole
from intranet.notifications.models import Notification, NotificationKind
from intranet.pages.models import PageEditor, PageRole
from intranet.posts import queries
from intranet.posts.models import Post, PostKind
from intranet.unit_of_work import unit_of_work
from tests.browse import Browser
from tests.factories import Factory
from tests.mastodon.conftest import Caller
from tests.mastodon.tokens import token_of


def _ask(client: Any, **form: Any) -> int:
    sent = client.post("/posts", data={"source": "How?", "part": "question"} | form)
    assert sent.status_code == 303, sent.text
    return int(sent.headers["Location"].rsplit("/", 1)[1])


def _answer(client: Any, post_id: int, source: str = "Like this") -> int:
    sent = client.post(f"/posts/{post_id}/replies", data={"source": source})
    assert sent.status_code == 303, sent.text
    return int(sent.headers["Location"].rsplit("-", 1)[1])


def _accepted(app: Flask, question_id: int) -> int | None:
    with app.app_context():
        return db.session.get_one(Post, question_id).answer_id


def _told(app: Flask, account: Account) -> list[tuple[NotificationKind, int | None]]:
    with app.app_context():
        rows = db.session.execute(
            select(Notification.kind, Notification.post_id)
            .where(Notification.recipient_id == account.id)
            .order_by(Notification.id)
        )
        return [(kind, post_id) for kind, post_id in rows]


def test_an_answer_is_accepted_changed_and_taken_back(
    make: Factory, browse: Browser, app: Flask
) -> None:
    ann, bob, cam = make.accounts("ann", "bob", "cam")
    asks, answers = browse(ann), browse(bob)
    question = _ask(asks)
    first, second = _answer(answers, question, "First way"), _answer(answers, question, "Second")
    assert "Question, open" in answers.get(f"/posts/{question}").text
    assert asks.get(f"/posts/{question}").text.count("Accept as the answer") == 2
    assert "Accept as the answer" not in answers.get(f"/posts/{question}").text
    for reply in (second, second, first):
        assert asks.post(f"/posts/{reply}/answer").status_code == 303
    assert _accepted(app, question) == first
    # Of the one that gave way nothing is left to hear of; of the other once.
    assert _told(app, bob) == [(NotificationKind.ANSWER, first)]
    assert "accepted your reply as the answer" in answers.get("/notifications").text
    page = browse(cam).get(f"/posts/{question}").text
    assert "Question, answered" in page
    # Above the replies, which keep their order, and with a label in its place.
    places = [page.index(one) for one in ("within--answer", f'id="post-{first}"',
                                          f'id="post-{second}"')]  # fmt: skip
    assert places == sorted(places)
    assert page.count("First way") == 2
    assert page.count("Accepted answer</p>") == 2
    assert "First way" in browse(cam).get("/timelines/organisation").text
    program = Caller(app.test_client(), token_of(app, cam))
    for accepted, order in ((second, [second, first]), (first, [first, second])):
        asks.post(f"/posts/{accepted}/answer")
        below = program.get(f"/api/v1/statuses/{question}/context")["descendants"]
        assert [int(one["id"]) for one in below] == order
    assert asks.post(f"/posts/{first}/answer/remove").status_code == 303
    assert _accepted(app, question) is None
    assert "Question, open" in browse(cam).get(f"/posts/{question}").text
    assert _told(app, bob) == []


def test_only_the_asker_and_who_runs_the_group_accept(
    make: Factory, browse: Browser, app: Flask
) -> None:
    ann, bob, cam, dan = make.accounts("ann", "bob", "cam", "dan")
    group = make.group("board", GroupPrivacy.CLOSED, owner=ann, members=[bob])
    make.join(group, cam, GroupRole.MODERATOR)
    question = _ask(browse(bob), audience="group:board")
    reply = _answer(browse(ann), question)
    # The outsider of the group is one: the thread is not there for them.
    assert browse(dan).get(f"/posts/{question}").status_code == 404
    assert browse(dan).post(f"/posts/{reply}/answer").status_code == 404
    other = make.account("eve")
    make.join(group, other)
    assert browse(other).get(f"/posts/{question}").status_code == 200
    assert browse(other).post(f"/posts/{reply}/answer").status_code == 403
    assert _accepted(app, question) is None
    assert browse(cam).post(f"/posts/{reply}/answer").status_code == 303
    assert _accepted(app, question) == reply
    assert browse(other).post(f"/posts/{reply}/answer/remove").status_code == 403
    assert _accepted(app, question) == reply


def test_whoever_writes_for_a_page_accepts_the_answer_to_its_question(
    make: Factory, browse: Browser, app: Flask
) -> None:
    ann, bob, cam, dan = make.accounts("ann", "bob", "cam", "dan")
    page = make.page(
        owner=ann, editors={PageRole.EDITOR: [bob], PageRole.ANALYST: [cam]}, review_required=False
    )
    sent = browse(bob).post("/pages/newsroom/posts", data={"source": "Which?", "part": "question"})
    assert sent.status_code == 303, sent.text
    with app.app_context():
        question = db.session.scalars(select(Post.id).where(Post.author_id == page.id)).one()
    reply = _answer(browse(dan), question)
    # Neither who only reads its figures nor who has nothing to do with it speaks for the page.
    for outsider in (cam, dan):
        client = browse(outsider)
        assert "Accept as the answer" not in client.get(f"/posts/{question}").text
        assert client.post(f"/posts/{reply}/answer").status_code == 403
    assert _accepted(app, question) is None
    owner = browse(ann)
    assert "Accept as the answer" in owner.get(f"/posts/{question}").text
    assert owner.post(f"/posts/{reply}/answer").status_code == 303
    assert _accepted(app, question) == reply
    # Who has left the page says nothing in its name any more, also below what they wrote.
    with app.app_context(), unit_of_work():
        db.session.delete(db.session.get_one(PageEditor, (page.id, bob.id)))
    assert browse(bob).post(f"/posts/{reply}/answer/remove").status_code == 403
    assert _accepted(app, question) == reply


def test_what_is_no_question_has_no_answer(make: Factory, browse: Browser) -> None:
    ann, bob = make.accounts("ann", "bob")
    post = make.post(ann)
    reply = make.post(bob, "Hm", reply_to=post)
    client = browse(ann)
    assert client.post(f"/posts/{reply.id}/answer").status_code == 422
    assert client.post(f"/posts/{post.id}/answer").status_code == 422
    refused = client.post(f"/posts/{post.id}/replies", data={"source": "?", "part": "question"})
    assert refused.status_code == 422
    assert "begins a thread" in refused.text


def test_a_deleted_answer_leaves_the_question_open(
    make: Factory, browse: Browser, app: Flask
) -> None:
    ann, bob = make.accounts("ann", "bob")
    question = _ask(browse(ann))
    first, second = _answer(browse(bob), question), _answer(browse(bob), question, "Or so")
    _answer(browse(ann), second, "Thanks")  # it stays as an empty place
    for reply in (first, second):
        browse(ann).post(f"/posts/{reply}/answer")
        assert _accepted(app, question) == reply
        assert browse(bob).post(f"/posts/{reply}/delete").status_code == 303
        assert _accepted(app, question) is None
    assert "Question, open" in browse(bob).get(f"/posts/{question}").text
    browse(ann).post(f"/posts/{question}/delete")
    with app.app_context():
        assert db.session.get_one(Post, question).kind is PostKind.POST


def test_an_answer_that_a_block_keeps_away_is_not_shown(make: Factory, browse: Browser) -> None:
    ann, bob, cam = make.accounts("ann", "bob", "cam")
    question = _ask(browse(ann))
    reply = _answer(browse(bob), question, "Only so")
    browse(ann).post(f"/posts/{reply}/answer")
    assert browse(cam).get(f"/posts/{question}").text.count("Only so") == 2
    browse(cam).post("/@bob/block")
    page = browse(cam).get(f"/posts/{question}").text
    assert "Only so" not in page
    assert "Question, answered" in page
    assert "This post is not available." in page


def test_many_questions_cost_what_one_costs(
    make: Factory, app: Flask, statements: list[str]
) -> None:
    ann, bob = make.accounts("ann", "bob")
    ids = []
    for number in range(12):
        question = make.post(ann, f"Question {number}", kind=PostKind.QUESTION)
        reply = make.post(bob, f"Answer {number}", reply_to=question)
        make.post(bob, "And another", reply_to=question)
        with app.app_context():
            db.session.get_one(Post, question.id).answer_id = reply.id
            db.session.commit()
        ids.append(question.id)
    costs = []
    for wanted in (ids[:1], ids):
        with app.app_context():
            viewer = db.session.get_one(Account, bob.id)
            statements.clear()
            drawn = queries.cards(viewer, wanted)
            costs.append(len(statements))
        assert all(card.answer and card.answer.source.startswith("Answer") for card in drawn)
    assert costs == [3, 3]
