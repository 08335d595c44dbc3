"""Who hears what: rooms are settled by the server and emptied at once when a right ends."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask_socketio import SocketIOTestClient
from sqlalchemy import delete, select

from intranet.accounts import sessions
from intranet.accounts.models import Account, Role
from intranet.audiences.actions import store
from intranet.audiences.rules import AudienceRule
from intranet.db import db, record
from intranet.groups.events import GroupChanged, MembershipChanged
from intranet.groups.models import Group, GroupPrivacy, Membership
from intranet.kernel.clock import utc_now
from intranet.live.rooms import rooms
from intranet.live.socket import socketio
from intranet.notifications.actions import notify
from intranet.notifications.models import NotificationKind
from intranet.posts import actions as posts
from intranet.posts.drafts import PostDraft, PostLimits
from intranet.posts.events import PostChanged, PostPublished
from intranet.posts.models import Post, Visibility
from intranet.posts.policies import visible_to
from intranet.unit_of_work import unit_of_work
from tests.browse import Browser
from tests.factories import Factory

Listen = Callable[[Account | None], SocketIOTestClient]


@pytest.fixture
def listen(app: Flask, browse: Browser) -> Listen:
    def _listen(account: Account | None) -> SocketIOTestClient:
        return socketio.test_client(app, flask_test_client=browse(account))

    return _listen


def told(app: Flask, post: Post) -> None:
    fact = PostPublished(
        post_id=post.id,
        author_id=post.author_id,
        group_id=post.group_id,
        root_id=post.root_id,
        organisation_wide=post.visibility == "organisation",
    )
    with app.app_context(), unit_of_work():
        record(fact)


def names(client: SocketIOTestClient) -> list[str]:
    return [message["name"] for message in client.get_received()]


def leave(app: Flask, group: Group, account: Account, *, say: bool = True) -> None:
    with app.app_context(), unit_of_work():
        db.session.execute(
            delete(Membership).where(
                Membership.group_id == group.id, Membership.account_id == account.id
            )
        )
        if say:
            record(MembershipChanged(group_id=group.id, account_id=account.id))


def test_nobody_connects_without_a_session(listen: Listen) -> None:
    assert not listen(None).is_connected()


def test_members_hear_their_group_and_outsiders_do_not(
    app: Flask, make: Factory, listen: Listen
) -> None:
    ann, bob, eve = make.accounts("ann", "bob", "eve")
    group = make.group("board", GroupPrivacy.SECRET, owner=ann, members=[bob])
    member, outsider = listen(bob), listen(eve)
    assert member.is_connected()
    assert outsider.is_connected()
    post = make.post(ann, group=group)
    told(app, post)
    heard = member.get_received()
    assert [message["name"] for message in heard] == ["stream.post"]
    assert heard[0]["args"][0] == {
        "post_id": str(post.id),
        "author_id": str(ann.id),
        "group_id": str(group.id),
    }
    assert outsider.get_received() == []


def test_followers_hear_an_author_and_everybody_but_guests_the_organisation(
    app: Flask, make: Factory, listen: Listen
) -> None:
    ann, bob, cy = make.accounts("ann", "bob", "cy")
    guest = make.account("gus", Role.GUEST)
    make.follow(bob, ann)
    follower, colleague, visitor = listen(bob), listen(cy), listen(guest)
    told(app, make.post(ann))
    assert names(follower) == ["stream.post", "organisation.post"]
    assert names(colleague) == ["organisation.post"]
    assert names(visitor) == []


@pytest.mark.parametrize("say", [True, False], ids=["told", "found by the sweep"])
def test_leaving_a_group_silences_its_sockets(
    app: Flask, make: Factory, listen: Listen, say: bool
) -> None:
    ann, bob = make.accounts("ann", "bob")
    group = make.group("board", GroupPrivacy.SECRET, owner=ann, members=[bob])
    root = make.post(ann, group=group)
    member = listen(bob)
    assert member.emit("thread.watch", {"post_id": str(root.id)}, callback=True) == {"ok": True}
    leave(app, group, bob, say=say)
    if not say:
        with app.app_context():
            rooms.sweep()
    told(app, make.post(ann, group=group))
    told(app, make.post(ann, reply_to=root))
    assert member.get_received() == []


def test_ending_a_session_ends_its_sockets(app: Flask, make: Factory, listen: Listen) -> None:
    ann = make.account("ann")
    socket = listen(ann)
    assert socket.is_connected()
    with app.app_context(), unit_of_work():
        sessions.end_all(ann.id)
    assert not socket.is_connected()


def test_deactivating_behind_our_back_ends_its_sockets(
    app: Flask, make: Factory, listen: Listen
) -> None:
    ann = make.account("ann")
    socket = listen(ann)
    with app.app_context(), unit_of_work():
        db.session.get_one(Account, ann.id).deactivated_at = utc_now()
    with app.app_context():
        rooms.sweep()
    assert not socket.is_connected()
    assert not listen(ann).is_connected()


def test_a_thread_is_heard_only_by_those_who_may_see_it(
    app: Flask, make: Factory, listen: Listen
) -> None:
    ann, bob, eve = make.accounts("ann", "bob", "eve")
    group = make.group("board", GroupPrivacy.SECRET, owner=ann, members=[bob])
    root = make.post(ann, group=group)
    member, outsider = listen(bob), listen(eve)
    watch = {"post_id": str(root.id)}
    missing = outsider.emit("thread.watch", {"post_id": "12345"}, callback=True)
    assert missing == {"ok": False, "code": "not_found"}
    assert outsider.emit("thread.watch", watch, callback=True) == missing
    assert member.emit("thread.watch", watch, callback=True) == {"ok": True}
    told(app, make.post(ann, reply_to=root))
    assert names(member) == ["thread.reply", "post.changed"]
    assert outsider.get_received() == []


def test_a_group_that_closes_ends_the_listening_of_outsiders(
    app: Flask, make: Factory, listen: Listen
) -> None:
    ann, eve = make.accounts("ann", "eve")
    group = make.group("club", GroupPrivacy.OPEN, owner=ann)
    root = make.post(ann, group=group)
    outsider = listen(eve)
    watch = {"post_id": str(root.id)}
    assert outsider.emit("thread.watch", watch, callback=True) == {"ok": True}
    with app.app_context(), unit_of_work():
        db.session.get_one(Group, group.id).privacy = GroupPrivacy.CLOSED
        record(GroupChanged(group_id=group.id))
    told(app, make.post(ann, reply_to=root))
    assert outsider.get_received() == []


@pytest.mark.parametrize(
    "payload", [None, 7, "x", [], {}, {"post_id": 3}, {"post_id": "9" * 30}, {"post_id": "-1"}]
)
def test_nonsense_is_answered_with_a_short_no(
    make: Factory, listen: Listen, payload: object
) -> None:
    socket = listen(make.account("ann"))
    answer = socket.emit("thread.watch", payload, callback=True)
    assert answer == {"ok": False, "code": "not_found"}
    assert socket.is_connected()


def test_every_window_of_a_recipient_hears_of_a_notification(
    app: Flask, make: Factory, listen: Listen
) -> None:
    ann, bob, eve = make.accounts("ann", "bob", "eve")
    first, second, other = listen(bob), listen(bob), listen(eve)
    with app.app_context(), unit_of_work():
        notify([bob.id], actor=ann, kind=NotificationKind.FOLLOW)
    assert names(first) == names(second) == ["notification.new"]
    assert other.get_received() == []


def test_a_rolled_back_fact_is_told_to_nobody(app: Flask, make: Factory, listen: Listen) -> None:
    ann, bob = make.accounts("ann", "bob")
    make.follow(bob, ann)
    socket = listen(bob)
    post = make.post(ann)
    fact = PostChanged(
        post_id=post.id, author_id=ann.id, group_id=None, root_id=None, organisation_wide=True
    )

    def fail_after_the_fact() -> None:
        with unit_of_work():
            record(fact)
            raise ZeroDivisionError

    with app.app_context(), pytest.raises(ZeroDivisionError):
        fail_after_the_fact()
    assert socket.get_received() == []


def test_who_follows_but_is_not_addressed_hears_nothing_of_a_post_for_an_audience(
    app: Flask, make: Factory, listen: Listen
) -> None:
    hr = make.account("hr", Role.HR)
    ann = make.account("ann", department="Works")
    eve = make.account("eve", department="Sales")
    for reader in (ann, eve):
        make.follow(reader, hr)
    post = _publish_for(app, hr, AudienceRule(departments=("Works",)))
    with app.app_context():
        may_read = {
            reader.handle
            for reader in (ann, eve)
            if db.session.scalar(select(Post.id).where(Post.id == post, visible_to(reader)))
        }
    assert may_read == {"ann"}, "eve is an outsider, though she follows"
    addressed, outsider = listen(ann), listen(eve)
    asked = {"post_id": str(post)}
    assert addressed.emit("thread.watch", asked, callback=True) == {"ok": True}
    assert not outsider.emit("thread.watch", asked, callback=True)["ok"]
    for client in (addressed, outsider):
        client.get_received()
    _publish_for(app, hr, AudienceRule(departments=("Works",)))
    with app.app_context(), unit_of_work():
        author = db.session.get_one(Account, hr.id)
        posts.publish(author, PostDraft(source="More", in_reply_to_id=post), PostLimits(500, 1))
    assert "thread.reply" in names(addressed)
    assert names(outsider) == []


def _publish_for(app: Flask, author: Account, rule: AudienceRule) -> int:
    with app.app_context(), unit_of_work():
        actor = db.session.get_one(Account, author.id)
        draft = PostDraft(
            source="For the works",
            visibility=Visibility.AUDIENCE,
            audience_id=store(rule, actor).id,
        )
        return posts.publish(actor, draft, PostLimits(500, 1)).id
