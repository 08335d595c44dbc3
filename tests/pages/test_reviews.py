"""Four eyes: what waits on a page, and who lets it out."""

from __future__ import annotations

import threading

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.db import db
from intranet.media import actions as media
from intranet.media.models import MediaAttachment
from intranet.notifications.models import NotificationKind
from intranet.pages.models import PageEditor
from intranet.reviews.models import PageSubmission, SubmissionState
from intranet.unit_of_work import unit_of_work
from tests.browse import Browser
from tests.factories import Factory
from tests.media.pictures import picture
from tests.pages.world import SPEAKERS, Newsroom, newsroom

OTHERS = ("ana", "out", "adam", "guy")


@pytest.fixture
def room(app: Flask, make: Factory, browse: Browser) -> Newsroom:
    return newsroom(app, make, browse, review_required=True, is_public=True)


def submit(room: Newsroom, who: str = "ed", **form: object) -> PageSubmission:
    form = {"source": "A draft"} | form
    assert room.send(who, "/posts", **form) == 303
    newest: PageSubmission = room.all(
        select(PageSubmission).order_by(PageSubmission.id.desc()).limit(1)
    )[0]
    return newest


def state_of(room: Newsroom, submission: PageSubmission) -> SubmissionState:
    mine = PageSubmission.id == submission.id
    state: SubmissionState = room.all(select(PageSubmission.state).where(mine))[0]
    return state


def test_what_is_handed_in_waits_for_a_second_person(room: Newsroom) -> None:
    submission = submit(room, is_public="1")
    assert room.posts() == []
    asked = [(NotificationKind.REVIEW_REQUEST, room.page.id)]
    assert [room.told(who) for who in ("olga", "rita", "ed", "ana")] == [asked, asked, [], []]
    assert (
        "asks you to read a post for <b>Newsroom</b>"
        in room.client("rita").get("/notifications").text
    )
    for who in SPEAKERS:
        assert "A draft" in room.client(who).get("/pages/newsroom/reviews").text
    path = f"/reviews/{submission.id}"
    for who in OTHERS:
        assert room.client(who).get("/pages/newsroom/reviews").status_code in (403, 404), who
        for act in ("publish", "return", "withdraw", "edit"):
            assert room.send(who, f"{path}/{act}", note="No", source="x") == 404, (who, act)
    assert room.send("ed", f"{path}/publish") == 403
    assert room.posts() == []
    assert room.send("rita", f"{path}/publish") == 303
    post = room.posts()[0]
    assert (post.written_by_id, post.source) == (room.people["ed"].id, "A draft")
    assert post.is_public
    assert room.told("ed") == [(NotificationKind.REVIEW_ANSWER, room.page.id)]
    assert room.told("olga") == [], "nobody need look at it any more"
    said = room.client("ed").get("/notifications").text
    assert "published your post in the name of <b>Newsroom</b>" in said
    assert f'href="/posts/{post.id}"' in said
    assert room.send("olga", f"{path}/publish") == 409
    assert len(room.posts()) == 1


@pytest.mark.parametrize("author", ["olga", "rita"])
def test_nobody_lets_out_their_own(room: Newsroom, author: str) -> None:
    submission = submit(room, author)
    assert room.send(author, f"/reviews/{submission.id}/publish") == 403
    assert room.send(author, f"/reviews/{submission.id}/return", note="Hm") == 403
    other = "rita" if author == "olga" else "olga"
    assert room.send(other, f"/reviews/{submission.id}/publish") == 303


def test_returned_with_a_note_mended_and_handed_in_again(room: Newsroom) -> None:
    submission = submit(room)
    path = f"/reviews/{submission.id}"
    refused = room.client("rita").post(f"/pages/newsroom{path}/return", data={"note": " "})
    assert refused.status_code == 422
    assert "Say what should change." in refused.text
    assert room.send("rita", f"{path}/return", note="Shorter, <b>please</b>") == 303
    assert state_of(room, submission) is SubmissionState.RETURNED
    queue = room.client("ed").get("/pages/newsroom/reviews").text
    assert "Shorter, &lt;b&gt;please&lt;/b&gt;" in queue
    assert room.send("rita", f"{path}/publish") == 409
    for who in ("olga", "rita"):
        assert room.client(who).get(f"/pages/newsroom{path}/edit").status_code == 403
        assert room.send(who, f"{path}/edit", source="Mine now") == 403
    assert "A draft" in room.client("ed").get(f"/pages/newsroom{path}/edit").text
    assert room.send("ed", f"{path}/edit", source=" ") == 422
    assert room.send("ed", f"{path}/edit", source="Short") == 303
    assert room.told("olga") == [(NotificationKind.REVIEW_REQUEST, room.page.id)]
    assert room.send("olga", f"{path}/publish") == 303
    assert room.posts()[0].source == "Short"
    assert room.send("ed", f"{path}/edit", source="Late") == 409
    assert room.send("ed", f"{path}/withdraw") == 409


def test_taken_back_by_its_author_alone(room: Newsroom) -> None:
    submission = submit(room)
    assert room.send("olga", f"/reviews/{submission.id}/withdraw") == 403
    assert room.send("ed", f"/reviews/{submission.id}/withdraw") == 303
    assert room.send("ed", f"/reviews/{submission.id}/withdraw") == 303
    assert state_of(room, submission) is SubmissionState.WITHDRAWN
    assert room.told("olga") == []
    assert "A draft" not in room.client("olga").get("/pages/newsroom/reviews").text


def test_its_files_are_for_the_writers_until_it_is_out(room: Newsroom) -> None:
    ed = room.client("ed")
    sent = {"file": (picture(), "line.jpg"), "alt_text": "A line"}
    media_id = ed.post("/media", data=sent).json["id"]
    key = room.all(select(MediaAttachment.key))[0]
    address = f"/media/{key}/small"
    assert room.client("olga").get(address).status_code == 404, "an upload is its owner's"
    submission = submit(room, media_id=media_id)
    for who in SPEAKERS:
        assert room.client(who).get(address).status_code == 200, who
    for who in OTHERS:
        assert room.client(who).get(address).status_code == 404, who
    assert address in room.client("olga").get("/pages/newsroom/reviews").text
    again = ed.post("/posts", data={"source": "Elsewhere", "media_id": media_id})
    assert again.status_code == 422, "what waits is kept for it"
    with room.app.app_context(), unit_of_work():
        db.session.execute(db.update(MediaAttachment).values(created_at=submission.created_at))
        media.purge_unattached()
    edited = {"source": "Two", "media_id": media_id}
    assert room.send("ed", f"/reviews/{submission.id}/edit", **edited) == 303
    assert room.send("rita", f"/reviews/{submission.id}/publish") == 303
    assert room.client("out").get(address).status_code == 200
    assert room.client("guy").get(address).status_code == 404
    assert room.all(select(MediaAttachment.submission_id)) == [None]


def test_review_is_not_walked_around(room: Newsroom) -> None:
    submission = submit(room)
    room.send("rita", f"/reviews/{submission.id}/publish")
    post = room.posts()[0]
    ed = room.client("ed")
    assert ed.post(f"/posts/{post.id}/edit", data={"source": "Other"}).status_code == 403
    as_page = {"source": "Answer", "voice": str(room.page.id)}
    assert "Answer as" not in ed.get(f"/posts/{post.id}").text
    assert ed.post(f"/posts/{post.id}/replies", data=as_page).status_code == 403
    assert room.client("rita").post(f"/posts/{post.id}/replies", data=as_page).status_code == 303
    assert ed.post(f"/posts/{post.id}/public").status_code == 403


def test_without_a_second_reviewer_nothing_can_be_handed_in(room: Newsroom) -> None:
    with room.app.app_context(), unit_of_work():
        gone = PageEditor.account_id == room.people["rita"].id
        db.session.execute(db.delete(PageEditor).where(gone))
    answer = room.client("olga").post("/pages/newsroom/posts", data={"source": "Kept words"})
    assert answer.status_code == 422
    assert "the page needs a second reviewer" in answer.text
    assert "Kept words" in answer.text


def test_a_writer_may_ask_for_review_where_none_is_required(
    app: Flask, make: Factory, browse: Browser
) -> None:
    room = newsroom(app, make, browse)
    submission = submit(room, review="1", idempotency_key="twice")
    assert submit(room, review="1", idempotency_key="twice").id == submission.id
    assert room.posts() == []
    headers = {"HX-Request": "true"}
    form = {"source": "More", "review": "1"}
    answer = room.client("ed").post("/pages/newsroom/posts", data=form, headers=headers)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/pages/newsroom/reviews")
    # A submission is found only on its own page.
    make.page("other", owner=room.people["rita"])
    path = f"/pages/other/reviews/{submission.id}/publish"
    assert room.client("rita").post(path).status_code == 404


def test_two_who_publish_at_once_publish_once(room: Newsroom) -> None:
    path = f"/pages/newsroom/reviews/{submit(room).id}/publish"
    clients = [room.client(who) for who in ("olga", "rita", "olga", "rita")]
    start = threading.Barrier(len(clients))
    codes = []

    def let_out(number: int) -> None:
        start.wait()
        codes.append(clients[number].post(path).status_code)

    threads = [threading.Thread(target=let_out, args=(one,)) for one in range(len(clients))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [303, 409, 409, 409]
    assert len(room.posts()) == 1


def test_the_form_of_what_waits_keeps_its_files(room: Newsroom) -> None:
    ed = room.client("ed")
    media_id = ed.post("/media", data={"file": (picture(), "line.jpg")}).json["id"]
    here = f"/pages/newsroom/reviews/{submit(room, media_id=media_id).id}"
    sent = {"source": "Two", "media_id": media_id, f"alt-{media_id}": "A line"}
    kept = f'name="media_id" value="{media_id}"'
    assert kept in ed.post(f"{here}/form", data=sent | {"part": "warning"}).text
    refused = ed.post(f"{here}/edit", data=sent | {"source": "x" * 6000})
    assert refused.status_code == 422
    assert kept in refused.text
    assert room.all(select(MediaAttachment.alt_text)) == ["A line"]
