"""Folders for saved posts: their owner's alone."""

from __future__ import annotations

import re

from flask import Flask
from sqlalchemy import func, select

from intranet.db import db
from intranet.groups.models import GroupPrivacy
from intranet.posts.models import Bookmark
from intranet.saved.models import SavedFolder
from tests.browse import Browser, body
from tests.factories import Factory
from tests.mastodon.conftest import Call, call

__all__ = ["call"]


def folder(browse: Browser, account: object, name: str) -> int:
    sent = browse(account).post("/saved/folders", data={"name": name})  # type: ignore[arg-type]
    assert sent.status_code == 303
    return int(re.search(r"/saved/folders/(\d+)", sent.headers["Location"])[1])  # type: ignore[index]


def main_of(page: str) -> str:
    return page[page.index("<main") :]


def test_a_post_is_saved_first_and_put_into_a_folder_later(browse: Browser, make: Factory) -> None:
    ann, bob = make.accounts("ann", "bob")
    first, second = make.post(bob, "The rules"), make.post(bob, "The menu")
    client = browse(ann)
    for post in (first, second):
        client.post(f"/posts/{post.id}/bookmark")
    work = folder(browse, ann, "  Work\u200b  things ")
    asked = client.get(f"/posts/{first.id}/folder").text
    assert "Work things" in asked
    assert client.post(f"/posts/{first.id}/folder", data={"folder": str(work)}).status_code == 303
    inside = main_of(client.get(f"/saved/folders/{work}").text)
    assert "The rules" in inside
    assert "The menu" not in inside
    everything = main_of(client.get("/saved").text)
    assert "The rules" in everything
    assert "The menu" in everything
    assert re.search(r'Work things</span> <span class="num dim">1<', everything)


def test_a_new_folder_is_made_while_putting_and_saving_takes_one_step(
    browse: Browser, make: Factory, app: Flask
) -> None:
    ann = make.account("ann")
    post = make.post(ann, "Keep me")
    client = browse(ann)
    url = f"/posts/{post.id}/folder"
    refused = client.post(url, data={"folder": "new", "name": "  "})
    assert refused.status_code == 422
    assert "This cannot be empty." in refused.text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Bookmark)) == 0
    assert client.post(url, data={"folder": "new", "name": "Later"}).status_code == 303
    with app.app_context():
        kept = db.session.scalars(select(Bookmark)).one()
        made = db.session.scalars(select(SavedFolder)).one()
        assert (kept.post_id, kept.folder_id, made.name) == (post.id, made.id, "Later")
    assert client.post(url, data={"folder": ""}).status_code == 303
    with app.app_context():
        assert db.session.scalars(select(Bookmark)).one().folder_id is None
    for bad in ("x", "1" * 30, "1" * 5000, "-1", "5"):
        assert client.post(url, data={"folder": bad}).status_code == 404


def test_folders_are_renamed_and_deleted_and_their_posts_stay_saved(
    browse: Browser, make: Factory, app: Flask
) -> None:
    ann = make.account("ann")
    post = make.post(ann, "Keep me")
    client = browse(ann)
    one, other = folder(browse, ann, "Travel"), folder(browse, ann, "Été")
    client.post(f"/posts/{post.id}/folder", data={"folder": str(one)})
    for name in ("ete", "ÉTÉ", "", "x" * 61):
        refused = client.post(f"/saved/folders/{one}/rename", data={"name": name})
        assert refused.status_code == 422, name
    assert client.post(f"/saved/folders/{other}/rename", data={"name": "ÉTÉ"}).status_code == 303
    assert client.post("/saved/folders", data={"name": "travel"}).status_code == 422
    assert client.post(f"/saved/folders/{one}/rename", data={"name": "Trips"}).status_code == 303
    assert "Trips" in client.get("/saved").text
    assert client.post(f"/saved/folders/{one}/delete").status_code == 303
    assert client.get(f"/saved/folders/{one}").status_code == 404
    assert "Keep me" in main_of(client.get("/saved").text)
    with app.app_context():
        assert db.session.scalars(select(Bookmark.folder_id)).all() == [None]


def test_a_hundred_folders_are_enough(browse: Browser, make: Factory) -> None:
    ann = make.account("ann")
    make._save(*(SavedFolder(owner_id=ann.id, name=f"F{n}", folded=f"f{n}") for n in range(100)))
    refused = browse(ann).post("/saved/folders", data={"name": "One more"})
    assert refused.status_code == 422
    assert "100 folders" in refused.text


def test_nobody_else_knows_of_a_folder(browse: Browser, make: Factory, app: Flask) -> None:
    ann, eve = make.accounts("ann", "eve")
    post = make.post(ann, "Everybody reads this")
    one = folder(browse, ann, "Redundancies")
    browse(ann).post(f"/posts/{post.id}/folder", data={"folder": str(one)})
    client = browse(eve)
    assert client.get(f"/posts/{post.id}").status_code == 200  # an outsider of the folder only
    missing = body(client.get("/saved/folders/12345"))
    seen = client.get(f"/saved/folders/{one}")
    assert (seen.status_code, body(seen).replace(str(one), "12345")) == (404, missing)
    for path in ("rename", "delete"):
        assert client.post(f"/saved/folders/{one}/{path}", data={"name": "x"}).status_code == 404
    assert client.post(f"/posts/{post.id}/folder", data={"folder": str(one)}).status_code == 404
    assert "Redundancies" not in client.get(f"/posts/{post.id}/folder").text
    assert "Redundancies" not in client.get("/saved").text
    with app.app_context():
        assert db.session.scalars(select(SavedFolder.name)).all() == ["Redundancies"]
        assert db.session.scalars(select(Bookmark.account_id)).all() == [ann.id]


def test_what_one_may_no_longer_read_is_neither_shown_nor_counted(
    browse: Browser, make: Factory
) -> None:
    ann, bob = make.accounts("ann", "bob")
    group = make.group("secret", GroupPrivacy.SECRET, owner=ann, members=[bob])
    post = make.post(ann, "Only us", group=group)
    one = folder(browse, bob, "Deals")
    client = browse(bob)
    client.post(f"/posts/{post.id}/folder", data={"folder": str(one)})
    assert "Only us" in client.get(f"/saved/folders/{one}").text
    client.post("/groups/secret/leave")
    assert client.get(f"/posts/{post.id}").status_code == 404  # an outsider now
    page = main_of(client.get(f"/saved/folders/{one}").text)
    assert "Only us" not in page
    assert re.search(r'Deals</span> <span class="num dim">0<', page)


def test_bookmarks_of_programs_know_nothing_of_folders(
    browse: Browser, make: Factory, call: Call
) -> None:
    ann, bob = make.accounts("ann", "bob")
    first, second = make.post(bob, "One"), make.post(bob, "Two")
    one = folder(browse, ann, "Work")
    program = call(ann)
    for post in (first, second):
        assert program.post(f"/api/v1/statuses/{post.id}/bookmark")["bookmarked"] is True
    browse(ann).post(f"/posts/{first.id}/folder", data={"folder": str(one)})
    assert [item["id"] for item in program.get("/api/v1/bookmarks")] == [
        str(second.id), str(first.id),
    ]  # fmt: skip
    assert program.post(f"/api/v1/statuses/{first.id}/unbookmark")["bookmarked"] is False
    assert [item["id"] for item in program.get("/api/v1/bookmarks")] == [str(second.id)]
    assert "One" not in main_of(browse(ann).get(f"/saved/folders/{one}").text)


def test_the_page_asks_the_same_number_of_statements_however_many_folders(
    browse: Browser, make: Factory, statements: list[str]
) -> None:
    ann = make.account("ann")
    client = browse(ann)
    folder(browse, ann, "First")
    client.get("/saved")
    statements.clear()
    client.get("/saved")
    few = len(statements)
    for number in range(8):
        post = make.post(ann, f"Post {number}")
        client.post(f"/posts/{post.id}/folder", data={"folder": "new", "name": f"Folder {number}"})
    client.get("/saved")
    client.get("/saved")
    statements.clear()
    client.get("/saved")
    # Posts that are there are drawn: their own constant number of statements.
    many = len(statements)
    folder(browse, ann, "Last")
    client.get("/saved")
    statements.clear()
    client.get("/saved")
    assert len(statements) == many
    assert many - few <= 6
