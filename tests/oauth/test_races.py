"""Two at once: a code and a refresh token are good once, whoever is quicker."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from sqlalchemy import select

from intranet.db import db
from intranet.oauth.models import AccessToken
from tests.browse import Browser
from tests.factories import Factory
from tests.oauth.program import Program, register


def test_of_many_who_bring_one_code_one_gets_a_token_and_then_nobody_has_one(
    app: Flask, make: Factory, browse: Browser
) -> None:
    program = register(browse(None))
    code = program.code(browse(make.account("ann")))

    def trade(_number: int) -> int:
        return Program(browse(None), program.entity, program.redirect_uri).trade(code).status_code

    with ThreadPoolExecutor(6) as threads:
        answers = sorted(threads.map(trade, range(6)))
    assert answers == [200, 400, 400, 400, 400, 400]
    with app.app_context():
        rows = db.session.scalars(select(AccessToken)).all()
        assert [row.revoked_at is not None for row in rows] == [True]


def test_of_many_who_refresh_at_once_none_keeps_a_second_family(
    app: Flask, make: Factory, browse: Browser
) -> None:
    program = register(browse(None), grant_types=["refresh_token"])
    first = program.trade(program.code(browse(make.account("ann")))).json
    sent = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}

    def refresh(_number: int) -> int:
        client = browse(None)
        return client.post("/oauth/token", data=sent | program.credentials).status_code

    with ThreadPoolExecutor(6) as threads:
        answers = sorted(threads.map(refresh, range(6)))
    assert answers == [200, 400, 400, 400, 400, 400]
    with app.app_context():
        living = select(AccessToken).where(AccessToken.revoked_at.is_(None))
        assert db.session.scalars(living).all() == []
