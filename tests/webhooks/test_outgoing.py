"""Programs are told what happens: signed, again after a failure, never what is not for them."""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from intranet import background
from intranet.accounts.models import Account, Role
from intranet.db import db
from intranet.groups.models import Group, GroupPrivacy
from intranet.kernel.clock import utc_now
from intranet.mail.delivery import Deliverer
from intranet.webhooks import queue
from intranet.webhooks.delivery import WebhookDeliverer
from intranet.webhooks.models import OutgoingWebhook, WebhookDelivery
from tests.browse import Browser
from tests.factories import Factory
from tests.mail.sink import Sink
from tests.webhooks.receiver import Receiver, is_signed

pytestmark = pytest.mark.settings(webhook_hosts=("127.0.0.1",))
ALL = ["post.published", "post.changed", "post.deleted", "member.joined", "event.changed"]
_SECRET = re.compile(r'value="(whsec_[^"]+)"')


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.stop()


@pytest.fixture
def ann(make: Factory) -> Account:
    return make.account("ann")


@pytest.fixture
def board(make: Factory, ann: Account) -> Group:
    return make.group("board", GroupPrivacy.CLOSED, owner=ann)


@pytest.fixture
def deliverer(app: Flask) -> WebhookDeliverer:
    return background.webhook_deliverer(app)


@pytest.fixture
def page(browse: Browser, ann: Account, board: Group, receiver: Receiver) -> str:
    """The page of an address of the group that is told everything."""
    form = {"name": "Chat", "url": receiver.url, "events": ALL}
    made = browse(ann).post("/groups/board/integrations/outgoing", data=form)
    assert made.status_code == 303, made.text
    return made.headers["Location"]


def secret(browse: Browser, ann: Account, page: str) -> str:
    return _SECRET.search(browse(ann).get(page).text)[1]


def publish(browse: Browser, author: Account, text: str, audience: str = "group:board") -> int:
    form = {"source": text, "audience": audience}
    made = browse(author).post("/posts", data=form)
    assert made.status_code in (201, 303), made.text
    return int(re.search(r"\d{10,}", made.headers.get("Location", made.text))[0])


def deliveries(app: Flask) -> list[WebhookDelivery]:
    with app.app_context():
        return list(db.session.scalars(select(WebhookDelivery).order_by(WebhookDelivery.id)))


def test_a_post_is_told_signed_with_the_secret_of_the_page(
    browse: Browser, ann: Account, page: str, receiver: Receiver, deliverer: WebhookDeliverer
) -> None:
    publish(browse, ann, "**Hello**")
    assert deliverer.drain() == 1
    [(headers, body)] = receiver.told
    [said] = receiver.bodies
    assert said["type"] == "post.published"
    assert said["group"]["slug"] == "board"
    assert said["data"]["text"] == "**Hello**"
    assert said["data"]["author"]["handle"] == "ann"
    assert said["data"]["id"].isdigit()
    assert is_signed(secret(browse, ann, page), headers, body)
    assert not is_signed("whsec_" + "A" * 44, headers, body)
    assert not is_signed(secret(browse, ann, page), headers, body + b" ")
    assert abs(int(headers["webhook-timestamp"]) - time.time()) < 60


def test_changes_joins_and_deletions_are_told_and_reactions_are_not(
    make: Factory, browse: Browser, ann: Account, board: Group, page: str,
    receiver: Receiver, deliverer: WebhookDeliverer,
) -> None:  # fmt: skip
    post_id = publish(browse, ann, "one")
    browse(ann).post(f"/posts/{post_id}/edit", data={"source": "two"})
    browse(ann).post(f"/posts/{post_id}/reactions", data={"emoji": "⭐"})
    bob = make.account("bob")
    browse(bob).post("/groups/board/join")
    asked = browse(ann).get("/groups/board/requests").text
    browse(ann).post(re.search(r"/groups/board/requests/\d+/approve", asked)[0])
    deliverer.drain()
    kinds = [said["type"] for said in receiver.bodies]
    assert kinds == ["post.published", "post.changed", "member.joined"]
    assert receiver.bodies[0]["data"]["text"] == "two", "told is what there is now"
    assert receiver.bodies[2]["data"]["account"]["handle"] == "bob"
    browse(ann).post(f"/posts/{post_id}/delete")
    deliverer.drain()
    assert receiver.bodies[3]["type"] == "post.deleted"
    assert receiver.bodies[3]["data"] == {"id": str(post_id)}


def test_what_was_deleted_before_it_was_told_goes_nowhere(
    app: Flask, browse: Browser, ann: Account, page: str, receiver: Receiver,
    deliverer: WebhookDeliverer,
) -> None:  # fmt: skip
    post_id = publish(browse, ann, "a secret by mistake")
    browse(ann).post(f"/posts/{post_id}/delete")
    deliverer.drain()
    assert [said["type"] for said in receiver.bodies] == ["post.deleted"]
    assert deliveries(app)[0].status.value == "dropped"


def test_a_group_is_told_nothing_of_others_and_the_organisation_nothing_of_groups(
    app: Flask, make: Factory, browse: Browser, ann: Account, board: Group, page: str,
    receiver: Receiver, deliverer: WebhookDeliverer,
) -> None:  # fmt: skip
    root = make.account("root", Role.ADMINISTRATOR)
    form = {"name": "All", "url": receiver.url, "events": ["post.published"]}
    assert browse(root).post("/admin/integrations/outgoing", data=form).status_code == 303
    make.group("other", GroupPrivacy.SECRET, owner=ann)
    publish(browse, ann, "in a secret group", "group:other")
    publish(browse, ann, "for followers", "followers")
    deliverer.drain()
    assert receiver.told == []
    publish(browse, ann, "for all", "organisation")
    publish(browse, ann, "for the board")
    deliverer.drain()
    told = {(said["data"]["text"], said["group"] is None) for said in receiver.bodies}
    assert told == {("for all", True), ("for the board", False)}


def test_a_failure_is_tried_again_later_under_the_same_id(
    app: Flask, browse: Browser, ann: Account, page: str, receiver: Receiver,
    deliverer: WebhookDeliverer,
) -> None:  # fmt: skip
    receiver.status, receiver.said = 500, "out of order <b>"
    publish(browse, ann, "one")
    assert deliverer.drain() == 1
    shown = browse(ann).get(page).text
    assert "out of order &lt;b&gt;" in shown
    assert "answer 500" in shown
    receiver.status = 204
    with time_machine.travel(utc_now() + dt.timedelta(seconds=6)):
        assert deliverer.drain() == 1
    ids = {headers["webhook-id"] for headers, _body in receiver.told}
    assert (len(receiver.told), len(ids)) == (2, 1)
    assert deliveries(app)[0].status.value == "delivered"


def test_a_redirect_is_a_failure(
    app: Flask, browse: Browser, ann: Account, page: str, receiver: Receiver,
    deliverer: WebhookDeliverer,
) -> None:  # fmt: skip
    receiver.status = 302
    publish(browse, ann, "one")
    deliverer.drain()
    assert (deliveries(app)[0].status.value, len(receiver.told)) == ("waiting", 1)


def test_who_fails_too_often_is_turned_off_with_a_notice_and_can_be_turned_on(
    app: Flask, browse: Browser, ann: Account, page: str, receiver: Receiver,
    deliverer: WebhookDeliverer, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(queue, "MOST_FAILURES", 3)
    receiver.status, receiver.said = 503, "down"
    for number in range(3):
        publish(browse, ann, str(number))
    deliverer.drain()
    assert "It is turned off and told nothing." in browse(ann).get(page).text
    publish(browse, ann, "unheard")
    deliverer.drain()
    assert len(receiver.told) == 3
    assert browse(ann).post(f"{page}/ping").status_code == 409
    receiver.status = 200
    browse(ann).post(f"{page}/enable")
    browse(ann).post(f"{page}/ping")
    deliverer.drain()
    assert receiver.bodies[-1]["type"] == "ping"
    with app.app_context():
        assert db.session.scalars(select(OutgoingWebhook)).one().failures == 0
    with time_machine.travel(utc_now() + dt.timedelta(minutes=1)):
        assert deliverer.drain() == 3, "what waited is told"


def test_who_made_it_gets_a_letter_when_it_is_turned_off(
    app: Flask, browse: Browser, ann: Account, page: str, receiver: Receiver,
    deliverer: WebhookDeliverer, smtp: Deliverer, sink: Sink,
) -> None:  # fmt: skip
    receiver.status, receiver.said = 410, "moved away"
    publish(browse, ann, "one")
    deliverer.drain()
    smtp.drain()
    [letter] = sink.taken
    assert sink.envelopes[0][1] == ["ann@example.test"]
    assert letter["Subject"] == "Chat is told nothing any more"
    text = letter.get_body(("plain",)).get_content()
    assert "moved away" in text
    assert page in text


def test_gone_means_gone(
    browse: Browser, ann: Account, page: str, receiver: Receiver, deliverer: WebhookDeliverer
) -> None:
    receiver.status = 410
    publish(browse, ann, "one")
    deliverer.drain()
    assert "It is turned off" in browse(ann).get(page).text


def test_it_is_given_up_after_a_day(
    app: Flask, browse: Browser, ann: Account, page: str, receiver: Receiver,
    deliverer: WebhookDeliverer,
) -> None:  # fmt: skip
    receiver.status = 500
    publish(browse, ann, "one")
    for _ in range(queue.MOST_ATTEMPTS):
        deliverer.drain()
        with time_machine.travel(utc_now() + dt.timedelta(days=1)):
            deliverer.drain()
        with app.app_context():
            db.session.execute(WebhookDelivery.__table__.update().values(send_after=utc_now()))
            db.session.commit()
    assert deliveries(app)[0].status.value == "failed"
    assert len(receiver.told) == queue.MOST_ATTEMPTS


def test_a_delivery_is_told_again_when_asked(
    app: Flask, browse: Browser, ann: Account, page: str, receiver: Receiver,
    deliverer: WebhookDeliverer,
) -> None:  # fmt: skip
    publish(browse, ann, "one")
    deliverer.drain()
    [one] = deliveries(app)
    assert browse(ann).post(f"{page}/deliveries/{one.id}/replay").status_code == 303
    deliverer.drain()
    assert len({headers["webhook-id"] for headers, _body in receiver.told}) == 1
    assert len(receiver.told) == 2
    assert browse(ann).post(f"{page}/deliveries/1/replay").status_code == 404


def test_after_a_change_of_the_secret_both_sign_for_a_day(
    browse: Browser, ann: Account, page: str, receiver: Receiver, deliverer: WebhookDeliverer
) -> None:
    old = secret(browse, ann, page)
    browse(ann).post(f"{page}/secret")
    new = secret(browse, ann, page)
    assert new != old
    publish(browse, ann, "one")
    deliverer.drain()
    assert is_signed(old, *receiver.told[0])
    assert is_signed(new, *receiver.told[0])
    with time_machine.travel(utc_now() + dt.timedelta(hours=25)):
        browse(ann).post(f"{page}/ping")
        deliverer.drain()
    assert not is_signed(old, *receiver.told[1])
    assert is_signed(new, *receiver.told[1])


@pytest.mark.settings(webhook_hosts=())
def test_an_address_inside_is_refused_when_it_is_not_trusted(
    browse: Browser, ann: Account, board: Group, receiver: Receiver
) -> None:
    for url in (receiver.url, "http://hooks.example/", "https://u:p@hooks.example/", "file:///x"):
        form = {"name": "Chat", "url": url, "events": ALL}
        made = browse(ann).post("/groups/board/integrations/outgoing", data=form)
        assert made.status_code == 422
        assert "begins with https://" in made.text


def test_a_form_that_says_nothing_keeps_what_was_typed(
    browse: Browser, ann: Account, board: Group, receiver: Receiver
) -> None:
    made = browse(ann).post(
        "/groups/board/integrations/outgoing",
        data={"name": "Kept", "url": receiver.url, "events": ["announcement.published"]},
    )
    assert made.status_code == 422
    assert 'value="Kept"' in made.text
    assert "Choose at least one of these." in made.text


def test_outsiders_members_and_owners_of_other_groups_manage_nothing(
    make: Factory, browse: Browser, ann: Account, board: Group, page: str
) -> None:
    eve = make.account("eve")
    make.group("hers", owner=eve)
    number = page.rsplit("/", 1)[1]
    assert browse(eve).get("/groups/hers/integrations").status_code == 200
    assert browse(eve).get(page).status_code == 403
    assert browse(eve).get(f"/groups/hers/integrations/outgoing/{number}").status_code == 404
    assert browse(eve).get(f"/admin/integrations/outgoing/{number}").status_code == 403
    root = make.account("root", Role.ADMINISTRATOR)
    assert browse(root).get(f"/admin/integrations/outgoing/{number}").status_code == 404
    for act in ("ping", "secret", "enable", "disable", "delete"):
        assert browse(eve).post(f"{page}/{act}").status_code == 403
    assert browse(ann).post(f"{page}/delete").status_code == 303
    assert browse(ann).get(page).status_code == 404


def test_the_log_costs_the_same_however_long_it_is(
    browse: Browser, ann: Account, page: str, deliverer: WebhookDeliverer, statements: list[str]
) -> None:
    def cost() -> int:
        statements.clear()
        assert browse(ann).get(page).status_code == 200
        return len(statements)

    publish(browse, ann, "one")
    deliverer.drain()
    before = cost()
    for number in range(5):
        publish(browse, ann, str(number))
    deliverer.drain()
    assert cost() == before


def test_an_address_is_changed(
    browse: Browser, make: Factory, ann: Account, page: str, receiver: Receiver,
    deliverer: WebhookDeliverer,
) -> None:  # fmt: skip
    form = {"name": "Wall", "url": f"{receiver.url}/2", "events": ["post.deleted"]}
    assert browse(make.account("bob")).post(page, data=form).status_code == 403
    assert browse(ann).post(page, data=form | {"events": []}).status_code == 422
    assert browse(ann).post(page, data=form | {"name": ""}).status_code == 422
    refused = browse(ann).post(page, data=form | {"url": "http://10.0.0.1/"})
    assert refused.status_code == 422
    assert "http://10.0.0.1/" in refused.text
    assert browse(ann).post(page, data=form).status_code == 303
    assert "Wall" in browse(ann).get("/groups/board/integrations").text
    publish(browse, ann, "one")
    assert deliverer.drain() == 0


def test_why_there_was_no_answer_is_said_in_the_reader_s_language(
    browse: Browser, make: Factory, deliverer: WebhookDeliverer, receiver: Receiver
) -> None:
    zoe = make.account("zoe", locale="fr")
    make.group("atelier", owner=zoe)
    form = {"name": "Mur", "url": receiver.url, "events": ["post.published"]}
    page = browse(zoe).post("/groups/atelier/integrations/outgoing", data=form).headers["Location"]
    receiver.stop()
    publish(browse, zoe, "one", "group:atelier")
    deliverer.drain()
    shown = browse(zoe).get(page).text
    assert "la connexion a échoué" in shown
    assert "the connection failed" not in shown
