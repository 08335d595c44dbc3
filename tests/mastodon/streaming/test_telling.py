"""What each stream tells whom. Outsiders are proved to be outsiders before their silence counts."""

from __future__ import annotations

from typing import Any

from flask import Flask

from intranet.accounts.models import Account, Role
from intranet.db import db
from intranet.groups.models import GroupPrivacy
from intranet.mastodon.streaming.hub import MOST_LINES, hub_of
from intranet.mastodon.streaming.line import (
    MOST_FRAMES,
    MOST_STREAMS,
    MOST_WAITING,
    POLICY,
    TRY_AGAIN,
    Line,
    Message,
)
from intranet.mastodon.streaming.streams import Channel, Stream
from intranet.oauth import tokens
from intranet.posts.models import Visibility
from intranet.unit_of_work import unit_of_work
from tests.browse import Browser
from tests.factories import Factory
from tests.mastodon.conftest import Call, Caller
from tests.mastodon.streaming.conftest import Ear, Listen
from tests.media.pictures import picture

EVERYWHERE = (
    "user", "user:notification", "public", "public:local", "public:remote", "public:media",
    "public:local:media", "public:remote:media", "direct",
)  # fmt: skip


MESSAGE = Message(Stream(Channel.PUBLIC), "update", "{}")


def publish(program: Caller, text: str, **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = program.post("/api/v1/statuses", status=text, **more)
    return found


def told(ear: Ear) -> list[str]:
    return [event for event, _payload in ear.heard()]


def test_each_stream_hears_what_its_timeline_would_show(
    make: Factory, call: Call, listen: Listen
) -> None:
    ann, bob, eve = make.accounts("ann", "bob", "eve")
    make.follow(bob, ann)
    follower, stranger = listen(bob, *EVERYWHERE), listen(eve, *EVERYWHERE)
    made = publish(call(ann), "For everybody #Reef")
    assert sorted(follower.labels()) == [["public"], ["public:local"], ["user"]]
    assert sorted(stranger.labels()) == [["public"], ["public:local"]]
    publish(call(ann), "For my followers", visibility="private")
    assert follower.labels() == [["user"]]
    assert stranger.heard() == []
    # A reply is in its thread, not in a timeline; who follows the tag hears of it.
    stranger.subscribe("hashtag", tag="#rEEf")
    publish(call(ann), "An answer #reef", in_reply_to_id=made["id"])
    assert follower.heard() == []
    assert stranger.labels() == [["hashtag", "#rEEf"]]


def test_only_pictures_and_files_come_over_media_streams(
    make: Factory, call: Call, browse: Browser, listen: Listen
) -> None:
    ann, bob = make.accounts("ann", "bob")
    ear = listen(bob, "public:media", "public:remote:media")
    publish(call(ann), "Words only")
    assert ear.heard() == []
    browse(ann).post("/media", data={"file": (picture(), "sea.png")})
    uploaded = browse(ann).post(
        "/media", data={"file": (picture(), "sea.png")}, headers={"Accept": "application/json"}
    )
    publish(call(ann), "A picture", **{"media_ids[]": uploaded.json["id"]})
    assert ear.labels() == [["public:media"]]


def test_nothing_of_a_secret_group_reaches_an_outsider_over_any_stream(
    make: Factory, browse: Browser, listen: Listen
) -> None:
    owner, member, outsider = make.accounts("owner", "member", "outsider")
    guest = make.account("guest", Role.GUEST)
    group = make.group(
        "kraken", GroupPrivacy.SECRET, owner=owner, members=[member], search_text="kraken"
    )
    make.follow(outsider, member)  # also who follows the author stands outside
    assert browse(outsider).get("/groups/kraken").status_code == 404
    assert browse(guest).get("/groups/kraken").status_code == 404
    ears = {who.handle: listen(who, *EVERYWHERE) for who in (member, outsider, guest)}
    for ear in ears.values():
        ear.subscribe("hashtag", tag="kraken")
        ear.subscribe("list", list=str(group.id))
    assert ears["member"].refusals() == []
    for name in ("outsider", "guest"):
        assert ears[name].refusals() == [("Record not found", 404)]
        # The same as for a list that is nowhere.
        ears[name].subscribe("list", list="7000000000000000001")
        assert ears[name].refusals() == [("Record not found", 404)]
    text = "Fresh #kraken @outsider @guest @member"
    browse(owner).post("/groups/kraken/posts", data={"source": text})
    made = next(payload["id"] for event, payload in ears["member"].heard() if event == "update")
    browse(member).post(f"/posts/{made}/replies", data={"source": "Yes #kraken @outsider"})
    browse(member).post(f"/posts/{made}/boost")
    browse(owner).post(f"/posts/{made}/reactions", data={"emoji": "⭐"})
    browse(owner).post(f"/posts/{made}/edit", data={"source": text + " again"})
    heard = {event for event, _payload in ears["member"].heard()}
    browse(owner).post(f"/posts/{made}/delete")
    heard |= {event for event, _payload in ears["member"].heard()}
    assert heard == {"update", "status.update", "delete"}
    assert (ears["outsider"].heard(), ears["guest"].heard()) == ([], [])


def test_who_leaves_a_group_hears_no_more_of_it(
    make: Factory, browse: Browser, listen: Listen
) -> None:
    owner, member = make.accounts("owner", "member")
    group = make.group("board", GroupPrivacy.SECRET, owner=owner, members=[member])
    ear = listen(member, "user")
    ear.subscribe("list", list=str(group.id))
    browse(owner).post("/groups/board/posts", data={"source": "Still with us"})
    assert sorted(ear.labels()) == [["list", str(group.id)], ["user"]]
    browse(member).post("/groups/board/leave")
    browse(owner).post("/groups/board/posts", data={"source": "Without them"})
    assert ear.heard() == []


def test_who_no_longer_follows_hears_neither_the_edit_nor_the_end(
    make: Factory, browse: Browser, listen: Listen
) -> None:
    ann, bob = make.accounts("ann", "bob")
    make.follow(bob, ann)
    post = make.post(ann, "For some", visibility=Visibility.FOLLOWERS)
    ear = listen(bob, *EVERYWHERE)
    browse(bob).post(f"/@{ann.handle}/unfollow")
    browse(ann).post(f"/posts/{post.id}/edit", data={"source": "For others"})
    browse(ann).post(f"/posts/{post.id}/delete")
    assert ear.heard() == []


def test_a_deletion_reaches_who_was_sent_the_post(
    make: Factory, call: Call, listen: Listen
) -> None:
    ann, bob, eve = make.accounts("ann", "bob", "eve")
    by_tag, stranger = listen(bob), listen(eve, "user")
    by_tag.subscribe("hashtag", tag="reef")
    root = publish(call(ann), "A beginning")
    made = publish(call(ann), "An answer #reef", in_reply_to_id=root["id"])
    assert told(by_tag) == ["update"]
    call(ann).open("DELETE", f"/api/v1/statuses/{made['id']}")
    assert by_tag.heard() == [("delete", int(made["id"]))]
    assert stranger.heard() == []


def test_notifications_are_told_with_their_post_and_only_to_tokens_that_may(
    make: Factory, call: Call, listen: Listen
) -> None:
    ann, bob = make.accounts("ann", "bob")
    whole = listen(bob, "user", "user:notification")
    narrow = listen(bob, "user", scopes="read:statuses")
    made = publish(call(ann), "Look @bob")
    call(ann).post(f"/api/v1/accounts/{bob.id}/follow")
    heard = whole.heard()
    assert [event for event, _payload in heard] == ["notification"] * 4
    mention = heard[0][1]
    assert (mention["type"], mention["account"]["acct"]) == ("mention", "ann")
    assert mention["status"]["id"] == made["id"]
    assert {payload["type"] for _event, payload in heard} == {"mention", "follow"}
    assert narrow.heard() == []
    narrow.subscribe("user:notification")
    assert narrow.refusals() == [("This action is outside the authorized scopes", 403)]


def test_a_dead_token_is_sent_nothing_and_its_line_ends(
    app: Flask, make: Factory, call: Call, listen: Listen
) -> None:
    ann, bob, eve = make.accounts("ann", "bob", "eve")
    dead, alive = listen(bob, "public"), listen(eve, "public")
    with app.app_context(), unit_of_work():
        tokens.revoke_one(dead.token_id)
    publish(call(ann), "Too late")
    assert told(alive) == ["update"]
    assert dead.heard() == []
    swept = listen(ann, "public")
    with app.app_context(), unit_of_work():
        db.session.get_one(Account, ann.id).deactivated_at = ann.created_at
    hub_of(app).sweep()
    assert swept.ended() == POLICY
    assert alive.ended() is None


def test_a_slow_reader_is_cut_off_and_not_waited_for(make: Factory) -> None:
    line, hung_up = Line(1, 1), []
    line.hang_up = lambda: hung_up.append(True)
    for _number in range(MOST_WAITING + 50):
        line.say(MESSAGE)
    waiting = []
    while (item := line.next(0.001)) is not None:
        waiting.append(item)
    assert len(waiting) == MOST_WAITING + 1
    assert (waiting[-1].code, hung_up) == (TRY_AGAIN, [True])


def test_what_cannot_be_subscribed_to_is_said(make: Factory, listen: Listen) -> None:
    ear = listen(make.account("ann"))
    for frame in (
        {"type": "subscribe"}, {"type": "subscribe", "stream": "all"},
        {"type": "subscribe", "stream": ["user"]}, {"type": "subscribe", "stream": None},
        {"type": "subscribe", "stream": "hashtag"},
        {"type": "subscribe", "stream": "hashtag", "tag": "x" * 500},
        {"type": "subscribe", "stream": "hashtag", "tag": {}},
        {"type": "subscribe", "stream": "list"}, {"type": "shout", "stream": "user"},
        {"type": ["subscribe"], "stream": "user"}, {"stream": "user"},
    ):  # fmt: skip
        ear.say(**frame)
        assert [status for _error, status in ear.refusals()] == [400], frame
    for number in ("x", "-1", "9" * 30, "²", str(2**63)):
        ear.subscribe("list", list=number)
        assert ear.refusals() == [("Record not found", 404)]
    for number in range(MOST_STREAMS):
        ear.subscribe("hashtag", tag=f"tag{number}")
    assert ear.refusals() == []
    ear.subscribe("hashtag", tag="onemore")
    assert ear.refusals() == [("Too many streams for one connection", 429)]
    ear.say(type="unsubscribe", stream="hashtag", tag="tag1")
    ear.subscribe("hashtag", tag="onemore")
    assert ear.refusals() == []


def test_one_account_has_so_many_lines_and_no_more(
    app: Flask, make: Factory, listen: Listen
) -> None:
    ear = listen(make.account("ann"))
    hub = hub_of(app)
    lines = [Line(ear.token_id, ear.line.account_id) for _number in range(MOST_LINES)]
    assert [hub.open(line) for line in lines] == [True] * (MOST_LINES - 1) + [False]
    hub.close(lines[0])
    hub.close(lines[0])
    assert hub.open(lines[-1])


def test_statements_do_not_grow_with_those_who_listen_beyond_their_own(
    make: Factory, call: Call, listen: Listen, statements: list[str]
) -> None:
    ann, *others = make.accounts("ann", "bob", "cid", "dee")
    program = call(ann)
    ears = [listen(others[0], "public", "user", "public:local")]
    publish(program, "One")
    statements.clear()
    assert told(ears[0]) == ["update", "update"]
    for_one = len(statements)
    for _number in range(3):
        publish(program, "Several")
    statements.clear()
    assert len(told(ears[0])) == 6
    # Drawn together: only whether each is in the timeline is asked one by one.
    assert len(statements) <= for_one + 2 * 5


def test_who_never_stops_talking_is_sent_away(make: Factory, listen: Listen) -> None:
    ear = listen(make.account("ann"))
    for _number in range(MOST_FRAMES + 1):
        ear.say(type="unsubscribe", stream="user")
    assert ear.ended() == POLICY


def test_a_line_that_nobody_reads_is_forgotten(
    app: Flask, make: Factory, call: Call, listen: Listen
) -> None:
    bob = make.account("bob")
    ear, hub = listen(bob), hub_of(app)
    head = call(bob).open("HEAD", "/api/v1/streaming/user")
    assert (head.status_code, len(hub)) == (200, 1)
    ear.line.cut()
    hub.sweep()
    assert len(hub) == 0


def test_a_message_is_told_to_those_in_its_conversation(
    make: Factory, call: Call, listen: Listen
) -> None:
    ann, bob, eve = make.accounts("ann", "bob", "eve")
    make.follow(eve, ann)
    make.follow(bob, ann)
    addressed, outsider = listen(bob, *EVERYWHERE), listen(eve, *EVERYWHERE)
    outsider.subscribe("hashtag", tag="hush")
    publish(call(ann), "For everybody")
    assert "update" in told(outsider)  # she hears of what is for her
    addressed.heard()
    made = publish(call(ann), "@bob psst #hush", visibility="direct")
    heard = dict(addressed.heard())
    assert set(heard) == {"conversation", "notification"}
    assert heard["conversation"]["last_status"]["id"] == made["id"]
    assert heard["conversation"]["unread"] is True
    assert heard["notification"]["type"] == "mention"
    assert heard["notification"]["status"]["visibility"] == "direct"
    assert outsider.heard() == []
    call(ann).open("PUT", f"/api/v1/statuses/{made['id']}", json={"status": "@bob hush"})
    call(ann).open("DELETE", f"/api/v1/statuses/{made['id']}")
    assert outsider.heard() == []


def test_a_direct_post_is_told_to_those_in_its_conversation_only(
    make: Factory, call: Call, listen: Listen
) -> None:
    ann, bob, eve = make.accounts("ann", "bob", "eve")
    make.follow(eve, ann)
    reads, outside = listen(bob, *EVERYWHERE), listen(eve, *EVERYWHERE)
    outside.subscribe("hashtag", tag="kraken")
    made = publish(call(ann), "@bob a #kraken", visibility="direct")
    assert call(eve).open("GET", f"/api/v1/statuses/{made['id']}").status_code == 404
    heard = dict(reads.heard())
    assert heard["conversation"]["last_status"]["id"] == made["id"]
    assert [one["acct"] for one in heard["conversation"]["accounts"]] == ["ann"]
    call(ann).open("DELETE", f"/api/v1/statuses/{made['id']}")
    assert reads.heard() == [("delete", int(made["id"]))]
    assert outside.heard() == []
