"""Several workers: none waits for another, and each address hears one thing at a time."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from sqlalchemy import update

from intranet import background
from intranet.accounts.models import Account
from intranet.db import db
from intranet.groups.models import Group
from intranet.kernel.clock import utc_now
from intranet.unit_of_work import unit_of_work
from intranet.webhooks import queue
from intranet.webhooks.delivery import WebhookDeliverer
from intranet.webhooks.models import OutgoingWebhook
from intranet.webhooks.queue import Claimed, Outcome
from tests.browse import Browser
from tests.webhooks.receiver import Receiver
from tests.webhooks.test_outgoing import ann, board, deliverer, deliveries, page, publish, receiver

__all__ = ["ann", "board", "deliverer", "page", "receiver"]

pytestmark = pytest.mark.settings(webhook_hosts=("127.0.0.1",))


@pytest.fixture
def other(browse: Browser, ann: Account, board: Group) -> Iterator[Receiver]:
    """A second address of the group."""
    receiver = Receiver()
    form = {"name": "Other", "url": receiver.url, "events": ["post.published"]}
    made = browse(ann).post("/groups/board/integrations/outgoing", data=form)
    assert made.status_code == 303
    yield receiver
    receiver.stop()


def claimed(app: Flask) -> Claimed | None:
    with app.app_context(), unit_of_work():
        return queue.claim()


def test_an_address_is_told_one_thing_at_a_time(
    app: Flask, browse: Browser, ann: Account, page: str, other: Receiver
) -> None:
    for text in ("one", "two"):
        publish(browse, ann, text)
    held = [claimed(app), claimed(app)]
    assert all(held)
    assert len({one.webhook_id for one in held if one}) == 2
    with app.app_context():
        assert not queue.is_any_due()
    assert claimed(app) is None
    assert held[0] is not None
    with app.app_context(), unit_of_work():
        queue.settle(held[0], Outcome(500, 5, "down"))  # tried again later: the next has its turn
    following = claimed(app)
    assert following is not None
    assert following.webhook_id == held[0].webhook_id
    assert following.id != held[0].id
    assert claimed(app) is None
    with time_machine.travel(utc_now() + queue.LEASE + dt.timedelta(seconds=1)):
        assert claimed(app) is not None, "what a killed worker held is due again"


def test_a_slow_address_holds_up_no_other(
    app: Flask, browse: Browser, ann: Account, page: str, receiver: Receiver, other: Receiver
) -> None:
    receiver.seconds = 1.5
    for number in range(3):
        publish(browse, ann, str(number))
    workers = [
        threading.Thread(target=background.webhook_deliverer(app).drain) for _number in range(2)
    ]
    for one in workers:
        one.start()
    end = time.monotonic() + 10
    while len(other.told) < 3 and time.monotonic() < end:
        time.sleep(0.05)
    slowly = len(receiver.told)
    for one in workers:
        one.join()
    assert (len(other.told), slowly) == (3, 1)
    assert len(receiver.told) == 3


def test_what_is_turned_off_after_it_was_claimed_keeps_its_delivery(
    app: Flask, browse: Browser, ann: Account, page: str, receiver: Receiver,
    deliverer: WebhookDeliverer, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    publish(browse, ann, "one")
    claim = queue.claim

    def claim_and_turn_off() -> Claimed | None:
        held = claim()
        db.session.execute(update(OutgoingWebhook).values(disabled_at=utc_now()))
        return held

    monkeypatch.setattr(queue, "claim", claim_and_turn_off)
    assert deliverer.drain() == 1
    assert [(one.status.value, one.attempts) for one in deliveries(app)] == [("waiting", 0)]
    assert receiver.told == []
    monkeypatch.setattr(queue, "claim", claim)
    browse(ann).post(f"{page}/enable")
    assert deliverer.drain() == 1
    assert len(receiver.told) == 1
