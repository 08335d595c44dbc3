"""Drafts: kept on the server while one writes, for every device, and nobody else's."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from intranet.composer.models import Draft
from intranet.db import db
from intranet.groups.models import GroupPrivacy
from intranet.media import actions as media
from intranet.media.models import MediaAttachment
from intranet.posts.models import Post
from intranet.unit_of_work import unit_of_work
from tests.browse import Browser
from tests.factories import Factory
from tests.media.pictures import picture

HTMX = {"HX-Request": "true"}


def _keep(client: Any, place: str = "home", **form: Any) -> dict[str, Any]:
    """What a script sends while one types."""
    sent = {"place": place, "idempotency_key": "one-form"} | form
    answer = client.post("/drafts", data=sent, headers=HTMX)
    assert answer.status_code == 200, answer.text
    return dict(answer.json)


def _texts(app: Flask) -> list[tuple[bool, str]]:
    with app.app_context():
        rows = db.session.scalars(select(Draft).order_by(Draft.id)).all()
        return [(row.is_current, row.source) for row in rows]


def test_what_is_typed_is_there_on_another_device(
    app: Flask, make: Factory, browse: Browser
) -> None:
    ann = make.account("ann")
    make.group("board", owner=ann)
    laptop, phone = browse(ann), browse(ann)
    first = _keep(laptop, source="Half a", audience="group:board")
    second = _keep(
        laptop, source="Half a thought", audience="group:board", part=["poll", "warning"],
        option=["Soup", "Bread"], spoiler_text="Hungry?", draft_id=first["id"], draft_version="1",
    )  # fmt: skip
    assert (second["id"], second["version"]) == (first["id"], 2)
    page = phone.get("/").text
    assert "Half a thought</textarea>" in page
    assert '<option value="group:board" selected>' in page
    assert 'value="Soup"' in page
    assert 'value="Hungry?"' in page
    assert f'name="draft_id" value="{first["id"]}"' in page
    assert _texts(app) == [(True, "Half a thought")]
    # A group has a place of its own, and so has each reply.
    assert "Half a thought" not in phone.get("/groups/board").text


def test_publishing_takes_the_draft_with_it_and_a_late_save_does_not_bring_it_back(
    app: Flask, make: Factory, browse: Browser
) -> None:
    client = browse(make.account("ann"))
    kept = _keep(client, source="Now")
    sent = {
        "source": "Now", "place": "home", "idempotency_key": "one-form",
        "draft_id": kept["id"], "draft_version": str(kept["version"]),
    }  # fmt: skip
    assert client.post("/posts", data=sent).status_code == 303
    assert _texts(app) == []
    assert _keep(client, source="Now") == {"id": None, "version": 0}
    assert _texts(app) == []


def test_the_last_words_of_a_page_that_was_left_bring_nothing_back(
    app: Flask, make: Factory, browse: Browser
) -> None:
    client = browse(make.account("ann"))
    form = {"place": "home", "audience": "organisation"}
    # They come before the next page publishes them, or after; its form has another key.
    _keep(client, source="The words", idempotency_key="left")
    for text in ("The  words", "Other words"):
        sent = form | {"source": text, "idempotency_key": f"next-{text}"}
        assert client.post("/posts", data=sent).status_code == 303
        assert _texts(app) == []
        assert _keep(client, source=text, idempotency_key="left")["id"] is None
        assert _texts(app) == []
    assert _keep(client, source="New words", idempotency_key="left")["id"] is not None


def test_the_same_words_with_a_poll_are_another_draft(
    app: Flask, make: Factory, browse: Browser
) -> None:
    client = browse(make.account("ann"))
    poll = {"part": ["poll"], "option": ["Soup", "Bread"], "idempotency_key": "phone"}
    _keep(client, source="Lunch?", **poll)
    sent = {"place": "home", "source": "Lunch?", "idempotency_key": "laptop"}
    assert client.post("/posts", data=sent).status_code == 303
    assert _texts(app) == [(True, "Lunch?")]


def test_a_draft_goes_with_its_post_or_not_at_all(
    app: Flask, make: Factory, browse: Browser
) -> None:
    client = browse(make.account("ann"))
    _keep(client, source="x" * 6000)
    sent = {"source": "x" * 6000, "place": "home", "idempotency_key": "one-form"}
    assert client.post("/posts", data=sent).status_code == 422
    assert len(_texts(app)) == 1


def test_the_newest_of_two_devices_wins_and_the_other_text_is_kept_once(
    app: Flask, make: Factory, browse: Browser
) -> None:
    client = browse(make.account("ann"))
    first = _keep(client, source="From the laptop", idempotency_key="laptop")
    seen = {"draft_id": first["id"], "draft_version": "1"}
    _keep(client, source="From the phone", idempotency_key="phone", **seen)
    assert _texts(app) == [(True, "From the phone")]  # it had seen the laptop's
    for word in ("a", "b", "c"):
        _keep(client, source=f"Laptop {word}", idempotency_key="laptop", **seen)
        _keep(client, source=f"Phone {word}", idempotency_key="phone", **seen)
    assert sorted(_texts(app)) == [
        (False, "Laptop c"), (False, "Phone b"), (True, "Phone c")
    ]  # fmt: skip
    listed = client.get("/drafts").text
    assert listed.count("kept aside") == 2


def test_what_another_device_wrote_outlives_the_post(
    app: Flask, make: Factory, browse: Browser
) -> None:
    client = browse(make.account("ann"))
    _keep(client, source="From the phone", idempotency_key="phone")
    sent = {"source": "From the laptop", "place": "home", "idempotency_key": "laptop"}
    assert client.post("/posts", data=sent).status_code == 303
    assert _texts(app) == [(True, "From the phone")]


def test_emptying_the_form_forgets_its_draft_but_nobody_elses(
    app: Flask, make: Factory, browse: Browser
) -> None:
    ann = make.account("ann")
    client = browse(ann)
    _keep(client, source="Something", idempotency_key="phone")
    assert _keep(client, source=" ", idempotency_key="laptop")["id"] is None
    assert _texts(app) == [(True, "Something")]
    assert _keep(client, source="", idempotency_key="phone")["id"] is None
    assert _texts(app) == []


def test_without_scripts_a_button_keeps_text_and_file(
    app: Flask, make: Factory, browse: Browser
) -> None:
    client = browse(make.account("ann"))
    page = client.get("/").text
    assert 'formaction="/drafts"' in page
    answer = client.post(
        "/drafts",
        data={"place": "home", "source": "Look", "files": (io.BytesIO(b"%PDF-1.4"), "plan.pdf")},
    )
    assert (answer.status_code, answer.headers["Location"]) == (303, "/drafts")
    assert "plan.pdf" in client.get("/").text
    # A day later the file of the draft is still there, another one is not.
    client.post("/media", data={"file": (picture(), "lost.jpg")})
    with app.app_context(), unit_of_work():
        old = dt.datetime.now(dt.UTC) - dt.timedelta(days=3)
        db.session.execute(update(MediaAttachment).values(created_at=old))
        media.purge_unattached()
    with app.app_context():
        assert db.session.scalars(select(MediaAttachment.file_name)).all() == ["plan.pdf"]
        media_id = db.session.scalar(select(MediaAttachment.id))
        draft_id = db.session.scalar(select(Draft.id))
    sent = {
        "source": "Look", "place": "home", "media_id": media_id,
        "draft_id": draft_id, "draft_version": "1",
    }  # fmt: skip
    assert client.post("/posts", data=sent).status_code == 303
    with app.app_context():
        assert db.session.scalar(select(MediaAttachment.post_id)) is not None
        assert db.session.scalar(select(func.count(Draft.id))) == 0


def test_drafts_are_listed_opened_and_thrown_away_by_their_author_only(
    app: Flask, make: Factory, browse: Browser
) -> None:
    ann, bea = make.account("ann"), make.account("bea")
    client, other = browse(ann), browse(bea)
    kept = _keep(client, source="Mine alone")
    path = f"/drafts/{kept['id']}"
    assert "Mine alone" in client.get("/drafts").text
    assert "Mine alone</textarea>" in client.get(path).text
    assert "Mine alone" not in other.get("/drafts").text
    assert other.get(path).status_code == other.get("/drafts/17").status_code == 404
    assert other.post(f"{path}/delete").status_code == 404
    # Naming it in a form of one's own neither reads nor writes it.
    _keep(other, source="Taken over", draft_id=kept["id"], draft_version="1")
    assert sorted(text for _current, text in _texts(app)) == ["Mine alone", "Taken over"]
    assert client.post(f"{path}/delete").status_code == 303
    assert [text for _current, text in _texts(app)] == ["Taken over"]


def test_a_secret_group_is_no_place_for_an_outsider(
    app: Flask, make: Factory, browse: Browser
) -> None:
    ann, bea = make.account("ann"), make.account("bea")
    group = make.group("kraken", GroupPrivacy.SECRET, owner=ann, members=[bea])
    post = make.post(ann, "We buy it", group=group)
    client = browse(bea)
    here = f"group:{group.id}"
    kept = _keep(client, here, source="Yes")
    assert kept["id"]
    assert "Yes</textarea>" in client.get("/groups/kraken").text
    client.post("/groups/kraken/leave")
    assert client.get("/groups/kraken").status_code == 404  # an outsider now
    for place in (here, "group:4711", f"post:{post.id}", "post:4711"):
        answer = client.post("/drafts", data={"place": place, "source": "Let me"}, headers=HTMX)
        assert answer.status_code == 404, place
    # What was written there is still its author's; the group is not named.
    listed = client.get("/drafts").text
    assert "Yes" in listed
    assert "kraken" not in listed.lower()
    opened = client.get(f"/drafts/{kept['id']}").text
    assert "Yes</textarea>" in opened
    assert "kraken" not in opened.lower()
    assert "Choose who it is for" in opened


@pytest.mark.settings(draft_max=2)
def test_drafts_have_bounds(make: Factory, browse: Browser) -> None:
    ann = make.account("ann")
    posts = [make.post(ann, f"Post {number}") for number in range(3)]
    client = browse(ann)
    for post in posts[:2]:
        _keep(client, f"post:{post.id}", source="Answer")
    refused = client.post(
        "/drafts", data={"place": f"post:{posts[2].id}", "source": "Answer"}, headers=HTMX
    )
    assert refused.status_code == 422
    for form in (
        {"place": "home", "source": "x" * 10_001},
        {"place": "nowhere", "source": "x"},
        {"place": "post:99999999999999999999999", "source": "x"},
        {"place": "home", "source": "x", "part": "poll", "option": ["x" * 9000] * 3},
    ):
        assert client.post("/drafts", data=form, headers=HTMX).status_code == 422, form["place"]
    too_far = {"place": "post:9999999999999999999", "source": "x"}
    assert client.post("/drafts", data=too_far, headers=HTMX).status_code == 404


def test_a_reply_has_a_draft_of_its_own(app: Flask, make: Factory, browse: Browser) -> None:
    ann = make.account("ann")
    post = make.post(ann, "Question")
    client = browse(ann)
    _keep(client, f"post:{post.id}", source="Answer")
    assert "Answer</textarea>" in client.get(f"/posts/{post.id}").text
    sent = {"source": "Answer", "place": f"post:{post.id}", "idempotency_key": "one-form"}
    assert client.post(f"/posts/{post.id}/replies", data=sent).status_code == 303
    assert _texts(app) == []
    with app.app_context():
        assert db.session.scalar(select(func.count(Post.id))) == 2


def test_what_no_database_has_is_not_kept(app: Flask, make: Factory, browse: Browser) -> None:
    _keep(browse(make.account("ann")), source="a\x00b")
    assert _texts(app) == [(True, "ab")]


def test_the_list_says_what_each_draft_is(make: Factory, browse: Browser) -> None:
    ann, bob = make.accounts("ann", "bob")
    post = make.post(bob)
    client = browse(ann)
    for form in (
        {"place": "home", "source": "First", "audience": "followers",
         "part": ["question", "warning", "poll", "schedule"], "spoiler_text": "Blood",
         "option": ["a", "b"], "scheduled_date": "2030-06-03", "scheduled_time": "08:30",
         "files": [(picture(), "a.jpg")]},
        {"place": f"quote:{post.id}", "source": "Second", "part": "praise", "praised": "@bob"},
    ):  # fmt: skip
        sent = client.post("/drafts", data=form)
        assert sent.status_code == 303, sent.text
    page = client.get("/drafts").text
    second, first = page.split("<article")[1:3]
    for words in ("Followers", "Question", "Content warning: Blood", "Poll", "For 3 June 2030",
                  "08:30", "1 file"):  # fmt: skip
        assert words in first, words
    for words in ("Quotes another post", "Praise for @bob"):
        assert words in second, words
    assert "Poll" not in second
