"""Commands that people type: asked by the worker, answered by a bot, the same through each door."""

from __future__ import annotations

import datetime as dt
import re

import orjson
import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from intranet.accounts.models import Account, Role
from intranet.db import db
from intranet.groups.models import Group
from intranet.kernel.clock import utc_now
from intranet.posts.models import Post
from intranet.webhooks.delivery import WebhookDeliverer
from intranet.webhooks.models import CommandCall, DeliveryStatus, SlashCommand
from tests.browse import Browser
from tests.factories import Factory
from tests.mastodon.conftest import Call, call
from tests.webhooks.receiver import Receiver, is_signed
from tests.webhooks.test_outgoing import (
    ann,
    board,
    deliverer,
    deliveries,
    receiver,
    secret,
)

__all__ = ["ann", "board", "call", "deliverer", "receiver"]

pytestmark = pytest.mark.settings(webhook_hosts=("127.0.0.1",))


def form_of(receiver: Receiver, **changed: str) -> dict[str, str]:
    return {
        "command": "deploy",
        "description": "Brings it out",
        "usage": "[stage]",
        "address": receiver.url,
        "answers_as": "Captain",
    } | changed


@pytest.fixture
def page(browse: Browser, ann: Account, board: Group, receiver: Receiver) -> str:
    """The page of the group's command `/deploy`."""
    made = browse(ann).post("/groups/board/integrations/commands", data=form_of(receiver))
    assert made.status_code == 303, made.text
    return made.headers["Location"]


@pytest.fixture
def bob(make: Factory, board: Group) -> Account:
    bob = make.account("bob")
    make.join(board, bob)
    return bob


def type_in(browse: Browser, who: Account, text: str, path: str = "/groups/board/posts") -> str:
    """Type it in a form; gives where the browser is sent."""
    sent = browse(who).post(path, data={"source": text})
    assert sent.status_code == 303, sent.text
    return sent.headers["Location"]


def posts(app: Flask, **where: object) -> list[Post]:
    with app.app_context():
        return list(db.session.scalars(select(Post).filter_by(**where).order_by(Post.id)))


def answer(receiver: Receiver, text: str, kind: str = "in_channel") -> None:
    receiver.said = orjson.dumps({"text": text, "response_type": kind}).decode()


def test_a_command_asks_its_program_and_the_bot_answers_everybody(
    app: Flask, browse: Browser, ann: Account, bob: Account, board: Group, page: str,
    receiver: Receiver, deliverer: WebhookDeliverer,
) -> None:  # fmt: skip
    answer(receiver, "It is *out*.")
    where = type_in(browse, bob, "/deploy  west wing ")
    assert "/conversations/" in where
    assert receiver.told == [], "never in the request"
    assert posts(app, group_id=board.id) == []
    assert deliverer.drain() == 1
    [(headers, body)] = receiver.told
    [said] = receiver.bodies
    assert is_signed(secret(browse, ann, page), headers, body)
    assert (said["type"], said["group"]["slug"]) == ("command", "board")
    assert said["data"]["command"] == "/deploy"
    assert said["data"]["text"] == "west wing"
    assert said["data"]["account"]["handle"] == "bob"
    [public] = posts(app, group_id=board.id)
    assert public.source == "@bob /deploy west wing\n\nIt is **out**."
    shown = browse(ann).get("/groups/board").text
    assert "Captain" in shown
    assert "<strong>out</strong>" in shown


def test_an_answer_for_the_asker_is_the_asker_s_alone(
    app: Flask, browse: Browser, ann: Account, bob: Account, board: Group, page: str,
    receiver: Receiver, deliverer: WebhookDeliverer,
) -> None:  # fmt: skip
    receiver.said = "Only you: 42"
    first = type_in(browse, bob, "/deploy")
    deliverer.drain()
    answer(receiver, "Only you: 43", "ephemeral")
    second = type_in(browse, bob, "/deploy again")
    deliverer.drain()
    place = re.search(r"/conversations/\d+", first)[0]
    assert place in second, "one conversation with one bot"
    shown = browse(bob).get(place).text
    for words in ("[stage]", "Brings it out", "/deploy again", "Only you: 42", "Only you: 43"):
        assert words in shown, words
    assert browse(ann).get(place).status_code == 404
    assert posts(app, group_id=board.id) == []
    # Typed in that conversation it works too.
    asked_id = posts(app, author_id=bob.id)[-1].id
    browse(bob).post(f"/posts/{asked_id}/replies", data={"source": "/deploy here"})
    deliverer.drain()
    assert receiver.bodies[-1]["data"]["text"] == "here"
    assert receiver.bodies[-1]["data"]["group"] is None


def test_an_answer_below_a_post_is_a_reply(
    app: Flask, browse: Browser, make: Factory, ann: Account, bob: Account, board: Group,
    page: str, receiver: Receiver, deliverer: WebhookDeliverer,
) -> None:  # fmt: skip
    root = make.post(ann, "Ready?", group=board)
    answer(receiver, "Ready.")
    type_in(browse, bob, "/deploy", f"/posts/{root.id}/replies")
    deliverer.drain()
    [reply] = posts(app, in_reply_to_id=root.id)
    assert reply.group_id == board.id
    assert receiver.bodies[0]["data"]["in_reply_to_id"] == str(root.id)


def test_an_unknown_command_stays_in_the_form_and_slashes_can_be_written(
    app: Flask, browse: Browser, ann: Account, bob: Account, board: Group, page: str,
    receiver: Receiver, deliverer: WebhookDeliverer,
) -> None:  # fmt: skip
    refused = browse(bob).post("/groups/board/posts", data={"source": "/depoly now"})
    assert refused.status_code == 422
    assert "There is no command /depoly here" in refused.text
    assert "/depoly now</textarea>" in refused.text
    elsewhere = browse(bob).post("/posts", data={"source": "/deploy", "audience": "organisation"})
    assert elsewhere.status_code == 422, "it works in its group only"
    for text in ("//deploy as text", " /deploy with a space", "/etc/hosts is no command", "/"):
        type_in(browse, bob, text)
    assert [one.source for one in posts(app, group_id=board.id)] == [
        "/deploy as text", " /deploy with a space", "/etc/hosts is no command", "/"
    ]  # fmt: skip
    deliverer.drain()
    assert receiver.told == []


def test_help_lists_what_works_there(
    app: Flask, browse: Browser, make: Factory, bob: Account, page: str
) -> None:
    place = type_in(browse, bob, "/help").partition("#")[0]
    shown = browse(bob).get(place).text
    assert "/deploy [stage]" in shown
    assert "Brings it out" in shown
    cat = make.account("cat")
    other = browse(cat).post("/posts", data={"source": "/help", "audience": "organisation"})
    shown = browse(cat).get(other.headers["Location"].partition("#")[0]).text
    assert "No command works there." in shown
    assert "deploy" not in shown
    with app.app_context():
        assert len(db.session.scalars(select(SlashCommand).filter_by(name="help")).all()) == 1


def test_programs_do_the_same_over_the_api(
    app: Flask, call: Call, make: Factory, bob: Account, board: Group, page: str,
    receiver: Receiver, deliverer: WebhookDeliverer,
) -> None:  # fmt: skip
    program = call(bob)
    key = {"Idempotency-Key": "once"}
    sent = [
        program.open("POST", "/api/v1/statuses", json={"status": "@board /deploy x"}, headers=key)
        for _ in range(2)
    ]
    assert [one.status_code for one in sent] == [200, 200], sent[0].text
    assert sent[0].json["visibility"] == "direct"
    assert sent[0].json["id"] == sent[1].json["id"]
    answer(receiver, "Done")
    assert deliverer.drain() == 1
    assert [one.source for one in posts(app, group_id=board.id)] == ["@bob /deploy x\n\nDone"]
    refused = program.open("POST", "/api/v1/statuses", json={"status": "@board /nothing"})
    assert refused.status_code == 422
    assert "/nothing" in refused.json["error"]
    literal = program.post("/api/v1/statuses", status="//deploy")
    assert "<p>/deploy</p>" in literal["content"]
    poll = {"options": ["a", "b"], "expires_in": 3600}
    both = program.open("POST", "/api/v1/statuses", json={"status": "@board /deploy", "poll": poll})
    assert both.status_code == 422
    later = (utc_now() + dt.timedelta(hours=1)).isoformat()
    waits = program.open(
        "POST", "/api/v1/statuses", json={"status": "@board /deploy", "scheduled_at": later}
    )
    assert waits.status_code == 422


def test_no_answer_is_tried_again_and_then_said(
    app: Flask, browse: Browser, bob: Account, board: Group, page: str, receiver: Receiver,
    deliverer: WebhookDeliverer,
) -> None:  # fmt: skip
    receiver.status, receiver.said = 500, "broken: secret stack"
    place = type_in(browse, bob, "/deploy").partition("#")[0]
    with time_machine.travel(utc_now()) as clock:
        for _ in range(5):
            deliverer.drain()
            clock.shift(dt.timedelta(minutes=3))
    assert len(receiver.told) == 3
    assert [one.status for one in deliveries(app)] == [DeliveryStatus.FAILED]
    shown = browse(bob).get(place).text
    assert shown.count("The program did not answer.") == 1
    assert "secret stack" not in shown


def test_what_cannot_be_published_is_said_to_the_asker(
    app: Flask, browse: Browser, bob: Account, board: Group, page: str, receiver: Receiver,
    deliverer: WebhookDeliverer,
) -> None:  # fmt: skip
    answer(receiver, "x" * 20000)
    place = type_in(browse, bob, "/deploy").partition("#")[0]
    deliverer.drain()
    assert "its answer cannot be published here" in browse(bob).get(place).text
    assert posts(app, group_id=board.id) == []


def test_who_left_the_group_asks_nothing(
    app: Flask, browse: Browser, bob: Account, page: str, receiver: Receiver,
    deliverer: WebhookDeliverer,
) -> None:  # fmt: skip
    type_in(browse, bob, "/deploy")
    asked_id = posts(app, author_id=bob.id)[-1].id
    assert browse(bob).post("/groups/board/leave").status_code == 303
    deliverer.drain()
    assert receiver.told == [], "what waited is dropped"
    assert [one.status for one in deliveries(app)] == [DeliveryStatus.DROPPED]
    again = browse(bob).post(f"/posts/{asked_id}/replies", data={"source": "/deploy"})
    assert again.status_code in (403, 422)
    assert browse(bob).post("/groups/board/posts", data={"source": "/deploy"}).status_code in (
        403,
        404,
    )
    deliverer.drain()
    assert receiver.told == []


def test_one_of_the_organisation_works_where_owners_let_it_in(
    app: Flask, browse: Browser, make: Factory, ann: Account, bob: Account, board: Group,
    receiver: Receiver, deliverer: WebhookDeliverer,
) -> None:  # fmt: skip
    chief = make.account("chief", role=Role.ADMINISTRATOR)
    form = form_of(receiver, command="/Lunch")
    assert browse(ann).post("/admin/integrations/commands", data=form).status_code == 403
    made = browse(chief).post("/admin/integrations/commands", data=form)
    assert made.status_code == 303, made.text
    assert "/lunch" in browse(chief).get("/admin/integrations").text
    typed = {"source": "/lunch"}
    assert browse(bob).post("/groups/board/posts", data=typed).status_code == 422
    with app.app_context():
        command_id = db.session.scalars(select(SlashCommand.id).filter_by(name="lunch")).one()
    switch = f"/groups/board/integrations/commands/{command_id}"
    assert browse(bob).get("/groups/board").status_code == 200
    assert browse(bob).post(f"{switch}/let-in").status_code == 403
    assert "Let it in" in browse(ann).get("/groups/board/integrations").text
    assert browse(ann).post(f"{switch}/let-in").status_code == 303
    assert browse(bob).post("/groups/board/posts", data=typed).status_code == 303
    answer(receiver, "Soup")
    deliverer.drain()
    assert [one.source for one in posts(app, group_id=board.id)] == ["@bob /lunch\n\nSoup"]
    assert browse(ann).post(f"{switch}/put-out").status_code == 303
    assert browse(bob).post("/groups/board/posts", data=typed).status_code == 422


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"command": "two words"}, "A command is one word"),
        ({"command": "help"}, "There is such a command already"),
        ({"description": ""}, ""),
        ({"address": "http://10.0.0.1/hook"}, "Give an address that begins with https://"),
        ({"address": "https://ann@example.org/"}, "Give an address that begins with https://"),
        ({"usage": "x" * 121}, ""),
    ],
)
def test_what_a_command_cannot_be(
    app: Flask, browse: Browser, ann: Account, board: Group, receiver: Receiver,
    changed: dict[str, str], words: str,
) -> None:  # fmt: skip
    form = form_of(receiver) | changed
    refused = browse(ann).post("/groups/board/integrations/commands", data=form)
    assert refused.status_code == 422
    assert words in refused.text
    with app.app_context():
        assert db.session.scalars(select(SlashCommand)).all() == []


def test_a_deleted_command_takes_its_bot_along(
    app: Flask, browse: Browser, make: Factory, ann: Account, bob: Account, page: str
) -> None:
    taken = browse(ann).post("/groups/board/integrations/commands", data={
        "command": "deploy", "description": "Again", "address": "https://example.org/"
    })  # fmt: skip
    assert taken.status_code == 422
    type_in(browse, bob, "/deploy")
    assert browse(bob).get("/groups/board").status_code == 200
    assert browse(bob).get(page).status_code == 403
    assert browse(ann).post(f"{page}/delete").status_code == 303
    assert browse(bob).post("/groups/board/posts", data={"source": "/deploy"}).status_code == 422
    with app.app_context():
        assert db.session.scalars(select(CommandCall)).all() == []
        bot = db.session.scalars(select(Account).filter_by(display_name="Captain")).one()
        assert bot.deactivated_at is not None


def test_a_command_is_changed(
    app: Flask, browse: Browser, ann: Account, bob: Account, board: Group, page: str,
    receiver: Receiver, deliverer: WebhookDeliverer,
) -> None:  # fmt: skip
    form = {"url": f"{receiver.url}?new", "description": "Takes it back", "usage": "[when]"}
    assert browse(bob).get("/groups/board").status_code == 200
    assert browse(bob).post(page, data=form).status_code == 403
    assert browse(ann).post(page, data=form).status_code == 303
    assert "Takes it back" in browse(ann).get("/groups/board/integrations").text
    place = type_in(browse, bob, "/deploy").partition("#")[0]
    assert "/deploy [when]" in browse(bob).get(place).text
    assert deliverer.drain() == 1
    refused = browse(ann).post(page, data=form | {"url": "ftp://example.org"})
    assert refused.status_code == 422
    assert "ftp://example.org" in refused.text


@pytest.mark.parametrize("status", [200, 500])
def test_who_blocks_the_bot_meanwhile_ends_no_worker(
    app: Flask, browse: Browser, bob: Account, page: str, receiver: Receiver,
    deliverer: WebhookDeliverer, status: int,
) -> None:  # fmt: skip
    receiver.status, receiver.said = status, "Only you: 42"
    place = type_in(browse, bob, "/deploy").partition("#")[0]
    with app.app_context():
        bot = db.session.scalars(select(Account).filter_by(display_name="Captain")).one()
        handle = bot.handle
    blocked = browse(bob).post(f"/@{handle}/block")
    assert blocked.status_code in (200, 204, 303), blocked.status_code
    with time_machine.travel(utc_now()) as clock:
        for _ in range(4):
            deliverer.drain()
            clock.shift(dt.timedelta(minutes=3))
    ended = DeliveryStatus.DELIVERED if status == 200 else DeliveryStatus.FAILED
    assert [one.status for one in deliveries(app)] == [ended]
    assert "Only you: 42" not in browse(bob).get(place).text
