"""The inbox under the reader's rights, grouped by thread."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import delete

from intranet.accounts.models import Account
from intranet.db import db
from intranet.groups.models import GroupPrivacy, Membership
from intranet.inbox import queries as inbox
from intranet.kernel.pagination import Cursor
from intranet.notifications import actions
from intranet.notifications.actions import notify
from intranet.notifications.models import NotificationKind
from intranet.posts.models import Post
from intranet.unit_of_work import unit_of_work
from tests.browse import Browser
from tests.factories import Factory


def tell(app: Flask, reader: Account, actor: Account, kind: NotificationKind, post: Post) -> None:
    with app.app_context(), unit_of_work():
        notify(
            [reader.id],
            actor=actor,
            kind=kind,
            post_id=post.id,
            thread_id=post.root_id or post.id,
            group_id=post.group_id,
        )


def test_reactions_of_a_thread_are_one_line_and_replies_stay_apart(
    app: Flask, make: Factory
) -> None:
    ann, bob, cy, dan = make.accounts("ann", "bob", "cy", "dan")
    post = make.post(ann, "Dynamic test at **60 km/h**")
    for actor in (bob, cy, dan):
        tell(app, ann, actor, NotificationKind.REACTION, post)
    for actor in (bob, cy):
        reply = make.post(actor, "Bravo", reply_to=post)
        tell(app, ann, actor, NotificationKind.REPLY, reply)
    with app.app_context():
        page = inbox.entries(ann, Cursor())
        assert inbox.unread_count(ann) == 5
    (entry,) = page.items
    kinds = [(line.kind, [actor.handle for actor in line.actors]) for line in entry.lines]
    assert kinds == [
        (NotificationKind.REPLY, ["cy"]),
        (NotificationKind.REPLY, ["bob"]),
        (NotificationKind.REACTION, ["dan", "cy", "bob"]),
    ]
    assert entry.lines[2].excerpt == "Dynamic test at 60 km/h"


def test_what_the_reader_may_not_see_any_more_is_gone_from_list_and_count(
    app: Flask, make: Factory, browse: Browser
) -> None:
    ann, bob = make.accounts("ann", "bob")
    group = make.group("board", GroupPrivacy.SECRET, owner=ann, members=[bob])
    post = make.post(ann, "Zebra plans", group=group)
    tell(app, bob, ann, NotificationKind.MENTION, post)
    assert b"Zebra plans" in browse(bob).get("/notifications").data
    with app.app_context(), unit_of_work():
        db.session.execute(delete(Membership).where(Membership.account_id == bob.id))
    answer = browse(bob).get("/notifications")
    assert answer.status_code == 200
    assert b"Zebra plans" not in answer.data
    assert b"Board" not in answer.data
    with app.app_context():
        assert inbox.unread_count(bob) == 0


def test_only_the_own_rows_are_read_and_marked(app: Flask, make: Factory, browse: Browser) -> None:
    ann, bob, eve = make.accounts("ann", "bob", "eve")
    post = make.post(ann)
    tell(app, ann, bob, NotificationKind.REACTION, post)
    with app.app_context():
        row = inbox.entries(ann, Cursor()).items[0].id
    assert browse(eve).post(f"/notifications/{row}/read").status_code == 303
    assert browse(eve).post("/notifications/read").status_code == 303
    with app.app_context():
        assert inbox.unread_count(ann) == 1
    assert browse(ann).post(f"/notifications/{row}/read").status_code == 303
    with app.app_context():
        assert inbox.unread_count(ann) == 0


def test_new_ones_come_as_toasts_with_the_count(app: Flask, make: Factory, browse: Browser) -> None:
    ann, bob = make.accounts("ann", "bob")
    client = browse(ann)
    before = client.get("/notifications/unread").json
    assert before == {"count": 0, "newest": "0"}
    tell(app, ann, bob, NotificationKind.REPLY, make.post(bob, "Here", reply_to=make.post(ann)))
    answer = client.get("/notifications/new?after=" + before["newest"])
    assert answer.headers["X-Unread"] == "1"
    assert "Bob" in answer.text
    again = client.get("/notifications/new?after=" + answer.headers["X-Newest"])
    assert "Bob" not in again.text


def test_taking_back_removes_only_what_is_unread(app: Flask, make: Factory) -> None:
    ann, bob = make.accounts("ann", "bob")
    post = make.post(ann)
    tell(app, ann, bob, NotificationKind.REACTION, post)
    with app.app_context():
        with unit_of_work():
            actions.withdraw(actor=bob, kind=NotificationKind.REACTION, post_id=post.id)
        assert inbox.unread_count(ann) == 0
        assert not inbox.entries(ann, Cursor())


def test_the_list_costs_the_same_for_one_and_for_fifty(
    app: Flask, make: Factory, browse: Browser, statements: list[str]
) -> None:
    ann, bob = make.accounts("ann", "bob")
    client = browse(ann)
    tell(app, ann, bob, NotificationKind.REACTION, make.post(ann))
    client.get("/notifications")
    statements.clear()
    client.get("/notifications")
    one = len(statements)
    for _ in range(12):
        tell(app, ann, bob, NotificationKind.REACTION, make.post(ann))
    statements.clear()
    client.get("/notifications")
    assert len(statements) == one


def test_many_who_react_are_one_name_and_a_number(
    app: Flask, make: Factory, browse: Browser
) -> None:
    ann, *others = make.accounts("ann", "bob", "cy", "dan", "eve")
    post = make.post(ann)
    for actor in others:
        tell(app, ann, actor, NotificationKind.REACTION, post)
    page = browse(ann).get("/notifications").text
    assert "<b>Eve</b> and 3 others reacted to your post" in page
