"""The frame of the programs' door: scopes, errors, headers, parameters, limits."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from flask import Flask

from intranet.mastodon.answers import moment
from intranet.mastodon.parameters import Ids, MaybeId, Parameters, Texts, read
from intranet.mastodon.requirements import requirement_of
from intranet.oauth import scopes
from tests.factories import Factory
from tests.mastodon.conftest import Call

# What may be asked without a token. Whatever is added here, everybody on the network may read.
OPEN = {
    "register_app", "token", "revoke", "authorization_server", "nodeinfo_links", "nodeinfo",
    "host_meta", "instance", "instance_v1", "rules", "extended_description", "peers",
    "custom_emojis", "picture", "file", "streaming_health", "openapi", "jwks",
    "translation_languages",
}  # fmt: skip


# Making accounts is for applications, and an address is confirmed by its letter only.
NEVER_FOR_PEOPLE = {"mastodon.register_account", "mastodon.confirm_email"}


def _views(app: Flask) -> dict[str, Any]:
    return {
        endpoint.removeprefix("mastodon."): view
        for endpoint, view in app.view_functions.items()
        if endpoint.startswith("mastodon.")
    }


@pytest.mark.house
def test_every_route_of_the_door_says_what_it_asks_for(app: Flask) -> None:
    silent, opened = [], set()
    for name, view in _views(app).items():
        wanted = requirement_of(view)
        if wanted is None:
            silent.append(name)
        elif not wanted.token:
            opened.add(name)
        else:
            assert set(wanted.scopes) <= set(scopes.SUPPORTED), name
            assert wanted.scopes or not wanted.person, name
    assert silent == []
    assert opened == OPEN


def _rules(app: Flask) -> list[tuple[str, str, tuple[str, ...]]]:
    found = []
    for rule in app.url_map.iter_rules():
        if not rule.endpoint.startswith("mastodon."):
            continue
        wanted = requirement_of(app.view_functions[rule.endpoint])
        if wanted is None or not wanted.scopes or rule.endpoint in NEVER_FOR_PEOPLE:
            continue
        path = rule.rule
        for part in rule.rule.split("<")[1:]:
            path = path.replace(f"<{part.split('>')[0]}>", "1")
        methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        found += [(method, path, wanted.scopes) for method in methods]
    return found


@pytest.mark.house
@pytest.mark.settings(self_registration=True)  # else making accounts is forbidden to everybody
def test_each_scope_opens_its_routes_and_no_other(app: Flask, make: Factory, call: Call) -> None:
    ann = make.account("ann")
    rules = _rules(app)
    assert len(rules) > 20
    for granted in scopes.SUPPORTED:
        program = call(ann, granted)
        for method, path, wanted in rules:
            status = program.open(method, path).status_code
            may = any(scopes.covers((granted,), one) for one in wanted)
            assert (status != 403) is may, (granted, method, path, status)
            assert status != 401


def test_no_token_and_a_dead_one_are_the_same(make: Factory, call: Call) -> None:
    nobody = call(None)
    for header in (
        "",
        "Bearer",
        "Bearer wrong",
        "Bearer " + "x" * 5000,
        "Basic eDp5",
        "Bearer \xff",
    ):
        answer = nobody.open(
            "GET", "/api/v1/timelines/home", headers={"Authorization": header} if header else {}
        )
        assert answer.status_code == 401
        assert answer.json["error"] == "The access token is invalid"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/nothing", 404),
        ("POST", "/api/v1/timelines/home", 405),
        ("GET", "/api/v1/accounts/notanumber", 404),
        ("GET", "/api/v1/accounts/" + "9" * 30, 404),
        ("GET", "/api/v1/statuses/1", 404),
        ("GET", "/oauth/token", 405),
        ("GET", "/.well-known/nothing", 404),
        ("GET", "/api/v1/timelines/home?max_id=abc", 422),
        ("GET", "/api/v1/timelines/home?limit=abc", 422),
        ("POST", "/api/v1/statuses", 422),
    ],
)
def test_every_refusal_is_json(
    make: Factory, call: Call, method: str, path: str, status: int
) -> None:
    answer = call(make.account("ann")).open(method, path)
    assert answer.status_code == status
    assert answer.mimetype == "application/json"
    assert isinstance(answer.json["error"], str)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("path", ["/api/v1/statuses", "/oauth/token", "/.well-known/nodeinfo",
                                  "/api/v1/no/such/thing"])  # fmt: skip
def test_browsers_may_ask_before_they_call(call: Call, path: str) -> None:
    answer = call(None).open("OPTIONS", path, headers={"Origin": "https://phanpy.example"})
    assert answer.status_code == 204
    assert "Idempotency-Key" in answer.headers["Access-Control-Allow-Headers"]
    assert "Link" in answer.headers["Access-Control-Expose-Headers"]
    assert "PATCH" in answer.headers["Access-Control-Allow-Methods"]


def test_a_slash_at_the_end_is_no_other_address(make: Factory, call: Call) -> None:
    program = call(make.account("ann"))
    for path in ("/api/v1/instance/", "/api/v2/instance/", "/api/v1/timelines/home/"):
        assert program.open("GET", path).status_code == 200, path
    assert program.open("POST", "/oauth/token/").status_code == 400


@pytest.mark.settings(rate_limits=True)
def test_programs_hear_how_much_is_left_and_when_it_is_too_much(make: Factory, call: Call) -> None:
    program = call(make.account("ann"))
    read = program.open("GET", "/api/v1/preferences")
    assert read.headers["X-RateLimit-Limit"] == "1500"
    assert int(read.headers["X-RateLimit-Remaining"]) == 1499
    assert dt.datetime.fromisoformat(read.headers["X-RateLimit-Reset"]).tzinfo is not None
    answers = [program.open("POST", "/api/v1/statuses/1/favourite") for _ in range(121)]
    assert {answer.status_code for answer in answers[:120]} == {404}
    assert answers[-1].status_code == 429
    assert answers[-1].json["error"] == "Too many requests"
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert program.open("GET", "/api/v1/preferences").status_code == 200


@pytest.mark.settings(rate_limits=True)
def test_guessing_codes_is_slow(call: Call) -> None:
    nobody = call(None)
    sent = {"grant_type": "client_credentials", "client_id": "x", "client_secret": "y"}
    answers = [nobody.open("POST", "/oauth/token", data=sent).status_code for _ in range(61)]
    assert set(answers[:60]) <= {400, 401}
    assert answers[60] == 429


class _Sent(Parameters):
    id: Ids = ()
    max_id: MaybeId = None
    words: Texts = ()
    poll: dict[str, Any] | None = None
    rows: Any = None


@pytest.mark.house
@pytest.mark.parametrize(
    ("query", "form", "json", "expected"),
    [
        ("id[]=1&id[]=2", None, None, {"id": (1, 2)}),
        ("id=1&max_id=", None, None, {"id": (1,), "max_id": None}),
        ("", {"words[]": ["a", "b"]}, None, {"words": ("a", "b")}),
        ("", {"poll[options][]": ["x", "y"], "poll[expires_in]": "60"}, None,
         {"poll": {"options": ["x", "y"], "expires_in": "60"}}),
        ("", {"rows[1][name]": "b", "rows[0][name]": "a"}, None,
         {"rows": {"1": {"name": "b"}, "0": {"name": "a"}}}),
        ("", None, {"id": ["5", 6], "words": "one"}, {"id": (5, 6), "words": ("one",)}),
        ("rows[][a]=1&rows[][b]=2&rows[][a]=3", None, None,
         {"rows": [{"a": "1", "b": "2"}, {"a": "3"}]}),
        ("a[b]=1&a=2&[]=3&x[[=4", None, None, {"id": ()}),
    ],
)  # fmt: skip
def test_parameters_come_in_every_shape(
    app: Flask, query: str, form: Any, json: Any, expected: dict[str, Any]
) -> None:
    body = {"data": form} if form else {"json": json} if json else {}
    with app.test_request_context(f"/?{query}", method="POST", **body):
        found = read(_Sent)
    assert {name: getattr(found, name) for name in expected} == expected


@pytest.mark.house
def test_times_have_three_digits_and_a_z() -> None:
    assert moment(dt.datetime(2026, 1, 2, 3, 4, 5, 678999, dt.UTC)) == "2026-01-02T03:04:05.678Z"
    assert moment(None) is None


@pytest.mark.parametrize(
    ("method", "path", "sent", "status"),
    [
        ("GET", "/api/v2/notifications/follow-9999999", None, 404),
        ("POST", "/api/v1/statuses", {"status": "x", "media_ids": list(range(2000))}, 422),
        ("POST", "/api/v1/statuses", {"status": "x", "language": "xx-longer-than-any"}, 422),
        ("POST", "/api/v1/notifications/requests/accept", {"id": list(range(1, 100))}, 422),
        ("POST", "/api/v1/statuses", {"status": "x" * 1_100_000}, 413),
    ],
)
def test_what_is_out_of_all_measure_is_refused(
    make: Factory, call: Call, method: str, path: str, sent: object, status: int
) -> None:
    answer = call(make.account("ann")).open(method, path, json=sent)
    assert (answer.status_code, answer.is_json) == (status, True), answer.text
