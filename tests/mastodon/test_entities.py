"""Every route of the programs' door answers with what the public documentation says.

The types are in tests/mastodon/schema; so are the tables that say how each route is called.
"""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from intranet.mastodon.blueprint import PREFIXES
from tests.browse import Browser
from tests.factories import Factory
from tests.mastodon.conftest import Call
from tests.mastodon.schema.calls import (
    Row,
    filled_in,
    forgiven,
    found,
    problems_of,
    problems_with,
    shape,
)
from tests.mastodon.schema.features import FEATURES, NOT_OFFERED
from tests.mastodon.schema.routes import ROUTES
from tests.mastodon.schema.server import Error
from tests.mastodon.schema.world import World, build

NOWHERE = "7000000000000000001"
# The consent page of the web door begins like this too; our own interface has its own document,
# which schemathesis compares with what it answers.
_OF_OTHERS = ("/oauth/authorize", "/api/parvis/")


def routes_of(app: Flask) -> set[str]:
    """`GET /api/v1/statuses/:` of everything that answers below the door's addresses."""
    return {
        f"{method} {shape(rule.rule)}"
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("mastodon.") or rule.rule.startswith(PREFIXES)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if not rule.rule.startswith(_OF_OTHERS)
    }


def in_order() -> list[Row]:
    """Every row, those that take something away at the end."""
    return sorted((*ROUTES, *FEATURES), key=lambda row: row.late)


@pytest.fixture
def world(app: Flask, make: Factory, call: Call, browse: Browser) -> World:
    return build(app, make, call, browse)


def _call(world: World, row: Row) -> TestResponse:
    path = filled_in(row.path, world.names)
    sent = {name: filled_in(value, world.names) for name, value in row.send.items()}
    where = "query_string" if row.method == "GET" else "data"
    return world.caller(row.by).open(row.method, path, **{where: sent})


def test_every_route_has_a_row(app: Flask) -> None:
    """A new route: say in tests/mastodon/schema how it is called and what it answers with."""
    assert {row.route for row in in_order()} == routes_of(app)


def test_every_answer_is_as_documented(world: World) -> None:
    wrong = []
    for row in in_order():
        if row.entity is None:
            continue
        try:
            response = _call(world, row)
        except KeyError as missing:
            wrong.append(f"{row.route}: no row before it gave {missing}")
            continue
        said = problems_with(row, response, world.id_of(row.by))
        wrong += [f"{row.route}: {one}" for one in said]
        if response.is_json and not said:
            kept = forgiven(row.entity, response.json)
            wrong += [f"{row.route}: the type does not look at {name}" for name in kept]
        if response.status_code == row.status:
            for name, where in row.keep.items():
                world.names[name] = str(found(response.json, where))
    assert not wrong, "\n".join(wrong)


def test_every_refusal_is_an_error(world: World, call: Call) -> None:
    """Without a token, for what does not exist, under too narrow a token, and of bad input."""
    wrong = []

    def check(what: str, response: TestResponse, *statuses: int) -> None:
        if response.status_code not in statuses:
            wrong.append(f"{what} answers {response.status_code}: {response.text[:200]}")
        elif not response.is_json:
            wrong.append(f"{what} is {response.mimetype}")
        else:
            wrong.extend(f"{what}: {one}" for one in problems_of(Error, response.json))

    nobody, ann = world.callers[None], world.callers["ann"]
    names = dict.fromkeys(world.names, NOWHERE) | {"tag": "depot"}
    for row in in_order():
        path = filled_in(row.path, _Anything(names))
        if row.by is not None:
            check(f"{row.route} without a token", nobody.open(row.method, path), 401)
        if "{" in row.path.replace("{tag}", "") and row.entity is not None and not row.unknown_ok:
            by = ann if row.by else nobody
            check(f"{row.route} of nothing", by.open(row.method, path), 404, 403, 422)
    narrow = call(world.people["ann"], "profile")
    for caller, method, path, sent, status in (
        (narrow, "GET", "/api/v1/timelines/home", {}, 403),
        (ann, "POST", "/api/v1/statuses", {"status": ""}, 422),
        (ann, "POST", "/api/v1/statuses", {"status": "x" * 6000}, 422),
        (ann, "GET", "/api/v1/timelines/home", {"limit": "many"}, 422),
        (ann, "DELETE", f"/api/v1/statuses/{world.names['post']}", {}, 403),
        (ann, "GET", "/api/v1/nothing/here", {}, 404),
        (ann, "DELETE", "/api/v1/timelines/home", {}, 405),
        (nobody, "POST", "/api/v1/apps", {"client_name": ""}, 422),
        (nobody, "POST", "/oauth/token", {"grant_type": "password"}, 400),
        (nobody, "POST", "/oauth/token", {"grant_type": "client_credentials"}, 401),
    ):
        where = "query_string" if method == "GET" else "data"
        answer = caller.open(method, path, **{where: sent})
        check(f"{method} {path}", answer, status)
    assert not wrong, "\n".join(wrong)


class _Anything(dict[str, str]):
    """Has a value for every name."""

    def __missing__(self, name: str) -> str:
        return NOWHERE


def test_what_is_not_offered_is_not_there(world: World) -> None:
    """Not half a feature: 404 with an error, and no version of the instance promises it."""
    wrong = []
    for method, path in NOT_OFFERED:
        response = world.callers["ann"].open(method, filled_in(path, world.names))
        if response.status_code != 404 or not response.is_json:
            wrong.append(f"{method} {path} answers {response.status_code}")
    assert not wrong, "\n".join(wrong)
    versions = world.callers[None].open("GET", "/api/v2/instance").json["api_versions"]
    assert versions["mastodon"] < 6
