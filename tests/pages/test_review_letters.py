"""Letters about what waits on a page, and that nobody is asked where nobody could be."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import delete, select

from intranet.db import db
from intranet.mail.delivery import Deliverer
from intranet.pages.models import PageEditor, PageRole
from intranet.reviews.models import PageSubmission
from intranet.unit_of_work import unit_of_work
from tests.browse import Browser
from tests.factories import Factory
from tests.mail.sink import Sink
from tests.pages.world import Newsroom, newsroom


@pytest.fixture
def room(app: Flask, make: Factory, browse: Browser) -> Newsroom:
    return newsroom(app, make, browse, review_required=True)


def submission_of(room: Newsroom) -> PageSubmission:
    newest = select(PageSubmission).order_by(PageSubmission.id.desc()).limit(1)
    found: PageSubmission = room.all(newest)[0]
    return found


def fetch(sink: Sink, smtp: Deliverer) -> dict[str, str]:
    """What was sent since: subject by recipient."""
    before = len(sink.taken)
    smtp.drain()
    return {str(one["To"].addresses[0].username): one["Subject"] for one in sink.taken[before:]}


def test_reviewers_are_written_to_and_the_author_hears_the_answer(
    room: Newsroom, sink: Sink, smtp: Deliverer
) -> None:
    assert room.send("ed", "/posts", source="The *new* line") == 303
    asked = "A post for Newsroom waits for you to read it"
    assert fetch(sink, smtp) == {"olga": asked, "rita": asked}
    letter = sink.taken[-1]
    body = letter.get_body(("plain",))
    assert body is not None
    assert "The new line" in body.get_content()
    assert "/pages/newsroom/reviews" in body.get_content()
    assert letter["List-Unsubscribe"]
    path = f"/reviews/{submission_of(room).id}"
    assert room.send("rita", f"{path}/return", note="Shorter, please") == 303
    assert fetch(sink, smtp) == {"ed": "Your post for Newsroom came back"}
    body = sink.taken[-1].get_body(("plain",))
    assert body is not None
    assert "Shorter, please" in body.get_content()
    assert room.send("ed", f"{path}/edit", source="Line") == 303
    assert fetch(sink, smtp) == {"olga": asked, "rita": asked}
    assert room.send("olga", f"{path}/publish") == 303
    assert fetch(sink, smtp) == {"ed": "Your post for Newsroom is out"}


def test_a_letter_that_was_overtaken_is_not_sent(
    room: Newsroom, sink: Sink, smtp: Deliverer
) -> None:
    assert room.send("ed", "/posts", source="One") == 303
    assert room.send("ed", f"/reviews/{submission_of(room).id}/withdraw") == 303
    assert fetch(sink, smtp) == {}
    assert room.send("ed", "/posts", source="Two") == 303
    with room.app.app_context(), unit_of_work():
        rita = PageEditor.account_id == room.people["rita"].id
        db.session.execute(delete(PageEditor).where(rita))
    assert room.role_of("rita") is None
    assert list(fetch(sink, smtp)) == ["olga"], "rita does not read for the page any more"


def test_nobody_is_offered_a_review_that_nobody_could_give(
    app: Flask, make: Factory, browse: Browser
) -> None:
    olga, ed = make.accounts("olga", "ed")
    make.page(owner=olga, editors={PageRole.EDITOR: [ed]})
    offer = 'name="review"'
    assert offer in browse(ed).get("/pages/newsroom").text, "olga could read it"
    assert offer not in browse(olga).get("/pages/newsroom").text
    assert 'name="source"' in browse(olga).get("/pages/newsroom").text
