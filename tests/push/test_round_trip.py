"""From what happens to what a device reads, through a real push service."""

from __future__ import annotations

import datetime as dt
import os
import stat
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from intranet.accounts.models import Account
from intranet.db import db
from intranet.groups.models import GroupPrivacy, NotifyLevel
from intranet.kernel.clock import utc_now
from intranet.letters import pushes
from intranet.notifications import actions as notifications
from intranet.notifications.models import Notification, NotificationKind
from intranet.oauth import tokens
from intranet.push import keys, queue
from intranet.push.delivery import Pusher, Written
from intranet.push.models import PushMessage, PushSubscription
from intranet.push.queue import MOST_ATTEMPTS
from intranet.settings import Settings
from intranet.unit_of_work import unit_of_work
from tests.browse import Browser
from tests.factories import Factory
from tests.mastodon.conftest import Call, Caller
from tests.push.service import Device, Service, claims_of

EVERYTHING = {
    f"data[alerts][{name}]": "true"
    for name in ("mention", "status", "reblog", "follow", "favourite", "poll", "update")
}


def in_browser(client: FlaskClient, device: Device, service: Service, path: str = "b") -> None:
    sent = {"endpoint": service.address(path), "p256dh": device.p256dh, "auth": device.auth}
    assert client.post("/settings/notifications/device", data=sent).status_code == 204


def in_program(program: Caller, device: Device, service: Service, **more: str) -> Any:
    return program.post(
        "/api/v1/push/subscription",
        **{
            "subscription[endpoint]": service.address("p"),
            "subscription[keys][p256dh]": device.p256dh,
            "subscription[keys][auth]": device.auth,
            **EVERYTHING,
            **more,
        },
    )


def waiting(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(PushMessage)) or 0


def due_now(app: Flask) -> None:
    with app.app_context(), unit_of_work():
        db.session.execute(update(PushMessage).values(send_after=PushMessage.created_at))


def test_a_browser_reads_what_happened_in_its_owners_language(
    app: Flask,
    settings: Settings,
    make: Factory,
    call: Call,
    browse: Browser,
    service: Service,
    pusher: Pusher,
) -> None:
    ann = make.account("ann", display_name="Ann Lee")
    bob = make.account("bob", locale="fr")
    device = Device()
    in_browser(browse(bob), device, service)
    made = call(ann).post("/api/v1/statuses", status="Lunch at *noon*, @bob?")
    assert pusher.drain() == 1
    message = service.received[0]
    assert device.read(message) == {
        "title": "Mention de Ann Lee",
        "body": "Lunch at noon, @bob?",
        "url": f"http://127.0.0.1:8000/posts/{made['id']}",
    }
    assert (message.path, message.headers["TTL"], message.headers["Urgency"]) == (
        "/b", "86400", "high"
    )  # fmt: skip
    assert b"Lunch" not in message.body
    with app.app_context():
        server_key = keys.public_key(settings.data)
    claims = claims_of(message, server_key)
    assert (claims["aud"], claims["sub"]) == (f"http://{service.host}", "mailto:intranet@localhost")
    left = dt.datetime.fromtimestamp(claims["exp"], dt.UTC) - dt.datetime.now(dt.UTC)
    assert dt.timedelta(hours=1) < left < dt.timedelta(hours=24)
    assert waiting(app) == 0
    # What is nice to know does not ring.
    call(ann).post(f"/api/v1/accounts/{bob.id}/follow")
    assert waiting(app) == 0


@pytest.mark.parametrize("standard", ["true", "false"])
def test_a_program_reads_the_documented_json(
    app: Flask, make: Factory, call: Call, service: Service, pusher: Pusher, standard: str
) -> None:
    ann, bob = make.accounts("ann", "bob")
    device, program = Device(), call(bob)
    entity = in_program(program, device, service, **{"subscription[standard]": standard})
    assert entity["standard"] is (standard == "true")
    assert (
        entity["server_key"]
        == program.get("/api/v2/instance")["configuration"]["vapid"]["public_key"]
    )
    made = call(ann).post("/api/v1/statuses", status="Hello @bob")
    call(ann).post(f"/api/v1/accounts/{bob.id}/follow")
    assert pusher.drain() == 2
    first, second = map(device.read, service.received)
    with app.app_context():
        ids = db.session.scalars(select(Notification.id).order_by(Notification.id)).all()
    assert first == {
        "access_token": program.token,
        "preferred_locale": "en",
        "notification_id": str(ids[0]),
        "notification_type": "mention",
        "icon": first["icon"],
        "title": "Ann mentioned you",
        "body": "Hello @bob",
    }
    assert second["notification_type"] == "follow"
    assert first["icon"].startswith("http://127.0.0.1:8000/api/pictures/person-")
    claims_of(service.received[0], entity["server_key"])
    assert made["id"]
    # The word that opens an account is nowhere in the database.
    with app.app_context():
        row = db.session.scalars(select(PushSubscription)).one()
        assert program.token not in (row.sealed_token, row.endpoint, str(row.alerts))


def test_a_program_is_told_only_what_it_asked_for(
    app: Flask, make: Factory, call: Call, service: Service, pusher: Pusher
) -> None:
    ann, bob = make.accounts("ann", "bob")
    device, program = Device(), call(bob)
    in_program(
        program, device, service, **{"data[alerts][mention]": "false", "data[policy]": "followed"}
    )
    call(ann).post("/api/v1/statuses", status="Hello @bob")
    call(ann).post(f"/api/v1/accounts/{bob.id}/follow")
    assert (pusher.drain(), service.received) == (2, [])
    changed = program.open(
        "PUT", "/api/v1/push/subscription", json={"data": {"alerts": {"mention": True}}}
    ).json
    assert (changed["alerts"]["mention"], changed["alerts"]["follow"]) == (True, False)
    assert changed["policy"] == "followed"
    call(ann).post("/api/v1/statuses", status="Again @bob")
    assert (pusher.drain(), service.received) == (1, [])
    program.post(f"/api/v1/accounts/{ann.id}/follow")
    call(ann).post("/api/v1/statuses", status="Once more @bob")
    assert pusher.drain() == 1
    assert device.read(service.received[0])["body"] == "Once more @bob"
    assert program.open("DELETE", "/api/v1/push/subscription").json == {}
    assert program.open("GET", "/api/v1/push/subscription").status_code == 404
    call(ann).post("/api/v1/statuses", status="Not any more @bob")
    assert waiting(app) == 0


def test_nothing_is_sent_that_may_not_be_seen_or_was_read(
    app: Flask, make: Factory, call: Call, browse: Browser, service: Service, pusher: Pusher
) -> None:
    owner, member, other = make.accounts("owner", "member", "other")
    make.group(
        "kraken", GroupPrivacy.SECRET, owner=owner, members=[member, other],
        notify=NotifyLevel.EVERYTHING,
    )  # fmt: skip
    leaves, stays, reads = Device(), Device(), Device()
    client = browse(member)
    in_browser(client, leaves, service, "leaves")
    in_browser(browse(other), stays, service, "stays")
    browse(owner).post("/groups/kraken/posts", data={"source": "Secret plans"})
    client.post("/groups/kraken/leave")
    assert client.get("/groups/kraken").status_code == 404  # an outsider now
    assert pusher.drain() >= 1
    assert [one.path for one in service.received] == ["/stays"]
    assert stays.read(service.received[0])["body"] == "Secret plans"
    # Read in the meantime: no device rings for it.
    in_browser(browse(other), reads, service, "reads")
    call(owner).post("/api/v1/statuses", status="Hello @other")
    browse(other).post("/notifications/read")
    pusher.drain()
    assert len(service.received) == 1


def test_silence_in_a_group_is_silence_on_devices(
    app: Flask, make: Factory, browse: Browser, service: Service
) -> None:
    owner, member = make.accounts("owner", "member")
    make.group("board", owner=owner, members=[member], notify=NotifyLevel.NOTHING)
    in_browser(browse(member), Device(), service)
    browse(owner).post("/groups/board/posts", data={"source": "Hello @member"})
    assert waiting(app) == 0


def test_a_device_ends_with_its_session_or_token(
    app: Flask, make: Factory, call: Call, browse: Browser, service: Service, pusher: Pusher
) -> None:
    ann, bob = make.accounts("ann", "bob")
    client, program = browse(bob), call(bob)
    in_browser(client, Device(), service)
    in_program(program, Device(), service)
    call(ann).post("/api/v1/statuses", status="Hello @bob")
    assert waiting(app) == 2
    client.post("/logout")
    assert waiting(app) == 1
    with app.app_context():
        found = tokens.find(str(program.token))
        assert found is not None
        with unit_of_work():
            tokens.revoke_one(found.token_id)
    assert pusher.drain() == 1
    assert (service.received, waiting(app)) == ([], 0)


def test_what_a_service_answers_decides_what_follows(
    app: Flask, make: Factory, call: Call, browse: Browser, service: Service, pusher: Pusher
) -> None:
    ann, bob = make.accounts("ann", "bob")
    in_browser(browse(bob), Device(), service)
    service.statuses = [503, 429, 400]
    call(ann).post("/api/v1/statuses", status="One @bob")
    assert (pusher.drain(), waiting(app)) == (1, 1)  # later
    due_now(app)
    assert (pusher.drain(), waiting(app)) == (1, 1)  # later again
    due_now(app)
    assert (pusher.drain(), waiting(app)) == (1, 0)  # refused for good
    with app.app_context(), unit_of_work():
        assert db.session.scalar(select(func.count()).select_from(PushSubscription)) == 1
    service.statuses = [410]
    call(ann).post("/api/v1/statuses", status="Two @bob")
    assert pusher.drain() == 1
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(PushSubscription)) == 0


def test_a_message_is_given_up_after_many_failures(
    app: Flask, make: Factory, call: Call, browse: Browser, service: Service, pusher: Pusher
) -> None:
    ann, bob = make.accounts("ann", "bob")
    in_browser(browse(bob), Device(), service)
    service.statuses = [503] * 50
    call(ann).post("/api/v1/statuses", status="One @bob")
    for _attempt in range(MOST_ATTEMPTS):
        due_now(app)
        pusher.drain()
    assert (len(service.received), waiting(app)) == (MOST_ATTEMPTS, 0)


@pytest.mark.settings(push_content=False)
def test_a_locked_screen_tells_nothing_when_it_should_not(
    make: Factory, call: Call, browse: Browser, service: Service, pusher: Pusher
) -> None:
    ann, bob = make.accounts("ann", "bob")
    browser, app_device = Device(), Device()
    in_browser(browse(bob), browser, service)
    in_program(call(bob), app_device, service)
    call(ann).post("/api/v1/statuses", status="Secret lunch @bob")
    pusher.drain()
    for message in service.received:
        device = browser if message.path == "/b" else app_device
        said = device.read(message)
        assert (said["title"], said["body"]) == ("Parvis", "There is something new for you.")
        assert "ann" not in str(said).lower().replace(said.get("access_token") or "-", "")
    assert len(service.received) == 2


def test_a_reminder_is_pushed_when_it_was_asked_to_be(
    app: Flask, make: Factory, browse: Browser, service: Service
) -> None:
    ann, bob = make.accounts("ann", "bob")
    in_browser(browse(bob), Device(), service)
    for detail, waits in (("", 0), ("push", 1)):
        with app.app_context(), unit_of_work():
            notifications.notify(
                [bob.id],
                actor=db.session.get_one(Account, ann.id),
                kind=NotificationKind.ANNOUNCEMENT_REMINDER,
                detail=detail,
            )
        assert waiting(app) == waits


def test_addresses_inside_and_keys_that_are_none_are_refused(
    make: Factory, call: Call, browse: Browser, service: Service
) -> None:
    bob = make.account("bob")
    client, program, device = browse(bob), call(bob), Device()
    good = {"endpoint": service.address("b"), "p256dh": device.p256dh, "auth": device.auth}
    for changes in (
        {"endpoint": "http://push.example/x"}, {"endpoint": "https://push.example:8443/x"},
        {"endpoint": "ftp://push.example"}, {"endpoint": ""}, {"endpoint": "https://u@push.example"},
        {"endpoint": "https://push.example/" + "x" * 3000}, {"endpoint": "http://127.0.0.1:1/x"},
        {"p256dh": ""}, {"p256dh": "x" * 87}, {"p256dh": device.p256dh[:-4]}, {"p256dh": "é"},
        {"auth": ""}, {"auth": device.p256dh}, {"auth": "é" * 22},
    ):  # fmt: skip
        answer = client.post("/settings/notifications/device", data=good | changes)
        assert answer.status_code == 422, changes
        sent = good | changes
        answer = program.open(
            "POST",
            "/api/v1/push/subscription",
            json={
                "subscription": {
                    "endpoint": sent["endpoint"],
                    "keys": {"p256dh": sent["p256dh"], "auth": sent["auth"]},
                }
            },
        )
        assert answer.status_code == 422, changes
    assert (
        program.open("POST", "/api/v1/push/subscription", json={"subscription": 5}).status_code
        == 422
    )
    narrow = call(bob, "read write follow")
    assert narrow.open("GET", "/api/v1/push/subscription").status_code == 403


def test_an_address_that_leads_into_our_network_is_not_asked(
    app: Flask, make: Factory, call: Call, browse: Browser, service: Service, pusher: Pusher
) -> None:
    ann, bob = make.accounts("ann", "bob")
    device = Device()
    sent = {"endpoint": "https://localhost/x", "p256dh": device.p256dh, "auth": device.auth}
    assert browse(bob).post("/settings/notifications/device", data=sent).status_code == 204
    call(ann).post("/api/v1/statuses", status="Hello @bob")
    assert (pusher.drain(), waiting(app)) == (1, 0)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(PushSubscription)) == 0


def test_one_statement_serves_many_recipients(
    app: Flask, make: Factory, browse: Browser, service: Service, statements: list[str]
) -> None:
    ann, *others = make.accounts("ann", *(f"p{number}" for number in range(12)))
    for one in others:
        in_browser(browse(one), Device(), service)
    counted = []
    for recipients in (others[:1], others):
        statements.clear()
        with app.app_context(), unit_of_work():
            notifications.notify(
                [one.id for one in recipients],
                actor=db.session.get_one(Account, ann.id),
                kind=NotificationKind.ANNOUNCEMENT,
            )
        counted.append(len(statements))
    assert counted[0] == counted[1]
    assert waiting(app) == 13


def test_the_pair_of_keys_is_made_once_and_for_its_owner_only(settings: Settings) -> None:
    made = keys.public_key(settings.data)
    path = settings.data / "vapid_key.pem"
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    keys.private_key.cache_clear()
    assert keys.public_key(settings.data) == made
    assert len(keys.decoded(made)) == 65


def test_a_device_of_somebody_else_cannot_be_turned_off(
    app: Flask, make: Factory, browse: Browser, service: Service
) -> None:
    ann, bob = make.accounts("ann", "bob")
    client = browse(bob)
    in_browser(client, Device(), service)
    with app.app_context():
        number = db.session.scalar(select(PushSubscription.id))
    path = f"/settings/notifications/devices/{number}/remove"
    page = client.get("/settings/notifications").text
    assert path in page
    assert path not in browse(ann).get("/settings/notifications").text
    for who, left in ((browse(ann), 1), (client, 0)):
        assert who.post(path).status_code == 303
        with app.app_context():
            found = db.session.scalar(select(func.count()).select_from(PushSubscription))
        assert found == left


def test_what_waited_together_costs_the_same_for_many(
    app: Flask, make: Factory, call: Call, browse: Browser, service: Service,
    statements: list[str],
) -> None:  # fmt: skip
    ann, bob = make.accounts("ann", "bob")
    in_browser(browse(bob), Device(), service)
    costs = []
    for number in (2, 6):
        for one in range(number):
            call(ann).post("/api/v1/statuses", status=f"Hello @bob {number} {one}")
        with app.app_context():
            subscription = db.session.scalars(select(PushSubscription)).one()
            newest = select(Notification.id).order_by(Notification.id.desc()).limit(number)
            ids = db.session.scalars(newest).all()
            statements.clear()
            written = pushes.compose(subscription, ids)
            costs.append(len(statements))
        assert isinstance(written, Written)
        assert f"{number} things are new" in written.text.decode()
    assert costs[0] == costs[1]


def test_what_a_worker_holds_is_not_sent_twice_when_hours_change(
    app: Flask, make: Factory, call: Call, browse: Browser, service: Service
) -> None:
    ann, bob = make.accounts("ann", "bob")
    in_browser(browse(bob), Device(), service)
    call(ann).post("/api/v1/statuses", status="Hello @bob")
    with app.app_context(), unit_of_work():
        held = queue.claim()
        assert held is not None
        queue.hold(held, utc_now() - dt.timedelta(seconds=1))
    with app.app_context(), unit_of_work():
        queue.look_again(bob.id)
        assert queue.claim() is not None
    with app.app_context(), unit_of_work():
        queue.look_again(bob.id)
        assert queue.claim() is None
