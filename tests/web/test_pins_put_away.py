"""Pins leave the top of whoever has done with them, and of nobody else."""

from __future__ import annotations

import re

from flask import Flask
from sqlalchemy import select

from intranet.db import db
from intranet.groups.models import GroupPrivacy
from intranet.posts.models import PinPutAway
from tests.browse import Browser
from tests.factories import Factory


def order(page: str) -> list[str]:
    """The posts of the group's page, from above."""
    feed = page[page.index("data-timeline") :]
    return re.findall(r'<article class="post" id="post-(\d+)"', feed)


def test_a_pin_that_was_put_away_goes_down_for_one_reader_only(
    browse: Browser, make: Factory, app: Flask
) -> None:
    ann, bob, cam = make.accounts("ann", "bob", "cam")
    group = make.group("board", owner=ann, members=[bob, cam])
    pinned = make.post(ann, "The rules", group=group)
    newer = make.post(ann, "News", group=group)
    assert browse(ann).post(f"/posts/{pinned.id}/pin").status_code == 303
    both = [str(pinned.id), str(newer.id)]
    client = browse(bob)
    assert order(client.get("/groups/board").text) == both
    assert client.post(f"/posts/{newer.id}/pin/away").status_code == 422  # nothing to put away
    for _ in range(2):
        sent = client.post(f"/posts/{pinned.id}/pin/away", data={"next": "/groups/board"})
        assert sent.status_code == 303
        assert sent.headers["Location"].startswith("/groups/board")
    assert order(client.get("/groups/board").text) == both[::-1]
    assert order(browse(cam).get("/groups/board").text) == both
    tab = client.get("/groups/board/pinned").text
    assert "The rules" in tab
    assert "You have put it away" in tab
    assert "You have put it away" not in browse(cam).get("/groups/board/pinned").text
    assert client.post(f"/posts/{pinned.id}/pin/away/remove").status_code == 303
    assert order(client.get("/groups/board").text) == both
    with app.app_context():
        assert db.session.scalars(select(PinPutAway.post_id)).all() == []


def test_what_is_pinned_anew_is_shown_anew(browse: Browser, make: Factory) -> None:
    ann, bob = make.accounts("ann", "bob")
    group = make.group("board", owner=ann, members=[bob])
    pinned = make.post(ann, "The rules", group=group)
    newer = make.post(ann, "News", group=group)
    browse(ann).post(f"/posts/{pinned.id}/pin")
    client = browse(bob)
    client.post(f"/posts/{pinned.id}/pin/away")
    assert order(client.get("/groups/board").text)[0] == str(newer.id)
    browse(ann).post(f"/posts/{pinned.id}/pin/remove")
    browse(ann).post(f"/posts/{pinned.id}/pin")
    assert order(client.get("/groups/board").text)[0] == str(pinned.id)
    client.post(f"/posts/{pinned.id}/pin/away")  # and can be put away again
    assert order(client.get("/groups/board").text)[0] == str(newer.id)


def test_the_pins_of_a_closed_group_are_for_its_members(browse: Browser, make: Factory) -> None:
    ann, eve = make.accounts("ann", "eve")
    closed = make.group("audit", GroupPrivacy.CLOSED, owner=ann)
    secret = make.group("deal", GroupPrivacy.SECRET, owner=ann)
    for group in (closed, secret):
        post = make.post(ann, "Findings", group=group)
        browse(ann).post(f"/posts/{post.id}/pin")
        assert "Findings" in browse(ann).get(f"/groups/{group.slug}/pinned").text
        assert browse(eve).post(f"/posts/{post.id}/pin/away").status_code == 404
    assert browse(eve).get("/groups/audit").status_code == 200  # she knows of it, no more
    assert browse(eve).get("/groups/audit/pinned").status_code == 403
    assert browse(eve).get("/groups/deal/pinned").status_code == 404


def test_the_group_asks_the_same_number_of_statements_however_many_pins(
    browse: Browser, make: Factory, statements: list[str]
) -> None:
    ann = make.account("ann")
    group = make.group("board", owner=ann)
    posts = [make.post(ann, f"Post {number}", group=group) for number in range(5)]
    client = browse(ann)
    counted = []
    for post in posts:
        client.post(f"/posts/{post.id}/pin")
        client.get("/groups/board")
        statements.clear()
        client.get("/groups/board")
        counted.append(len(statements))
    assert len(set(counted)) == 1, counted


def test_a_filter_folds_what_is_pinned_too(browse: Browser, make: Factory) -> None:
    ann, bob = make.accounts("ann", "bob")
    group = make.group("board", owner=ann, members=[bob])
    pinned = make.post(ann, "Brakes are squealing", group=group)
    browse(ann).post(f"/posts/{pinned.id}/pin")
    sent = browse(bob).post(
        "/settings/filters",
        data={"title": "Noise", "keywords": "squealing", "act": "warn", "expires": "",
              "context": ["public"]},
    )  # fmt: skip
    assert sent.status_code == 303
    assert "Filtered: Noise" in browse(bob).get("/groups/board/pinned").text
    assert "Filtered: Noise" not in browse(ann).get("/groups/board/pinned").text
