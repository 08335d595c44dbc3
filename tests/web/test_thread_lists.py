"""The list of threads that somebody follows, and of those they have muted."""

from __future__ import annotations

from flask import Flask

from intranet.db import db
from intranet.groups.models import GroupPrivacy, Membership
from intranet.unit_of_work import unit_of_work
from tests.browse import Browser
from tests.factories import Factory


def test_threads_are_listed_and_left_there(browse: Browser, make: Factory) -> None:
    ann, bob = make.accounts("ann", "bob")
    post = make.post(ann, "Shall we paint the depot?")
    reply = make.post(ann, "Green", reply_to=post)
    client = browse(bob)
    assert "You follow no thread" in client.get("/threads").text
    client.post(f"/posts/{reply.id}/follow")  # by any of its posts
    page = client.get("/threads").text
    assert "Shall we paint the depot?" in page
    assert f'action="/posts/{post.id}/follow/remove"' in page
    assert "paint" not in browse(ann).get("/threads").text  # her own thread, but not her choice
    left = client.post(f"/posts/{post.id}/follow/remove", data={"next": "/threads"})
    assert left.headers["Location"].startswith("/threads")
    assert "paint" not in client.get("/threads").text
    client.post(f"/posts/{post.id}/follow")
    client.post(f"/posts/{post.id}/mute")
    assert "paint" not in client.get("/threads").text
    assert "paint" in client.get("/threads/muted").text
    client.post(f"/posts/{post.id}/mute/remove", data={"next": "/threads/muted"})
    assert "You muted no thread" in client.get("/threads/muted").text
    client.post(f"/posts/{post.id}/follow")
    browse(ann).post(f"/posts/{post.id}/delete")
    assert "paint" not in client.get("/threads").text


def test_a_thread_of_a_group_that_one_left_is_not_shown(
    app: Flask, browse: Browser, make: Factory
) -> None:
    ann, bob = make.accounts("ann", "bob")
    board = make.group("board", GroupPrivacy.SECRET, owner=ann, members=[bob])
    post = make.post(ann, "The kraken deal", group=board)
    client = browse(bob)
    client.post(f"/posts/{post.id}/follow")
    assert "kraken" in client.get("/threads").text
    with app.app_context(), unit_of_work():
        db.session.delete(db.session.get_one(Membership, (board.id, bob.id)))
    assert client.get(f"/posts/{post.id}").status_code == 404  # an outsider now
    assert "kraken" not in client.get("/threads").text


def test_the_list_goes_on_and_costs_the_same(
    browse: Browser, make: Factory, statements: list[str]
) -> None:
    ann, bob = make.accounts("ann", "bob")
    client = browse(bob)
    counted = []
    for start in (0, 12):
        for number in range(start, start + 12):
            post = make.post(ann, f"depot number {number:02}")
            client.post(f"/posts/{post.id}/follow")
        client.get("/threads")
        statements.clear()
        page = client.get("/threads").text
        counted.append(len(statements))
    assert counted[1] <= counted[0]
    assert "depot number 23" in page
    older = page.partition('href="/threads?before=')[2].partition('"')[0]
    assert "depot number 00" in client.get(f"/threads?before={older}").text
    assert client.get("/threads?before=x").status_code == 422
