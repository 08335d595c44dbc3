from __future__ import annotations

import io

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import func, select

from intranet.accounts.models import Role
from intranet.db import Base, db
from intranet.media.models import MediaAttachment
from intranet.posts.models import Post, PostRevision
from intranet.tasks.models import Task
from tests.browse import Browser
from tests.factories import Factory
from tests.web.test_posts_publishing import publish, reply, told


def rows(app: Flask, model: type[Base]) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def picture() -> tuple[io.BytesIO, str]:
    body = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(body, "PNG")
    body.seek(0)
    return body, "tram.png"


def test_an_edit_keeps_what_was_said_and_tells_the_newly_named(
    browse: Browser, make: Factory, app: Flask
) -> None:
    ann, bob, cam = make.accounts("ann", "bob", "cam")
    post_id = publish(browse(ann), "The meeting is on Monday @bob")
    client = browse(ann)
    assert "on Monday" in client.get(f"/posts/{post_id}/edit").text
    url = f"/posts/{post_id}/edit"
    for _ in range(2):
        sent = client.post(url, data={"source": "The meeting is on Tuesday @bob @cam"})
        assert sent.status_code == 303
    assert rows(app, PostRevision) == 1
    assert len(told(app, bob)) == len(told(app, cam)) == 1
    history = browse(cam).get(f"/posts/{post_id}/history").text
    assert "<del>Monday</del>" in history
    assert "<ins>Tuesday</ins>" in history
    assert "edited" in browse(cam).get(f"/posts/{post_id}").text
    assert client.post(url, data={"source": " "}).status_code == 422


def test_nobody_else_edits_a_post(browse: Browser, make: Factory, app: Flask) -> None:
    ann = make.account("ann")
    post = make.post(ann, "Mine")
    for role in (Role.MEMBER, Role.MODERATOR, Role.ADMINISTRATOR):
        client = browse(make.account(f"other-{role}", role))
        assert client.get(f"/posts/{post.id}").status_code == 200
        assert client.get(f"/posts/{post.id}/edit").status_code == 403
        sent = client.post(f"/posts/{post.id}/edit", data={"source": "Yours"})
        assert sent.status_code == 403


@pytest.mark.parametrize(
    ("who", "status"),
    [("author", 303), ("owner", 303), ("moderator", 303), ("colleague", 403), ("boss", 303)],
)
def test_author_runners_and_moderators_delete(
    browse: Browser, make: Factory, app: Flask, who: str, status: int
) -> None:
    author, owner, colleague = make.accounts("author", "owner", "colleague")
    people = {
        "author": author,
        "owner": owner,
        "colleague": colleague,
        "moderator": make.account("mod", Role.MODERATOR),
        "boss": make.account("boss", Role.ADMINISTRATOR),
    }
    group = make.group("board", owner=owner, members=[author, colleague])
    post = make.post(author, "Gone soon", group=group)
    client = browse(people[who])
    assert client.get(f"/posts/{post.id}").status_code == 200
    assert client.post(f"/posts/{post.id}/delete").status_code == status
    assert rows(app, Post) == (0 if status == 303 else 1)


def test_a_deleted_post_leaves_nothing_and_with_replies_an_empty_place(
    browse: Browser, make: Factory, app: Flask
) -> None:
    ann, bob = make.accounts("ann", "bob")
    root = publish(browse(ann), "Private words @bob #tag")
    answer = reply(browse(bob), root, "I see")
    client = browse(ann)
    client.post(f"/posts/{root}/edit", data={"source": "Other private words @bob #tag"})
    for path in ("reactions", "boost", "bookmark"):
        browse(bob).post(f"/posts/{root}/{path}", data={"emoji": "👍"})
    assert client.post(f"/posts/{root}/delete").status_code == 303
    page = browse(bob).get(f"/posts/{answer}")
    assert page.status_code == 200
    assert "This post was deleted" in page.text
    assert "I see" in page.text
    assert "private words" not in page.text
    assert browse(bob).get(f"/posts/{root}/card").status_code == 404
    assert browse(bob).get(f"/posts/{root}/history").status_code == 404
    with app.app_context():
        place = db.session.get_one(Post, root)
        assert (place.source, place.html, place.search_text) == ("", "", "")
        kept = {
            table.name: db.session.scalar(select(func.count()).select_from(table))
            for table in Base.metadata.sorted_tables
        }
    assert kept["post"] == 2
    for name in ("post_revision", "reaction", "bookmark", "mention", "post_hashtag"):
        assert kept[name] == 0, name
    assert told(app, bob) == []
    # With its last answer the empty place goes too.
    assert browse(bob).post(f"/posts/{answer}/delete").status_code == 303
    assert rows(app, Post) == 0


def test_a_picture_comes_with_the_form_survives_a_refusal_and_goes_with_the_post(
    browse: Browser, make: Factory, app: Flask
) -> None:
    ann, bob = make.accounts("ann", "bob")
    client = browse(ann)
    refused = client.post(
        "/posts",
        data={"source": "x" * 6000, "audience": "organisation", "files": [picture()]},
    )
    assert refused.status_code == 422
    with app.app_context():
        media = db.session.scalars(select(MediaAttachment)).one()
    assert f'name="media_id" value="{media.id}"' in refused.text
    assert browse(bob).get(f"/media/{media.key}/small").status_code == 404
    post_id = publish(client, "", media_id=str(media.id))
    page = browse(bob).get(f"/posts/{post_id}").text
    assert f"/media/{media.key}/small 640w" in page
    assert 'width="40" height="30"' in page
    assert browse(bob).get(f"/media/{media.key}/small").status_code == 200
    stolen = browse(bob).post("/posts", data={"source": "Mine", "media_id": str(media.id)})
    assert stolen.status_code == 422
    assert client.post(f"/posts/{post_id}/delete").status_code == 303
    assert rows(app, MediaAttachment) == 0
    with app.app_context():
        assert media.key in str(db.session.scalars(select(Task.payload)).all())


def test_a_thread_indents_answers_to_answers_and_pages_when_long(
    browse: Browser, make: Factory, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("intranet.posts.threads.REPLIES_SHOWN", 3)
    ann = make.account("ann")
    root = make.post(ann, "Root")
    first = make.post(ann, "first", reply_to=root)
    make.post(ann, "second", reply_to=root)
    make.post(ann, "under first", reply_to=first)
    last = make.post(ann, "last", reply_to=root)
    client = browse(ann)
    page = client.get(f"/posts/{root.id}").text
    assert page.index("under first") < page.index("second")
    assert page.count("reply--in") == 1
    assert "data-more" in page
    assert f'id="post-{last.id}"' not in page
    assert f'id="post-{last.id}"' in client.get(f"/posts/{last.id}").text
