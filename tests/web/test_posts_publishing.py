from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from intranet.accounts.models import Account, Role
from intranet.db import db
from intranet.groups.models import Group, GroupPrivacy, Membership, NotifyLevel
from intranet.notifications.models import Notification, NotificationKind
from intranet.posts.models import Hashtag, Mention, Post, Visibility
from tests.browse import Browser
from tests.factories import Factory


def published(app: Flask) -> list[Post]:
    with app.app_context():
        return list(db.session.scalars(select(Post).order_by(Post.id)))


def told(app: Flask, account: Account) -> list[NotificationKind]:
    with app.app_context():
        return list(
            db.session.scalars(
                select(Notification.kind)
                .where(Notification.recipient_id == account.id)
                .order_by(Notification.id)
            )
        )


def publish(client: FlaskClient, source: str, **fields: str) -> int:
    response = client.post("/posts", data={"source": source, "audience": "organisation"} | fields)
    assert response.status_code == 303, response.text
    return int(re.findall(r"/posts/(\d+)", response.location)[0])


def reply(client: FlaskClient, post_id: int, source: str) -> int:
    response = client.post(f"/posts/{post_id}/replies", data={"source": source})
    assert response.status_code == 303, response.text
    return int(re.findall(r"/posts/(\d+)", response.location)[0])


def test_a_post_is_shown_to_colleagues_with_its_markup_and_links(
    browse: Browser, make: Factory, app: Flask
) -> None:
    ann, bob = make.accounts("ann", "bob")
    post_id = publish(browse(ann), "**Week 48** @bob and @nobody #Tram")
    page = browse(bob).get(f"/posts/{post_id}").text
    assert "<strong>Week 48</strong>" in page
    assert 'href="/@bob"' in page
    assert "/@nobody" not in page
    assert 'href="/tags/tram"' in page
    with app.app_context():
        assert db.session.scalar(select(Hashtag.display)) == "Tram"
        assert db.session.get_one(Account, ann.id).last_post_id == post_id
    assert told(app, bob) == [NotificationKind.MENTION]


@pytest.mark.parametrize("source", ["", "   \n ", "\u200b\u2060", "\x00"])
def test_a_post_without_anything_to_see_comes_back_with_its_form(
    browse: Browser, make: Factory, app: Flask, source: str
) -> None:
    response = browse(make.account()).post(
        "/posts", data={"source": source, "audience": "followers", "idempotency_key": "k-1"}
    )
    assert response.status_code == 422
    assert "Write something" in response.text
    assert re.search(r'value="followers" selected', response.text)
    assert 'value="k-1"' in response.text
    assert published(app) == []


@pytest.mark.settings(post_max_length=100, composer_soft_length=50)
def test_a_text_that_is_too_long_is_kept_in_the_form(
    browse: Browser, make: Factory, app: Flask
) -> None:
    client = browse(make.account())
    response = client.post("/posts", data={"source": "é" * 101, "audience": "organisation"})
    assert response.status_code == 422
    assert "é" * 101 in response.text
    assert "100 characters at most" in response.text
    fragment = client.post(
        "/posts",
        data={"source": "x" * 101, "audience": "organisation"},
        headers={"HX-Request": "true"},
    )
    assert fragment.status_code == 422
    assert fragment.headers["HX-Retarget"] == "#compose"
    assert "<html" not in fragment.text
    assert published(app) == []
    publish(client, "é" * 100)


def test_htmx_gets_the_card_of_the_new_post(browse: Browser, make: Factory) -> None:
    response = browse(make.account()).post(
        "/posts",
        data={"source": "Hello", "audience": "organisation"},
        headers={"HX-Request": "true"},
    )
    assert response.status_code == 200
    assert response.text.lstrip().startswith("<article")


def test_the_same_key_publishes_once_and_another_authors_key_is_not_touched(
    browse: Browser, make: Factory, app: Flask
) -> None:
    ann, bob = make.accounts("ann", "bob")
    first = publish(browse(ann), "Once @bob", idempotency_key="same")
    again = publish(browse(ann), "Once @bob", idempotency_key="same")
    other = publish(browse(bob), "Mine", idempotency_key="same")
    long_key = publish(browse(ann), "Long", idempotency_key="k" * 300)
    assert first == again
    assert publish(browse(ann), "Long", idempotency_key="k" * 300) == long_key
    assert [post.id for post in published(app)] == [first, other, long_key]
    assert told(app, bob) == [NotificationKind.MENTION]


def test_another_text_under_a_spent_key_is_kept_and_sent_by_the_next_press(
    browse: Browser, make: Factory, app: Flask
) -> None:
    client = browse(make.account("ann"))
    first = publish(client, "Once", idempotency_key="same")
    data = {"source": "Once, and more", "audience": "followers", "idempotency_key": "same"}
    refused = client.post("/posts", data=data)
    assert refused.status_code == 422
    assert "with another text" in refused.text
    assert "Once, and more" in refused.text
    assert [post.id for post in published(app)] == [first]
    (key,) = set(re.findall(r'name="idempotency_key" value="([^"]+)"', refused.text))
    assert key != "same"
    second = publish(client, "Once, and more", idempotency_key=key)
    assert [post.id for post in published(app)] == [first, second]


def test_a_key_sent_by_many_at_once_publishes_once(
    browse: Browser, make: Factory, app: Flask
) -> None:
    ann, bob = make.accounts("ann", "bob")
    clients = [browse(ann) for _ in range(6)]

    def send(client: FlaskClient) -> int:
        return publish(client, "Race @bob #race", idempotency_key="race")

    with ThreadPoolExecutor(6) as pool:
        ids = set(pool.map(send, clients))
    assert ids == {post.id for post in published(app)}
    assert len(ids) == 1
    assert told(app, bob) == [NotificationKind.MENTION]


def test_only_members_post_in_a_group_and_a_secret_one_does_not_exist_for_others(
    browse: Browser, make: Factory, app: Flask
) -> None:
    ann, bob = make.accounts("ann", "bob")
    make.group("open", owner=ann)
    make.group("closed", GroupPrivacy.CLOSED, owner=ann)
    make.group("secret", GroupPrivacy.SECRET, owner=ann)
    client = browse(bob)
    partial = {"HX-Request": "true"}  # the whole page has tokens that never repeat
    missing = client.post("/groups/nowhere/posts", data={"source": "Hi"}, headers=partial)
    for slug, status in (("open", 403), ("closed", 403), ("secret", 404)):
        assert client.post(f"/groups/{slug}/posts", data={"source": "Hi"}).status_code == status
        by_form = client.post("/posts", data={"source": "Hi", "audience": f"group:{slug}"})
        assert by_form.status_code == status
    secret = client.post("/groups/secret/posts", data={"source": "Hi"}, headers=partial)
    assert secret.text == missing.text
    assert published(app) == []
    assert browse(ann).post("/groups/secret/posts", data={"source": "Hi"}).status_code == 303


def test_a_group_post_reaches_members_by_their_level_and_nobody_twice(
    browse: Browser, make: Factory, app: Flask
) -> None:
    ann, every, named, calm, mute, outside = make.accounts(
        "ann", "every", "named", "calm", "mute", "outside"
    )
    group = make.group("board", GroupPrivacy.CLOSED, owner=ann, notify=NotifyLevel.EVERYTHING)
    make.join(group, every, notify=NotifyLevel.EVERYTHING)
    make.join(group, named, notify=NotifyLevel.EVERYTHING)
    make.join(group, calm, notify=NotifyLevel.MENTIONS)
    make.join(group, mute, notify=NotifyLevel.NOTHING)
    publish(browse(ann), "@named @mute @outside @ann hello", audience="group:board")
    assert told(app, ann) == []
    assert told(app, every) == [NotificationKind.GROUP_POST]
    assert told(app, named) == [NotificationKind.MENTION]
    assert told(app, calm) == told(app, mute) == told(app, outside) == []
    with app.app_context():
        rows = set(db.session.scalars(select(Mention.account_id)))
        assert rows == {ann.id, named.id, mute.id}
        assert db.session.get_one(Group, group.id).last_post_id is not None
        assert db.session.get_one(Account, ann.id).last_post_id is None


def test_publishing_costs_the_same_in_a_group_of_ten_and_of_a_thousand(
    browse: Browser, make: Factory, app: Flask, statements: list[str]
) -> None:
    ann = make.account("ann")
    people = [
        Account(handle=f"p{n}", email=f"p{n}@x.test", display_name=f"P {n}") for n in range(1000)
    ]
    make._save(*people)
    counts = []
    for slug, size in (("small", 10), ("large", 1000)):
        group = make.group(slug, owner=ann, notify=NotifyLevel.EVERYTHING)
        everything = NotifyLevel.EVERYTHING
        make._save(
            *(
                Membership(group_id=group.id, account_id=one.id, notify_level=everything)
                for one in people[:size]
            )
        )
        client = browse(ann)
        client.get("/healthz")
        statements.clear()
        publish(client, "Hello all", audience=f"group:{slug}")
        counts.append(len(statements))
    assert counts[0] == counts[1]
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Notification)) == 1010


def test_guests_post_only_in_their_groups(browse: Browser, make: Factory, app: Flask) -> None:
    ann = make.account("ann")
    guest = make.account("gus", Role.GUEST)
    group = make.group("site", GroupPrivacy.CLOSED, owner=ann, members=[guest])
    make.group("open", owner=ann)
    client = browse(guest)
    for audience, status in (("organisation", 403), ("followers", 403), ("group:open", 404)):
        sent = client.post("/posts", data={"source": "Hi", "audience": audience})
        assert sent.status_code == status, audience
    publish(client, "Bonjour", audience="group:site")
    assert [post.group_id for post in published(app)] == [group.id]


def test_replies_take_the_audience_of_their_thread_and_are_counted(
    browse: Browser, make: Factory, app: Flask
) -> None:
    ann, bob, cam = make.accounts("ann", "bob", "cam")
    group = make.group("board", GroupPrivacy.CLOSED, owner=ann, members=[bob, cam])
    root = publish(browse(ann), "Question", audience="group:board")
    first = reply(browse(bob), root, "Answer")
    second = reply(browse(cam), first, "And more")
    rows = {post.id: post for post in published(app)}
    assert rows[second].root_id == root
    assert rows[second].in_reply_to_id == first
    assert rows[second].group_id == group.id
    assert rows[second].visibility is Visibility.GROUP
    assert (rows[root].replies_count, rows[first].replies_count) == (2, 1)
    assert told(app, ann) == [NotificationKind.REPLY, NotificationKind.REPLY]
    assert told(app, bob) == [NotificationKind.REPLY]
    page = browse(ann).get(f"/posts/{root}").text
    assert page.index("Question") < page.index("Answer") < page.index("And more")
    assert "visible to Board (3 members)" in page


def test_replying_to_the_author_of_the_thread_tells_them_once(
    browse: Browser, make: Factory, app: Flask
) -> None:
    ann, bob = make.accounts("ann", "bob")
    root = publish(browse(ann), "Question")
    reply(browse(bob), root, "@ann an answer")
    assert told(app, ann) == [NotificationKind.MENTION]
    reply(browse(ann), root, "Thanks")
    assert told(app, ann) == [NotificationKind.MENTION]


def test_a_reply_to_followers_stays_with_the_followers_of_who_began(
    browse: Browser, make: Factory, app: Flask
) -> None:
    ann, bob, follower_of_bob = make.accounts("ann", "bob", "fan")
    make.follow(bob, ann)
    make.follow(follower_of_bob, bob)
    root = publish(browse(ann), "For my followers", audience="followers")
    answer = reply(browse(bob), root, "Only for them @fan")
    assert browse(ann).get(f"/posts/{answer}/card").status_code == 200
    assert browse(bob).get(f"/posts/{answer}/card").status_code == 200
    for post_id in (root, answer):
        assert browse(follower_of_bob).get(f"/posts/{post_id}").status_code == 404
    assert told(app, follower_of_bob) == []


def test_readers_of_an_open_group_cannot_reply_without_joining(
    browse: Browser, make: Factory
) -> None:
    ann, bob = make.accounts("ann", "bob")
    make.group("open", owner=ann)
    root = publish(browse(ann), "Read me", audience="group:open")
    client = browse(bob)
    assert client.get(f"/posts/{root}").status_code == 200
    assert client.post(f"/posts/{root}/replies", data={"source": "Me too"}).status_code == 403
    assert client.get(f"/posts/{root}").text.count("<textarea") == 0


def test_somebody_who_left_is_not_told_of_replies(
    browse: Browser, make: Factory, app: Flask
) -> None:
    ann, bob = make.accounts("ann", "bob")
    group = make.group("board", GroupPrivacy.CLOSED, owner=ann)
    root = make.post(bob, "I was here", group=group)
    reply(browse(ann), root.id, "Gone?")
    assert told(app, bob) == []
