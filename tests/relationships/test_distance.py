"""Blocks hold both, mutes are quiet, and neither stands in the way of duties."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from intranet.accounts.models import Account, Role
from intranet.db import db
from intranet.groups.models import GroupPrivacy, GroupRole
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import Forbidden
from intranet.kernel.pagination import Cursor
from intranet.notifications.models import Notification, NotificationKind
from intranet.posts.models import Post
from intranet.posts.policies import readers_of, visible_to
from intranet.relationships import actions, distance, queries
from intranet.relationships.models import Follow
from intranet.search import queries as search
from intranet.timelines import queries as timelines
from intranet.timelines.queries import Kind, Timeline
from intranet.unit_of_work import unit_of_work
from tests.browse import Browser
from tests.factories import Factory

Act = Callable[[Account, Account], None]


def load(account: Account) -> Account:
    return db.session.get_one(Account, account.id, populate_existing=True)


def do(app: Flask, act: Act, actor: Account, other: Account) -> None:
    with app.app_context(), unit_of_work():
        act(load(actor), load(other))


def sees(app: Flask, viewer: Account, post: Post) -> bool:
    with app.app_context():
        found = select(Post.id).where(Post.id == post.id, visible_to(load(viewer)))
        return db.session.scalar(found) is not None


def told(app: Flask, recipient: Account) -> list[NotificationKind]:
    with app.app_context():
        rows = select(Notification.kind).where(Notification.recipient_id == recipient.id)
        return list(db.session.scalars(rows.order_by(Notification.id)))


def ids(app: Flask, viewer: Account, kind: Kind, subject: str = "") -> list[int]:
    with app.app_context():
        timeline = Timeline(kind, subject)
        return list(timelines.entry_ids(load(viewer), timeline, Cursor()).items)


def test_a_block_ends_follows_and_holds_both(app: Flask, make: Factory) -> None:
    ann, bob, cem = make.accounts("ann", "bob", "cem")
    do(app, actions.follow, ann, bob)
    do(app, actions.follow, bob, ann)
    post, answer = make.post(ann), make.post(bob)
    assert sees(app, bob, post)
    assert sees(app, ann, answer)  # before the block neither was an outsider
    assert told(app, bob) == [NotificationKind.FOLLOW]
    for _twice in range(2):
        do(app, distance.block, ann, bob)
    for viewer, other, hidden in ((bob, ann, post), (ann, bob, answer)):
        assert not sees(app, viewer, hidden)
        assert sees(app, cem, hidden)
        assert hidden.id not in ids(app, viewer, Kind.ORGANISATION)
        assert ids(app, viewer, Kind.ACCOUNT, str(other.id)) == []
        assert told(app, viewer) == []
        with app.app_context():
            assert search.posts(load(viewer), "hello", Cursor()).items != []
            found = [card.id for card in search.posts(load(viewer), "hello", Cursor()).items]
            assert hidden.id not in found
            may_read = select(Account.id).where(readers_of(db.session.get_one(Post, hidden.id)))
            assert viewer.id not in db.session.scalars(may_read).all()
        with pytest.raises(Forbidden):
            do(app, actions.follow, viewer, other)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Follow)) == 0
        assert (load(ann).followers_count, load(bob).following_count) == (0, 0)
        assert queries.relation(load(ann), bob.id).blocking
        assert queries.relation(load(bob), ann.id).blocked_by
    do(app, distance.unblock, bob, ann)  # not theirs to take back
    assert not sees(app, bob, post)
    do(app, distance.unblock, ann, bob)
    assert sees(app, bob, post)


def test_a_block_hides_boosts_in_both_ways(app: Flask, make: Factory) -> None:
    ann, bob, cem = make.accounts("ann", "bob", "cem")
    hers = make.post(ann)
    passed_on = make.post(cem, boost_of_id=hers.id)
    of_other = make.post(bob, boost_of_id=make.post(cem).id)
    assert sees(app, bob, passed_on)
    assert sees(app, ann, of_other)
    do(app, distance.block, ann, bob)
    assert not sees(app, bob, passed_on)
    assert not sees(app, ann, of_other)
    assert sees(app, cem, passed_on)


def test_a_block_does_not_stand_in_the_way_of_duties(app: Flask, make: Factory) -> None:
    ann, owner, plain = make.accounts("ann", "owner", "plain")
    moderator = make.account("mod", Role.MODERATOR)
    admin = make.account("adam", Role.ADMINISTRATOR)
    group = make.group("board", owner=owner, members=[ann, plain])
    said, in_group = make.post(ann), make.post(ann, group=group)
    for other in (owner, plain, moderator, admin):
        do(app, distance.block, ann, other)
    assert not sees(app, plain, said)
    assert not sees(app, plain, in_group)
    assert sees(app, owner, in_group)  # runs the group
    assert not sees(app, owner, said)
    for one in (moderator, admin):
        assert sees(app, one, said)
    secret = make.group("secret", GroupPrivacy.SECRET, owner=owner, members=[ann])
    assert not sees(app, moderator, make.post(ann, group=secret))  # still only what is for them
    make.join(secret, plain, GroupRole.MODERATOR)
    assert sees(app, plain, make.post(ann, group=secret))


def test_official_pages_cannot_be_blocked(app: Flask, make: Factory, browse: Browser) -> None:
    ann, hanna = make.accounts("ann", "hanna")
    page = make.page("newsroom", owner=hanna)
    with pytest.raises(Forbidden):
        do(app, distance.block, ann, page)
    with pytest.raises(Forbidden):
        do(app, distance.block, ann, ann)
    assert browse(ann).get("/@newsroom/block").status_code == 403
    assert browse(ann).get("/@hanna/block").status_code == 200
    do(app, distance.mute, ann, page)
    post = make.post(page, written_by_id=hanna.id)
    do(app, distance.block, ann, hanna)
    assert sees(app, ann, post)  # the page speaks, whoever writes for it


def test_a_thread_goes_on_around_what_is_withheld(make: Factory, browse: Browser) -> None:
    ann, bob, cem = make.accounts("ann", "bob", "cem")
    root = make.post(bob, "Where is the crane?")
    reply = make.post(cem, "Behind hall two", reply_to=root)
    his = make.post(bob, "Thank you kindly", reply_to=root)
    assert "Thank you kindly" in browse(ann).get(f"/posts/{root.id}").text
    browse(ann).post("/@bob/block")
    shown = browse(ann).get(f"/posts/{reply.id}")
    assert shown.status_code == 200
    assert "Behind hall two" in shown.text
    assert "crane" not in shown.text
    assert "Thank you kindly" not in shown.text
    assert "A block keeps this post from you." in shown.text
    assert ">bob<" not in shown.text.lower().replace("bob…", "")
    missing = browse(ann).get("/posts/7")
    for path in (f"/posts/{root.id}", f"/posts/{his.id}", f"/posts/{his.id}/card"):
        assert browse(ann).get(path).status_code == missing.status_code == 404
    for path in (f"/posts/{root.id}/replies", f"/posts/{his.id}/boost"):
        assert browse(ann).post(path, data={"source": "hm"}).status_code == 404


def test_who_is_kept_apart_is_not_called(app: Flask, make: Factory, browse: Browser) -> None:
    ann, bob, cem = make.accounts("ann", "bob", "cem")
    browse(bob).post("/posts", data={"source": "Hello @ann and @cem"})
    assert told(app, ann) == told(app, cem) == [NotificationKind.MENTION]
    browse(ann).post("/@bob/block")
    assert told(app, ann) == []
    browse(bob).post("/posts", data={"source": "Again @ann and @cem"})
    assert (told(app, ann), len(told(app, cem))) == ([], 2)
    found = browse(bob).get("/mentions?q=a&audience=organisation").text
    assert "ann" not in found.lower()
    browse(ann).post("/@bob/unblock")
    assert "ann" in browse(bob).get("/mentions?q=a&audience=organisation").text.lower()


def test_a_mute_is_read_around_and_ends_by_itself(
    app: Flask, make: Factory, browse: Browser
) -> None:
    ann, bob, cem = make.accounts("ann", "bob", "cem")
    for other in (bob, cem):
        do(app, actions.follow, ann, other)
    browse(bob).post("/posts", data={"source": "Loud #steel @ann"})
    browse(cem).post("/posts", data={"source": "Calm #steel"})
    with app.app_context():
        loud, calm = db.session.scalars(select(Post.id).order_by(Post.id)).all()
    browse(cem).post(f"/posts/{loud}/boost")
    everywhere = ((Kind.HOME, ""), (Kind.ORGANISATION, ""), (Kind.TAG, "steel"))
    for kind, subject in everywhere:
        assert {loud, calm} <= set(ids(app, ann, kind, subject))
    sent = browse(ann).post("/@bob/mute", data={"duration": "3600", "notifications": "1"})
    assert sent.status_code == 303
    for kind, subject in everywhere:
        assert ids(app, ann, kind, subject) == [calm]
    assert ids(app, ann, Kind.ACCOUNT, str(bob.id)) == [loud]  # still there to be looked up
    assert loud in ids(app, cem, Kind.ORGANISATION)
    before = len(told(app, ann))
    browse(bob).post("/posts", data={"source": "Louder @ann"})
    assert len(told(app, ann)) == before
    assert "until" in browse(ann).get("/settings/distance").text
    with time_machine.travel(utc_now() + dt.timedelta(hours=2), tick=False):
        assert loud in ids(app, ann, Kind.HOME)
        browse(bob).post("/posts", data={"source": "Here again @ann"})
    assert len(told(app, ann)) == before + 1


def test_a_mute_may_leave_notifications_and_can_be_taken_back(
    app: Flask, make: Factory, browse: Browser
) -> None:
    ann, bob = make.accounts("ann", "bob")
    browse(ann).post("/@bob/mute", data={"duration": "0"})
    browse(bob).post("/posts", data={"source": "Hello @ann"})
    assert told(app, ann) == [NotificationKind.MENTION]
    assert ids(app, ann, Kind.ORGANISATION) == []
    page = browse(ann).get("/settings/distance").text
    assert "notifications still come" in page
    browse(ann).post("/@bob/unmute", data={"next": "/settings/distance"})
    assert len(ids(app, ann, Kind.ORGANISATION)) == 1
    wrong = browse(ann).post("/@bob/mute", data={"duration": "99999999999"})
    assert wrong.status_code == 422
    assert browse(ann).post("/@bob/mute", data={"duration": "-1"}).status_code == 422
    assert browse(ann).post("/@ann/mute").status_code == 403


def test_duties_are_heard_whoever_they_come_from(
    app: Flask, make: Factory, browse: Browser
) -> None:
    ann, bob = make.accounts("ann", "bob")
    page = make.page("newsroom", owner=ann)
    make.group("audit", GroupPrivacy.CLOSED, owner=ann)
    do(app, distance.mute, ann, bob)
    browse(bob).post("/groups/audit/join", data={"message": "please"})
    browse(bob).post("/posts", data={"source": "A question for @newsroom"})
    assert told(app, ann) == [NotificationKind.JOIN_REQUEST, NotificationKind.MENTION]
    assert page.is_page


def test_a_muted_thread_is_silent(app: Flask, make: Factory, browse: Browser) -> None:
    ann, bob = make.accounts("ann", "bob")
    root = make.post(ann, "Lunch?")
    browse(bob).post(f"/posts/{root.id}/replies", data={"source": "Yes"})
    assert told(app, ann) == [NotificationKind.REPLY]
    for _twice in range(2):
        browse(ann).post(f"/posts/{root.id}/mute")
    assert "Hear of this thread again" in browse(ann).get(f"/posts/{root.id}").text
    assert "Hear of this thread again" not in browse(bob).get(f"/posts/{root.id}").text
    browse(bob).post(f"/posts/{root.id}/replies", data={"source": "No, @ann"})
    browse(bob).post(f"/posts/{root.id}/reactions", data={"emoji": "⭐"})
    assert told(app, ann) == [NotificationKind.REPLY]
    browse(ann).post(f"/posts/{root.id}/mute/remove")
    browse(bob).post(f"/posts/{root.id}/replies", data={"source": "Maybe"})
    assert len(told(app, ann)) == 2


def test_notes_are_for_their_writer(make: Factory, browse: Browser) -> None:
    make.account("bob")
    ann, cem = make.accounts("ann", "cem")
    browse(ann).post("/@bob/note", data={"comment": "Knows cranes"})
    assert "Knows cranes" in browse(ann).get("/@bob").text
    assert "Knows cranes" not in browse(cem).get("/@bob").text
    assert browse(ann).post("/@bob/note", data={"comment": "x" * 2001}).status_code == 422
    browse(ann).post("/@bob/note", data={"comment": " "})
    assert "Knows cranes" not in browse(ann).get("/@bob").text


def test_a_follower_can_ask_for_word_of_each_post(
    app: Flask, make: Factory, browse: Browser
) -> None:
    ann, bob, cem = make.accounts("ann", "bob", "cem")
    for one in (ann, cem):
        do(app, actions.follow, one, bob)
    browse(ann).post("/@bob/wishes", data={"notify": "1"})
    browse(bob).post("/posts", data={"source": "News"})
    assert told(app, ann) == [NotificationKind.POST]
    assert told(app, cem) == []
    assert "posted" in browse(ann).get("/notifications").text
    with app.app_context():
        news = db.session.scalars(select(Post.id)).one()
    browse(bob).post(f"/posts/{news}/replies", data={"source": "A reply is not news"})
    make.group("secret", GroupPrivacy.SECRET, owner=bob)
    browse(bob).post("/groups/secret/posts", data={"source": "Not for ann"})
    assert told(app, ann) == [NotificationKind.POST]


def test_boosts_and_languages_of_somebody_can_be_left_out(app: Flask, make: Factory) -> None:
    ann, bob, cem = make.accounts("ann", "bob", "cem")
    do(app, actions.follow, ann, bob)
    other = make.post(cem)
    french, english, unsaid = (
        make.post(bob, language="fr"), make.post(bob, language="en"), make.post(bob)
    )  # fmt: skip
    boost = make.post(bob, boost_of_id=other.id)
    # Bare rows reach nobody's home by themselves: following anew fills it.
    do(app, actions.unfollow, ann, bob)
    do(app, actions.follow, ann, bob)
    assert set(ids(app, ann, Kind.HOME)) == {french.id, english.id, unsaid.id, boost.id}

    def want(**wishes: object) -> set[int]:
        with app.app_context(), unit_of_work():
            actions.follow(load(ann), load(bob), actions.FollowWishes(**wishes))  # type: ignore[arg-type]
        return set(ids(app, ann, Kind.HOME))

    assert want(boosts=False) == {french.id, english.id, unsaid.id}
    assert want(languages=("FR", "fr")) == {french.id, unsaid.id}
    assert want(languages=(), boosts=True) == {french.id, english.id, unsaid.id, boost.id}


def test_followers_can_be_removed(app: Flask, make: Factory, browse: Browser) -> None:
    ann, bob = make.accounts("ann", "bob")
    do(app, actions.follow, bob, ann)
    browse(ann).post("/@bob/followers/remove")
    with app.app_context():
        assert not queries.is_following(load(bob), ann.id)
        assert load(ann).followers_count == 0


def test_a_block_ends_what_two_people_write_to_one_another(
    app: Flask, make: Factory, browse: Browser
) -> None:
    ann, bob, _cem = make.accounts("ann", "bob", "cem")

    def write(who: Account, to: str, source: str) -> int:
        sent = browse(who).post("/conversations", query_string=to, data={"source": source})
        return int(sent.headers["Location"].rpartition("/")[2]) if sent.status_code == 303 else 0

    alone = write(bob, "to=ann", "Between us")
    several = write(bob, "to=ann&to=cem", "Between three")
    assert alone
    assert "Between us" in browse(ann).get(f"/conversations/{alone}").text
    browse(ann).post("/@bob/block")
    heard = told(app, ann)
    assert write(bob, "to=ann", "Once more") == 0
    assert "/conversations/new?to=ann" not in browse(bob).get("/@ann").text
    answer = browse(bob).post(f"/posts/{alone}/replies", data={"source": "Answer me"})
    assert answer.status_code == 403
    browse(bob).post(f"/posts/{several}/replies", data={"source": "To the others"})
    assert told(app, ann) == heard
    for path in (f"/conversations/{alone}", f"/conversations/{several}", "/conversations"):
        page = browse(ann).get(path).text
        assert "Between" not in page
        assert "To the others" not in page
    assert "To the others" in browse(_cem).get(f"/conversations/{several}").text
