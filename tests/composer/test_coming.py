"""Posts to come: the month, changing all of one, and those of pages."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from intranet import background
from intranet.db import db
from intranet.media.models import MediaAttachment
from intranet.pages.models import PageRole
from intranet.polls.models import Poll
from intranet.posts.models import Post, Visibility
from intranet.scheduled.models import ScheduledPost
from intranet.tasks.runner import Runner
from tests.browse import Browser
from tests.factories import Factory
from tests.media.pictures import picture

DAY = dt.timedelta(days=1)


def _day(ahead: int) -> str:
    return (dt.datetime.now(dt.UTC) + ahead * DAY).date().isoformat()


def _later(ahead: int = 2, **form: Any) -> dict[str, Any]:
    times = {"part": "schedule", "scheduled_date": _day(ahead), "scheduled_time": "09:30"}
    return {"source": "Good morning"} | times | form


def _work(tasks: Runner) -> None:
    while tasks.run_one():
        pass


def _only(app: Flask) -> ScheduledPost:
    with app.app_context():
        return db.session.scalars(select(ScheduledPost)).one()


def test_the_month_shows_each_post_on_its_day_of_the_authors_clock(
    app: Flask, make: Factory, browse: Browser
) -> None:
    tokyo = make.account("ann", time_zone="Asia/Tokyo")
    client = browse(tokyo)
    client.post("/posts", data=_later(scheduled_time="00:30"))
    month = _day(2)[:7]
    page = client.get(f"/scheduled?month={month}").text
    table = page[page.index("<table") : page.index("</table>")]
    cell = next(one for one in table.split("<td") if "/edit" in one)
    assert f'aria-hidden="true">{int(_day(2)[8:])}</span>' in cell
    assert "00:30</time>" in cell
    assert f"/scheduled/{_only(app).id}/edit" in cell
    for odd in ("2026-13", "x", "9999-12", "0001-01", "2026-1\x00"):
        assert client.get("/scheduled", query_string={"month": odd}).status_code == 200
    far = client.get("/scheduled?month=2040-02").text
    assert "/edit" not in far[far.index("<table") : far.index("</table>")]
    assert "/edit" not in browse(make.account("bea")).get(f"/scheduled?month={month}").text


def test_text_files_audience_and_time_are_changed(
    app: Flask, make: Factory, browse: Browser
) -> None:
    ann, bea = make.accounts("ann", "bea")
    group = make.group("board", owner=ann)
    client = browse(ann)
    media_id = client.post("/media", data={"file": (picture(), "a.jpg")}).json["id"]
    client.post("/posts", data=_later(media_id=media_id, audience="organisation"))
    here = f"/scheduled/{_only(app).id}"
    form = client.get(f"{here}/edit").text
    assert "Good morning</textarea>" in form
    assert f'name="media_id" value="{media_id}"' in form
    assert 'value="09:30"' in form
    other = client.post("/media", data={"file": (picture(), "b.jpg")}).json["id"]
    changed = _later(
        3, source="Good evening", scheduled_time="18:00", audience="group:board",
        media_id=[other, media_id], part=["schedule", "poll"], option=["Yes", "No"],
    ) | {f"alt-{other}": "A bridge"}  # fmt: skip
    # A part more, and a preview, keep the files.
    again = client.post(f"{here}/form", data=changed | {"preview": "1"}).text
    assert re.findall(r'name="media_id" value="(\d+)"', again) == [other, media_id]
    assert "Reaches 0 people" not in again or "board" in again
    undescribed = client.post(f"{here}/edit", data=changed | {"remind": "1"})
    assert undescribed.status_code == 422
    assert "Post without a description" in undescribed.text
    for outsider in (browse(bea),):
        assert outsider.get(f"{here}/edit").status_code == 404
        assert outsider.post(f"{here}/edit", data=changed).status_code == 404
        assert outsider.post(f"{here}/form", data=changed).status_code == 404
    assert client.post(f"{here}/edit", data=changed).status_code == 303
    kept = _only(app)
    assert (kept.source, kept.visibility, kept.group_id) == (
        "Good evening", Visibility.GROUP, group.id
    )  # fmt: skip
    assert kept.poll is not None
    tasks = background.runner(app)
    with time_machine.travel(kept.publish_at - DAY, tick=False):
        _work(tasks)
    assert _only(app).id  # the task of its old time finds it moved
    with time_machine.travel(kept.publish_at + dt.timedelta(minutes=1), tick=False):
        _work(tasks)
    with app.app_context():
        post = db.session.scalars(select(Post)).one()
        assert (post.source, post.group_id) == ("Good evening", group.id)
        rows = db.session.execute(
            select(MediaAttachment.id, MediaAttachment.alt_text).order_by(MediaAttachment.position)
        ).all()
        assert [(str(row.id), row.alt_text) for row in rows] == [
            (other, "A bridge"), (media_id, "")
        ]  # fmt: skip
        assert db.session.scalar(select(func.count()).select_from(Poll)) == 1


def test_a_group_that_is_lost_is_not_replaced_by_everybody(
    app: Flask, make: Factory, browse: Browser
) -> None:
    ann, bea = make.accounts("ann", "bea")
    make.group("board", owner=ann, members=[bea])
    client = browse(bea)
    client.post("/groups/board/posts", data=_later())
    client.post("/groups/board/leave")
    form = client.get(f"/scheduled/{_only(app).id}/edit").text
    assert "Choose who it is for" in form


@pytest.mark.parametrize("reviewed", [False, True])
def test_a_page_speaks_later_with_a_poll_and_a_warning(
    app: Flask, make: Factory, browse: Browser, reviewed: bool
) -> None:
    ann, bea = make.accounts("ann", "bea")
    page = make.page("works", owner=ann, review_required=reviewed)
    make.edits(page, bea, PageRole.REVIEWER)
    client = browse(ann)
    assert 'name="part" value="schedule"' in client.get("/pages/works").text
    form = client.post("/pages/works/posts/form", data={"source": "x", "part": "poll"}).text
    assert 'name="option"' in form
    assert browse(make.account("eve")).post("/pages/works/posts/form").status_code == 403
    sent = _later(
        part=["schedule", "poll", "warning"], option=["Yes", "No"], spoiler_text="Works ahead"
    )
    assert client.post("/pages/works/posts", data=sent).status_code == 303
    if reviewed:
        queue = browse(bea).get("/pages/works/reviews").text
        assert "Works ahead" in queue
        submission_id = re.search(r"/reviews/(\d+)/publish", queue)
        assert submission_id
        answer = browse(bea).post(f"/pages/works/reviews/{submission_id[1]}/publish")
        assert answer.headers["Location"].endswith("/pages/works/reviews")
    kept = _only(app)
    assert (kept.author_id, kept.as_page_id, kept.spoiler_text) == (ann.id, page.id, "Works ahead")
    assert "Works ahead" in client.get("/scheduled").text
    assert client.get(f"/scheduled/{kept.id}/edit").status_code == 200
    with time_machine.travel(kept.publish_at + dt.timedelta(minutes=1), tick=False):
        _work(background.runner(app))
    with app.app_context():
        post = db.session.scalars(select(Post)).one()
        assert (post.author_id, post.written_by_id) == (page.id, ann.id)
        assert post.spoiler_text == "Works ahead"
        assert db.session.scalar(select(func.count()).select_from(Poll)) == 1


@pytest.mark.parametrize("required", [True, False])
def test_a_reviewed_post_to_come_is_not_changed_behind_the_reviewer(
    app: Flask, make: Factory, browse: Browser, required: bool
) -> None:
    ann, bea = make.accounts("ann", "bea")
    page = make.page("works", owner=ann, review_required=required)
    make.edits(page, bea, PageRole.REVIEWER)
    client = browse(ann)
    sent = _later(part=["schedule", "poll"], option=["Yes", "No"])
    assert client.post("/pages/works/posts", data=sent | {"review": "1"}).status_code == 303
    waiting = re.search(r"/reviews/(\d+)/publish", browse(bea).get("/pages/works/reviews").text)
    assert waiting
    browse(bea).post(f"/pages/works/reviews/{waiting[1]}/publish")
    here = f"/scheduled/{_only(app).id}/edit"
    later = {"scheduled_time": "11:30"}
    assert client.post(here, data=sent | later).status_code == 303, "another time is the author's"
    assert _only(app).reviewed
    for other in ({"source": "Never read"}, {"option": ["Yes", "Never"]}, {"part": "schedule"}):
        status = client.post(here, data=sent | later | other).status_code
        assert status == (403 if required else 303), other
    kept = _only(app)
    assert (kept.source, kept.reviewed) == ("Good morning", required)


def test_pictures_are_asked_to_be_described_and_put_in_order(
    app: Flask, make: Factory, browse: Browser
) -> None:
    client = browse(make.account("ann"))
    ids = [
        client.post("/media", data={"file": (picture(), f"{name}.jpg")}).json["id"]
        for name in "abc"
    ]
    sent = {"source": "Look", "media_id": ids, "remind": "1", "place": "home"}
    for button, order in (
        ({"up": ids[2]}, [0, 2, 1]), ({"down": ids[0]}, [1, 0, 2]), ({"up": ids[0]}, [0, 1, 2]),
        ({"down": ids[2]}, [0, 1, 2]), ({"up": "x"}, [0, 1, 2]),
    ):  # fmt: skip
        page = client.post("/posts/form", data=sent | button).text
        found = re.findall(r'name="media_id" value="(\d+)"', page)
        assert found == [ids[number] for number in order]
    asked = client.post("/posts", data=sent)
    assert asked.status_code == 422
    assert 'name="undescribed" value="1"' in asked.text
    described = sent | {f"alt-{id_}": f"Picture {id_}" for id_ in ids[:2]}
    assert client.post("/posts", data=described).status_code == 422
    done = client.post("/posts", data=described | {"undescribed": "1"})
    assert done.status_code == 303
    with app.app_context():
        rows = db.session.scalars(select(MediaAttachment).order_by(MediaAttachment.position)).all()
        assert [row.alt_text for row in rows] == [f"Picture {ids[0]}", f"Picture {ids[1]}", ""]
    # Nobody describes what is somebody else's, or published.
    client.post("/posts/form", data={"media_id": ids[2], f"alt-{ids[2]}": "Late"})
    with app.app_context():
        alt = select(MediaAttachment.alt_text).where(MediaAttachment.id == int(ids[2]))
        assert db.session.scalar(alt) == ""


def test_the_form_of_a_quote_to_come_shows_what_it_quotes(
    app: Flask, make: Factory, browse: Browser
) -> None:
    ann, bea = make.accounts("ann", "bea")
    post = make.post(bea, "The depot opens")
    client = browse(ann)
    assert client.post("/posts", data=_later(quote_of_id=str(post.id))).status_code == 303
    here = f"/scheduled/{_only(app).id}"
    sent = _later(quote_of_id=str(post.id), preview="1")
    for page in (client.get(f"{here}/edit"), client.post(f"{here}/form", data=sent)):
        assert "The depot opens" in page.text
    browse(bea).post(f"/posts/{post.id}/delete")
    assert client.get(f"{here}/edit").status_code == 200
