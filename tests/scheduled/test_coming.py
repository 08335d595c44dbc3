"""Posts to come: once, by the rules of their time, and never lost."""

from __future__ import annotations

import datetime as dt
import html
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask_babel import force_locale, gettext
from sqlalchemy import func, select, update

from intranet import background
from intranet.accounts.models import Account, Role
from intranet.db import db
from intranet.groups.models import GroupPrivacy
from intranet.kernel.errors import Invalid
from intranet.media.models import MediaAttachment
from intranet.notifications.models import Notification, NotificationKind
from intranet.posts import actions as posts
from intranet.posts.drafts import PostDraft, PostLimits
from intranet.posts.models import Post
from intranet.scheduled.actions import schedule
from intranet.scheduled.models import ScheduledPost
from intranet.tasks.models import Task
from intranet.tasks.runner import Runner
from intranet.unit_of_work import unit_of_work
from tests.browse import Browser
from tests.factories import Factory
from tests.media.pictures import picture

DAY = dt.timedelta(days=1)


@pytest.fixture
def tasks(app: Flask) -> Runner:
    return background.runner(app)


def _tomorrow() -> dt.datetime:
    """Nine in the morning in Paris, tomorrow or the day after."""
    return dt.datetime.now(dt.UTC).replace(hour=8, minute=0, second=0, microsecond=0) + 2 * DAY


def _write(client: Any, path: str = "/posts", **form: Any) -> None:
    day = _tomorrow().date().isoformat()
    sent = {
        "source": "Good morning", "part": "schedule", "scheduled_date": day,
        "scheduled_time": "09:00",
    } | form  # fmt: skip
    answer = client.post(path, data=sent)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/scheduled"), answer.text


def _count(app: Flask, model: Any, *where: Any) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model).where(*where)) or 0


def _id(app: Flask) -> int:
    with app.app_context():
        return db.session.scalars(select(ScheduledPost.id)).one()


def test_the_time_is_by_the_clocks_of_the_writer(
    make: Factory, browse: Browser, app: Flask, tasks: Runner
) -> None:
    ann = make.account("ann", time_zone="Asia/Tokyo")
    client = browse(ann)
    _write(client, source="Ohayo", spoiler_text="Greeting")
    with app.app_context():
        at = db.session.scalars(select(ScheduledPost.publish_at)).one()
    assert (at.hour, at.minute) == (0, 0)
    assert "Ohayo" in client.get("/scheduled").text
    with time_machine.travel(at - dt.timedelta(seconds=5)):
        tasks.drain()
        assert _count(app, Post) == 0
    with time_machine.travel(at + dt.timedelta(seconds=5)):
        tasks.drain()
        assert "Ohayo" in browse(ann).get("/").text


def test_a_crash_in_the_middle_publishes_it_later_and_once(
    make: Factory, browse: Browser, app: Flask, tasks: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browse(make.account("ann"))
    sent = {"file": (picture(), "x.jpg"), "alt_text": "A boat"}
    media = client.post("/media", data=sent).json["id"]
    _write(client, media_id=media)
    late = _tomorrow() + 2 * DAY
    publish = posts.publish

    def broken(*args: Any, **more: Any) -> Any:
        publish(*args, **more)
        raise RuntimeError("the lights went out")

    with time_machine.travel(late) as traveller:
        with monkeypatch.context() as patch:
            patch.setattr(posts, "publish", broken)
            tasks.run_one()
        assert (_count(app, Post), _count(app, ScheduledPost)) == (0, 1)
        assert _count(app, MediaAttachment, MediaAttachment.scheduled_id.is_not(None)) == 1
        traveller.shift(dt.timedelta(minutes=10))
        tasks.drain()
        assert (_count(app, Post), _count(app, ScheduledPost)) == (1, 0)
        assert _count(app, MediaAttachment, MediaAttachment.post_id.is_not(None)) == 1
        assert _count(app, Task, Task.kind == "scheduled.publish") == 0


def test_what_is_not_allowed_any_more_keeps_its_text_and_tells_the_author(
    make: Factory, browse: Browser, app: Flask, tasks: Runner
) -> None:
    ann, bob = make.accounts("ann", "bob")
    group = make.group("board", GroupPrivacy.SECRET, owner=ann, members=[bob])
    client = browse(bob)
    _write(client, f"/groups/{group.slug}/posts", source="Between us")
    browse(ann).post(f"/groups/{group.slug}/members/bob/remove")
    with time_machine.travel(_tomorrow() + DAY):
        tasks.drain()
        tasks.drain()
        assert _count(app, Post) == 0
        told = Notification.kind == NotificationKind.SCHEDULED_FAILED
        assert _count(app, Notification, told, Notification.recipient_id == bob.id) == 1
        page = browse(bob).get("/scheduled").text
        assert "Between us" in page
        assert "no longer there, or no longer for you" in page
        assert "Board" not in page
        assert "could not be published at its time" in browse(bob).get("/notifications").text
        # Publishing it now is no way around, and loses nothing.
        again = browse(bob).post(f"/scheduled/{_id(app)}/publish")
        assert (again.status_code, _count(app, ScheduledPost)) == (404, 1)


def test_why_it_did_not_come_is_said_in_the_language_of_its_author(
    make: Factory, browse: Browser, app: Flask, tasks: Runner
) -> None:
    ann = make.account("ann", locale="fr")
    _write(browse(ann))
    with app.app_context(), unit_of_work():
        db.session.execute(update(ScheduledPost).values(source="x" * 5001))
    with time_machine.travel(_tomorrow() + DAY):
        tasks.drain()
        assert _count(app, Post) == 0
        page = html.unescape(browse(ann).get("/scheduled").text)
    with app.test_request_context(headers={"Accept-Language": "fr"}), force_locale("fr"):
        said = gettext("This is too long: %(most)s characters at most.", most=5000)
    assert "too long" not in said
    assert said in page


def test_a_reply_whose_parent_is_gone_becomes_no_post(
    make: Factory, browse: Browser, app: Flask, tasks: Runner
) -> None:
    ann, bob = make.accounts("ann", "bob")
    parent = make.post(ann, "First")
    _write(browse(bob), f"/posts/{parent.id}/replies", source="Second")
    browse(ann).post(f"/posts/{parent.id}/delete")
    with time_machine.travel(_tomorrow() + DAY):
        tasks.drain()
    assert (_count(app, Post), _count(app, ScheduledPost)) == (0, 1)


def test_the_account_that_was_closed_publishes_nothing(
    make: Factory, browse: Browser, app: Flask, tasks: Runner
) -> None:
    ann = make.account("ann", Role.ADMINISTRATOR)
    _write(browse(make.account("bob")))
    browse(ann).post("/admin/people/bob/deactivate")
    with time_machine.travel(_tomorrow() + DAY):
        tasks.drain()
    assert (_count(app, Post), _count(app, ScheduledPost)) == (0, 1)


def test_moved_published_now_given_up(
    make: Factory, browse: Browser, app: Flask, tasks: Runner
) -> None:
    client = browse(make.account("ann"))
    _write(client)
    path = f"/scheduled/{_id(app)}"
    late = (_tomorrow() + 5 * DAY).date().isoformat()
    for wrong in ({}, {"scheduled_date": late}, {"scheduled_date": "x", "scheduled_time": "y"},
                  {"scheduled_date": "2020-01-01", "scheduled_time": "09:00"}):  # fmt: skip
        assert client.post(f"{path}/time", data=wrong).status_code == 422
    moved = {"scheduled_date": late, "scheduled_time": "09:00"}
    assert client.post(f"{path}/time", data=moved).status_code == 303
    with time_machine.travel(_tomorrow() + DAY):
        tasks.drain()
        assert _count(app, Post) == 0
    there = client.post(f"{path}/publish").headers["Location"]
    assert "Good morning" in client.get(there).text
    assert client.post(f"{path}/publish").status_code == 404
    with time_machine.travel(_tomorrow() + 9 * DAY):
        tasks.drain()
    assert (_count(app, Post), _count(app, ScheduledPost)) == (1, 0)
    _write(client)
    assert client.post(f"/scheduled/{_id(app)}/delete").status_code == 303
    assert _count(app, ScheduledPost) == 0


def test_only_the_author_meets_it_and_its_files(make: Factory, browse: Browser, app: Flask) -> None:
    ann, bob = make.accounts("ann", "bob")
    client, other = browse(ann), browse(bob)
    media = client.post("/media", data={"file": (picture(), "x.jpg")}).json
    _write(client, media_id=media["id"])
    key = media["preview_url"].split("/")[2]
    assert client.get(f"/media/{key}/small").status_code == 200
    assert other.get(f"/media/{key}/small").status_code == 404
    assert "Good morning" not in other.get("/scheduled").text
    for part in ("time", "publish", "delete"):
        real, missing = (other.post(f"/scheduled/{id_}/{part}") for id_ in (_id(app), 42))
        assert (real.status_code, missing.status_code) == (404, 404)
    assert _count(app, ScheduledPost) == 1


@pytest.mark.parametrize("more", [{"to_ids": (1,)}, {"audience_id": 1}])
def test_what_would_not_be_kept_is_refused(make: Factory, app: Flask, more: dict[str, Any]) -> None:
    ann = make.account("ann")
    draft = PostDraft(source="Good morning", **more)
    with app.app_context():
        author = db.session.get_one(Account, ann.id)
        with pytest.raises(Invalid) as refused:
            schedule(author, draft, _tomorrow(), PostLimits(100, 4), most=9)
    assert set(refused.value.fields) == {"scheduled_at"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"source": ""},
        {"scheduled_time": ""},
        {"scheduled_date": ""},
        {"scheduled_date": "", "scheduled_time": ""},
        {"scheduled_date": "2020-01-01"},
        {"scheduled_date": "2999-01-01"},
        {"scheduled_date": "0001-01-01"},
        {"scheduled_date": "9999-12-31", "scheduled_time": "23:59"},
        {"scheduled_time": "09:00+01:00"},
    ],
)
def test_what_cannot_be_kept_is_refused_with_the_form(
    make: Factory, browse: Browser, app: Flask, wrong: dict[str, str]
) -> None:
    client = browse(make.account("ann"))
    sent = {
        "source": "Good morning", "part": "schedule", "scheduled_time": "09:00",
        "scheduled_date": _tomorrow().date().isoformat(),
    } | wrong  # fmt: skip
    answer = client.post("/posts", data=sent)
    assert answer.status_code == 422
    assert 'name="scheduled_date"' in answer.text
    assert (_count(app, Post), _count(app, ScheduledPost)) == (0, 0)
