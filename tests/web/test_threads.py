"""Conversations: who hears of a reply, who reacted and boosted, what an edit changed, and the order
of replies."""

from __future__ import annotations

import re

from flask import Flask
from sqlalchemy import select

from intranet.accounts.models import Account, Role
from intranet.db import db
from intranet.groups.models import GroupPrivacy, NotifyLevel
from intranet.notifications.models import Notification, NotificationKind
from intranet.posts.models import Post, PostRevision, ThreadFollow, ThreadMute
from tests.browse import Browser
from tests.factories import Factory
from tests.mastodon.tokens import token_of
from tests.media.pictures import picture

PARTIAL = {"HX-Request": "true"}


def told(app: Flask, account: Account) -> list[NotificationKind]:
    with app.app_context():
        return list(
            db.session.scalars(
                select(Notification.kind)
                .where(Notification.recipient_id == account.id)
                .order_by(Notification.id)
            )
        )


def answer(browse: Browser, account: Account, post: Post, text: str = "Yes") -> int:
    sent = browse(account).post(f"/posts/{post.id}/replies", data={"source": text})
    assert sent.status_code == 303
    return int(re.search(r"/posts/(\d+)", sent.headers["Location"])[1])  # type: ignore[index]


def test_who_follows_a_thread_hears_every_reply_and_nobody_else(
    browse: Browser, make: Factory, app: Flask
) -> None:
    ann, bob, cam, dan = make.accounts("ann", "bob", "cam", "dan")
    post = make.post(ann, "Shall we?")
    client = browse(cam)
    for _ in range(2):
        assert client.post(f"/posts/{post.id}/follow").status_code == 303
    answer(browse, bob, post)
    assert told(app, cam) == [NotificationKind.THREAD_REPLY]
    assert told(app, ann) == [NotificationKind.REPLY]
    assert told(app, dan) == []
    assert "replied in a thread you follow" in client.get("/notifications").text
    answer(browse, cam, post, "My own")
    answer(browse, bob, post, "Look @cam")
    assert told(app, cam) == [NotificationKind.THREAD_REPLY, NotificationKind.MENTION]
    client.post(f"/posts/{post.id}/follow/remove")
    answer(browse, bob, post, "Nobody hears")
    assert len(told(app, cam)) == 2


def test_who_writes_for_a_page_hears_of_one_post_once(
    browse: Browser, make: Factory, app: Flask
) -> None:
    ann, bob, cam = make.accounts("ann", "bob", "cam")
    page = make.page("news", owner=cam)
    post = make.post(page, "Shall we?", written_by_id=cam.id)
    browse(cam).post(f"/posts/{post.id}/follow")
    answer(browse, bob, post)  # the page is answered, and the thread is followed
    assert told(app, cam) == [NotificationKind.REPLY]
    answer(browse, bob, post, "Look @cam")
    assert told(app, cam) == [NotificationKind.REPLY, NotificationKind.MENTION]
    own = make.post(cam, "Mine")
    browse(ann).post("/posts", data={"source": "As @news said", "quote_of_id": str(own.id)})
    assert told(app, cam)[2:] == [NotificationKind.MENTION]


def test_the_thread_is_followed_by_any_of_its_posts(
    browse: Browser, make: Factory, app: Flask
) -> None:
    ann, bob, cam = make.accounts("ann", "bob", "cam")
    post = make.post(ann)
    reply = make.post(bob, "First", reply_to=post)
    browse(cam).post(f"/posts/{reply.id}/follow")
    with app.app_context():
        assert db.session.scalars(select(ThreadFollow.thread_id)).all() == [post.id]
    answer(browse, ann, reply, "Second")
    assert told(app, cam) == [NotificationKind.THREAD_REPLY]


def test_following_and_muting_put_an_end_to_each_other(
    browse: Browser, make: Factory, app: Flask
) -> None:
    ann, bob = make.accounts("ann", "bob")
    post = make.post(ann)
    client = browse(bob)

    def chosen() -> tuple[int, int]:
        with app.app_context():
            return (
                len(db.session.scalars(select(ThreadFollow.thread_id)).all()),
                len(db.session.scalars(select(ThreadMute.thread_id)).all()),
            )

    page = client.get(f"/posts/{post.id}").text
    assert "You hear of it when somebody answers or mentions you." in page
    client.post(f"/posts/{post.id}/follow")
    assert chosen() == (1, 0)
    assert "You hear every reply in this thread." in client.get(f"/posts/{post.id}").text
    heard = client.post(f"/posts/{post.id}/mute", headers=PARTIAL)
    assert heard.headers["HX-Trigger"] == "thread-chosen"
    assert "Hear of this thread again" in heard.text
    assert chosen() == (0, 1)
    said = client.get(f"/posts/{post.id}/hearing", headers=PARTIAL).text
    assert "You hear nothing of this thread." in said
    client.post(f"/posts/{post.id}/follow")
    assert chosen() == (1, 0)


def test_a_muted_thread_says_nothing_even_to_who_is_named_in_it(
    browse: Browser, make: Factory, app: Flask
) -> None:
    ann, bob = make.accounts("ann", "bob")
    post = make.post(ann)
    browse(ann).post(f"/posts/{post.id}/mute")
    answer(browse, bob, post, "Hello @ann")
    browse(bob).post(f"/posts/{post.id}/reactions", data={"emoji": "⭐"})
    browse(bob).post(f"/posts/{post.id}/boost")
    assert told(app, ann) == []
    browse(ann).post(f"/posts/{post.id}/mute/remove")
    answer(browse, bob, post, "Once more")
    assert told(app, ann) == [NotificationKind.REPLY]


def test_who_has_left_the_group_hears_no_more_of_a_thread_they_follow(
    browse: Browser, make: Factory, app: Flask
) -> None:
    ann, bob, cam = make.accounts("ann", "bob", "cam")
    group = make.group("secret", GroupPrivacy.SECRET, owner=ann, members=[bob])
    make.join(group, cam, notify=NotifyLevel.NOTHING)
    post = make.post(ann, "Only us", group=group)
    browse(cam).post(f"/posts/{post.id}/follow")
    answer(browse, bob, post)
    assert told(app, cam) == [NotificationKind.THREAD_REPLY]  # asked for, though the group is not
    assert browse(cam).post("/groups/secret/leave").status_code == 303
    assert browse(cam).get(f"/posts/{post.id}").status_code == 404
    before = told(app, cam)
    answer(browse, bob, post, "Without you")
    assert told(app, cam) == before


def test_a_block_stands_between_a_follower_of_the_thread_and_the_author(
    browse: Browser, make: Factory, app: Flask
) -> None:
    ann, bob, cam = make.accounts("ann", "bob", "cam")
    post = make.post(ann)
    browse(cam).post(f"/posts/{post.id}/follow")
    assert browse(cam).post("/@bob/block").status_code == 303
    answer(browse, bob, post)
    assert told(app, cam) == []
    answer(browse, ann, post)
    assert told(app, cam) == [NotificationKind.THREAD_REPLY]


def test_replying_asks_the_same_number_of_statements_however_many_follow(
    browse: Browser, make: Factory, app: Flask, statements: list[str]
) -> None:
    ann, bob = make.accounts("ann", "bob")
    post = make.post(ann)
    client = browse(bob)
    counted = []
    for number in range(3):
        for one in make.accounts(*(f"reader{number}{letter}" for letter in "abcd"[: number + 1])):
            make._save(ThreadFollow(account_id=one.id, thread_id=post.id))
        client.post(f"/posts/{post.id}/replies", data={"source": f"Warm up {number}"})
        statements.clear()
        client.post(f"/posts/{post.id}/replies", data={"source": f"Reply {number}"})
        counted.append(len(statements))
    assert len(set(counted)) == 1, counted


def test_answers_stand_after_what_they_answer_with_one_indent(
    browse: Browser, make: Factory
) -> None:
    ann, bob = make.accounts("ann", "bob")
    post = make.post(ann)
    first = make.post(bob, "First", reply_to=post)
    second = make.post(ann, "Second", reply_to=post)
    deep = make.post(ann, "To the first", reply_to=first)
    deeper = make.post(bob, "To that", reply_to=deep)
    page = browse(ann).get(f"/posts/{post.id}").text
    found = re.findall(r'class="reply( reply--in)?" id="post-(\d+)"', page)
    assert [int(id_) for _, id_ in found] == [first.id, deep.id, deeper.id, second.id]
    assert [bool(indented) for indented, _ in found] == [False, True, True, False]
    assert f'data-parent="{deep.id}"' in page


def test_who_reacted_and_who_boosted_is_there_to_read(browse: Browser, make: Factory) -> None:
    ann, bob, cam = make.accounts("ann", "bob", "cam")
    guest = make.account("gus", Role.GUEST)
    group = make.group("site", owner=ann, members=[bob, guest])
    make.join(group, cam)
    post = make.post(ann, "Look", group=group)
    for one, emoji in ((bob, "⭐"), (cam, "⭐"), (cam, "🎉")):
        browse(one).post(f"/posts/{post.id}/reactions", data={"emoji": emoji})
    browse(bob).post(f"/posts/{post.id}/boost")
    page = browse(guest).get(f"/posts/{post.id}/reactions").text
    assert page.index("⭐") < page.index("🎉")
    assert page.count('href="/@cam"') >= 2
    assert f'href="/posts/{post.id}/boosts"' in page
    boosts = browse(guest).get(f"/posts/{post.id}/boosts").text
    assert 'href="/@bob"' in boosts
    assert 'href="/@cam"' not in boosts[boosts.index("<main") :]
    nobody = make.post(ann, "Quiet", group=group)
    assert "Nobody has boosted it yet" in browse(bob).get(f"/posts/{nobody.id}/boosts").text
    assert "Nobody has reacted yet" in browse(bob).get(f"/posts/{nobody.id}/reactions").text


def test_a_guest_reads_how_many_reacted_but_not_the_names_of_strangers(
    browse: Browser, make: Factory
) -> None:
    ann, bob = make.accounts("ann", "bob")
    guest = make.account("gus", Role.GUEST)
    group = make.group("site", owner=ann, members=[guest])
    post = make.post(ann, "Look", group=group)
    # Bob reads the open group without belonging to it.
    assert "Bob" not in browse(guest).get("/people").text
    browse(bob).post(f"/posts/{post.id}/reactions", data={"emoji": "⭐"})
    page = browse(guest).get(f"/posts/{post.id}/reactions").text
    assert "/@bob" not in page
    assert "And 1 more." in page


def test_the_history_names_words_warnings_files_and_answers(browse: Browser, make: Factory) -> None:
    ann = make.account("ann")
    client = browse(ann)
    sent = client.post("/posts", data={
        "source": "We meet on Monday", "audience": "organisation",
        "part": "warning", "spoiler_text": "Numbers",
    })  # fmt: skip
    post_id = int(re.search(r"/posts/(\d+)", sent.headers["Location"])[1])  # type: ignore[index]
    assert browse(ann).get(f"/posts/{post_id}/history").text.count("<section") >= 1
    changed = client.post(
        f"/posts/{post_id}/edit",
        data={"source": "We meet on Tuesday", "part": "warning", "spoiler_text": "Dates"},
    )
    assert changed.status_code == 303
    page = client.get(f"/posts/{post_id}/history").text
    for part in (
        "<del>Monday</del><ins>Tuesday</ins>", "<del>Numbers</del><ins>Dates</ins>",
        "Words that came are underlined", "as first written",
    ):  # fmt: skip
        assert part in page, part


def test_the_history_names_files_that_came_and_went_and_answers_of_the_poll(
    browse: Browser, make: Factory
) -> None:
    ann = make.account("ann")
    sent = browse(ann).post("/posts", data={
        "source": "Which?", "audience": "organisation",
        "part": "poll", "option": ["Tea", "Coffee"],
    })  # fmt: skip
    post_id = int(re.search(r"/posts/(\d+)", sent.headers["Location"])[1])  # type: ignore[index]
    make._save(
        PostRevision(
            post_id=post_id, source="Which?", html="<p>Which?</p>",
            options=["Tea", "Milk"], media=[["1", "A cup", "cup.png"], ["2", ""]],
        )
    )  # fmt: skip
    page = browse(ann).get(f"/posts/{post_id}/history").text
    for part in (
        "<del>Milk</del>", "<li>Tea</li>", "<ins>Coffee</ins>",
        "<del>cup.png</del>", "<del>without a name</del>",
    ):  # fmt: skip
        assert part in page, part
    assert "A cup" not in page, "what was taken away is gone"


def test_files_that_an_edit_took_away_stay_in_the_history_by_name(
    browse: Browser, make: Factory, app: Flask
) -> None:
    ann = make.account("ann")
    client = browse(ann)
    ids = [
        client.post("/media", data={"file": (picture(), name), "alt_text": words}).json["id"]
        for name, words in (("plan.png", "A plan"), ("view.png", "A view"))
    ]
    sent = client.post("/posts", data={"source": "The depot", "media_id": ids})
    post_id = int(sent.headers["Location"].rsplit("/", 1)[1])
    token = token_of(app, ann, scopes="read write")
    api = app.test_client()
    headers = {"Authorization": f"Bearer {token}"}
    changed = api.put(
        f"/api/v1/statuses/{post_id}",
        json={
            "status": "The depot", "media_ids": [ids[0]],
            "media_attributes": [{"id": ids[0], "description": "The new plan"}],
        },
        headers=headers,
    )  # fmt: skip
    assert changed.status_code == 200, changed.text
    page = client.get(f"/posts/{post_id}/history").text
    assert "File removed:" in page
    assert "<del>view.png</del>" in page
    assert "Description of plan.png:" in page
    assert "<ins>" in page
    assert "A view" not in page, "what was said of it is gone with it"
    told = api.get(f"/api/v1/statuses/{post_id}/history", headers=headers).json
    assert [[one["description"] for one in version["media_attachments"]] for version in told] == [
        ["A plan"],
        ["The new plan"],
    ]
