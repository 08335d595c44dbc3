"""With its token or session a subscription ends, and with the next token it goes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from intranet.accounts.models import AccountSession
from intranet.db import db
from intranet.oauth import tokens
from intranet.oauth.models import AccessToken, OAuthApp
from intranet.push import queue
from intranet.push.delivery import Pusher
from intranet.push.models import PushMessage, PushSubscription
from intranet.unit_of_work import unit_of_work
from tests.browse import Browser
from tests.factories import Factory
from tests.mastodon.conftest import Call, Caller
from tests.oauth.program import Program, register
from tests.push.service import Device, Service
from tests.push.test_round_trip import in_browser, in_program


def counted(app: Flask) -> tuple[int, int]:
    """How many subscriptions there are, and how many messages."""
    with app.app_context():
        kinds = (PushSubscription, PushMessage)
        first, second = (db.session.scalar(select(func.count()).select_from(one)) for one in kinds)
        return first or 0, second or 0


def revoke() -> None:
    row = db.session.scalar(select(PushSubscription))
    assert row is not None
    assert row.token_id is not None
    tokens.revoke_one(row.token_id)


def expire(**more: str) -> None:
    past = AccessToken.created_at
    db.session.execute(update(AccessToken).values(expires_at=past, **more))


def disable() -> None:
    db.session.execute(update(OAuthApp).values(disabled_at=OAuthApp.created_at))


@pytest.mark.parametrize("end", [revoke, expire, disable])
def test_the_subscription_of_a_dead_token_is_forgotten(
    app: Flask, make: Factory, call: Call, service: Service, pusher: Pusher,
    end: Callable[[], None],
) -> None:  # fmt: skip
    ann, bob = make.accounts("ann", "bob")
    hers = call(ann)
    in_program(call(bob), Device(), service)
    hers.post("/api/v1/statuses", status="Hello @bob")
    assert counted(app) == (1, 1)
    with app.app_context(), unit_of_work():
        end()
    assert pusher.drain() == 1
    assert (service.received, counted(app)) == ([], (0, 0))


def test_the_subscription_of_a_session_that_ran_out_is_forgotten(
    app: Flask, make: Factory, call: Call, browse: Browser, service: Service, pusher: Pusher
) -> None:
    ann, bob = make.accounts("ann", "bob")
    in_browser(browse(bob), Device(), service)
    call(ann).post("/api/v1/statuses", status="Hello @bob")
    with app.app_context(), unit_of_work():
        long_ago = AccountSession.created_at
        db.session.execute(update(AccountSession).values(expires_at=long_ago))
    assert pusher.drain() == 1
    assert (service.received, counted(app)) == ([], (0, 0))


def test_a_token_that_can_be_refreshed_keeps_its_subscription(
    app: Flask, make: Factory, call: Call, service: Service, pusher: Pusher
) -> None:
    ann, bob = make.accounts("ann", "bob")
    hers = call(ann)
    in_program(call(bob), Device(), service)
    hers.post("/api/v1/statuses", status="Hello @bob")
    with app.app_context(), unit_of_work():
        row = db.session.scalar(select(PushSubscription))
        assert row is not None
        token = db.session.get_one(AccessToken, row.token_id)
        token.expires_at, token.refresh_hash = token.created_at, "x" * 64
    assert pusher.drain() == 1
    assert (service.received, counted(app)) == ([], (1, 0))


def test_what_moved_to_another_token_meanwhile_stays(
    app: Flask, make: Factory, call: Call, service: Service
) -> None:
    in_program(call(make.account("bob")), Device(), service)
    with app.app_context(), unit_of_work():
        row = db.session.scalar(select(PushSubscription))
        assert row is not None
        assert row.token_id is not None
        queue.end(row.id, row.token_id + 1)
        queue.end(row.id, None)
        assert db.session.scalar(select(func.count()).select_from(PushSubscription)) == 1
        queue.end(row.id, row.token_id)
        assert db.session.scalar(select(func.count()).select_from(PushSubscription)) == 0


def refreshed(program: Program, given: dict[str, str], **changes: str) -> dict[str, str]:
    sent = {"grant_type": "refresh_token", "refresh_token": given["refresh_token"]} | changes
    answer = program.client.post("/oauth/token", data=sent | program.credentials)
    assert answer.status_code == 200, answer.text
    return cast(dict[str, str], answer.json)


def test_a_program_that_refreshes_is_told_as_before(
    app: Flask, make: Factory, call: Call, browse: Browser, service: Service, pusher: Pusher
) -> None:
    ann, bob = make.accounts("ann", "bob")
    scopes = "read write push"
    program = register(browse(None), scopes=scopes, grant_types=["refresh_token"])
    device = Device()
    answer = program.trade(program.code(browse(bob), scope=scopes))
    first = cast(dict[str, str], answer.json)
    in_program(Caller(program.client, first["access_token"]), device, service)
    hers = call(ann)
    hers.post("/api/v1/statuses", status="One @bob")  # waits while the token is changed
    second = refreshed(program, first)
    third = refreshed(program, second)
    hers.post("/api/v1/statuses", status="Two @bob")
    assert pusher.drain() == 2
    said = [device.read(one) for one in service.received]
    assert [one["body"] for one in said] == ["One @bob", "Two @bob"]
    assert {one["access_token"] for one in said} == {third["access_token"]}
    assert Caller(program.client, third["access_token"]).get("/api/v1/push/subscription")["id"]
    # A successor that may not be told anything takes nothing over.
    refreshed(program, third, scope="read")
    hers.post("/api/v1/statuses", status="Three @bob")
    assert pusher.drain() == 1
    assert (len(service.received), counted(app)) == (2, (0, 0))
