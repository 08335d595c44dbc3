"""The files of a post in the form of an edit: taken away, added, moved and described."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask
from sqlalchemy import select

from intranet.db import db
from intranet.media.models import MediaAttachment
from intranet.media.queries import of_posts
from intranet.posts.models import PostRevision
from tests.browse import Browser
from tests.factories import Factory
from tests.media.pictures import picture


def _files(app: Flask, post_id: int) -> list[tuple[str, str]]:
    with app.app_context():
        return [(one.file_name, one.alt_text) for one in of_posts([post_id]).get(post_id, ())]


def _ids(app: Flask, post_id: int) -> dict[str, int]:
    with app.app_context():
        return {one.file_name: one.id for one in of_posts([post_id])[post_id]}


def _publish(client: Any, *names: str) -> int:
    sent = client.post(
        "/posts",
        data={
            "source": "Pictures",
            "audience": "organisation",
            "files": [(picture(), name) for name in names],
            "alt_text": [f"The {name}" for name in names],
        },
    )
    assert sent.status_code == 303, sent.text
    return int(sent.headers["Location"].rsplit("/", 1)[1])


def test_files_of_a_post_are_taken_away_added_moved_and_described(
    make: Factory, browse: Browser, app: Flask
) -> None:
    client = browse(make.account("ann"))
    post_id = _publish(client, "a.jpg", "b.jpg", "c.jpg")
    ids = _ids(app, post_id)
    page = client.get(f"/posts/{post_id}/edit").text
    assert re.findall(r'name="media_id" value="(\d+)" checked', page) == [
        str(one) for one in ids.values()
    ]
    assert 'value="The b.jpg"' in page
    assert 'data-upload="/media"' in page
    saved = client.post(
        f"/posts/{post_id}/edit",
        data={
            "source": "Pictures",
            "with_files": "1",
            "media_id": [str(ids["c.jpg"]), str(ids["a.jpg"])],
            f"alt-{ids['a.jpg']}": "A harbour at dawn",
            f"alt-{ids['c.jpg']}": "The c.jpg",
            "files": [(picture(), "d.jpg")],
            "alt_text": "A fourth one",
        },
    )
    assert saved.status_code == 303, saved.text
    assert _files(app, post_id) == [
        ("c.jpg", "The c.jpg"),
        ("a.jpg", "A harbour at dawn"),
        ("d.jpg", "A fourth one"),
    ]
    history = client.get(f"/posts/{post_id}/history").text
    assert "<ins>d.jpg</ins>" in history
    assert "<del>b.jpg</del>" in history
    assert "harbour" in history
    # A form that does not show the files, as of an older page, leaves them alone.
    assert client.post(f"/posts/{post_id}/edit", data={"source": "Words"}).status_code == 303
    assert len(_files(app, post_id)) == 3
    assert (
        client.post(
            f"/posts/{post_id}/edit", data={"source": "Words", "with_files": "1"}
        ).status_code
        == 303
    )
    assert _files(app, post_id) == []


def test_without_scripts_a_file_is_moved_and_the_text_looked_at_before_it_is_saved(
    make: Factory, browse: Browser, app: Flask
) -> None:
    client = browse(make.account("ann"))
    post_id = _publish(client, "a.jpg", "b.jpg")
    first, second = _ids(app, post_id).values()
    form = {"source": "**Bold**", "with_files": "1", "media_id": [str(first), str(second)],
            f"alt-{first}": "Not saved yet"}  # fmt: skip
    moved = client.post(f"/posts/{post_id}/edit/form", data=form | {"down": str(first)})
    assert moved.status_code == 200
    assert re.findall(r'name="media_id" value="(\d+)" checked', moved.text) == [
        str(second), str(first)]  # fmt: skip
    assert 'value="Not saved yet"' in moved.text
    assert "<h1" in moved.text
    looked = client.post(
        f"/posts/{post_id}/edit/form",
        data=form | {"preview": "1"},
        headers={"HX-Request": "true"},
    ).text
    assert "<h1" not in looked
    assert "<strong>Bold</strong>" in looked
    assert _files(app, post_id) == [("a.jpg", "The a.jpg"), ("b.jpg", "The b.jpg")]
    with app.app_context():
        assert db.session.scalars(select(PostRevision)).all() == []


def test_a_refused_edit_keeps_the_files_of_the_post_and_of_the_form(
    make: Factory, browse: Browser, app: Flask
) -> None:
    client = browse(make.account("ann"))
    post_id = _publish(client, "a.jpg", "b.jpg")
    first, _second = _ids(app, post_id).values()
    form = {"source": "x" * 5001, "with_files": "1", "media_id": str(first)}
    refused = client.post(f"/posts/{post_id}/edit", data=form | {"files": [(picture(), "n.jpg")]})
    assert refused.status_code == 422
    assert re.findall(r"checked> (\w\.jpg)", refused.text) == ["a.jpg", "n.jpg"]
    assert len(_files(app, post_id)) == 2
    with app.app_context():
        new_id = db.session.scalars(
            select(MediaAttachment.id).where(MediaAttachment.post_id.is_(None))
        ).one()
    # A new picture asks for its description, as in a new post.
    form |= {"source": "Short", "media_id": [str(first), str(new_id)], "remind": "1"}
    reminded = client.post(f"/posts/{post_id}/edit", data=form)
    assert reminded.status_code == 422
    assert "Save without a description" in reminded.text
    nothing = client.post(f"/posts/{post_id}/edit", data={"source": "", "with_files": "1"})
    assert nothing.status_code == 422
    too_many = client.post(
        f"/posts/{post_id}/edit",
        data={"source": "Many", "with_files": "1", "files": [(picture(), "n.jpg")] * 9},
    )
    assert too_many.status_code == 422
    assert len(_files(app, post_id)) == 2
    assert (
        client.post(f"/posts/{post_id}/edit", data=form | {"undescribed": "1"}).status_code == 303
    )
    assert [name for name, _words in _files(app, post_id)] == ["a.jpg", "n.jpg"]


def test_nobody_puts_files_of_others_on_a_post(make: Factory, browse: Browser, app: Flask) -> None:
    ann, bob = make.accounts("ann", "bob")
    theirs = _publish(browse(bob), "secret.jpg")
    mine = _publish(browse(ann), "a.jpg")
    (stolen,) = _ids(app, theirs).values()
    form = {"source": "Mine", "with_files": "1", "media_id": str(stolen), f"alt-{stolen}": "Mine"}
    assert browse(ann).post(f"/posts/{mine}/edit", data=form).status_code == 422
    asked = browse(ann).post(f"/posts/{mine}/edit/form", data=form)
    assert "secret.jpg" not in asked.text
    for path in ("edit", "edit/form"):
        assert browse(ann).get(f"/posts/{theirs}").status_code == 200
        assert browse(ann).post(f"/posts/{theirs}/{path}", data=form).status_code == 403
    assert _files(app, theirs) == [("secret.jpg", "The secret.jpg")]
    assert _files(app, mine) == [("a.jpg", "The a.jpg")]
