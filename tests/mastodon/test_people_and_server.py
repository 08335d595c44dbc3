"""What programs read before and after sign-in: the server, accounts, following."""

from __future__ import annotations

import re

from intranet.accounts.models import Role
from intranet.groups.models import GroupPrivacy
from tests.factories import Factory
from tests.mastodon.conftest import Call

ACCOUNT = {
    "id", "username", "acct", "display_name", "locked", "bot", "discoverable", "indexable",
    "group", "created_at", "note", "url", "uri", "avatar", "avatar_static", "header",
    "header_static", "followers_count", "following_count", "statuses_count", "last_status_at",
    "hide_collections", "noindex", "emojis", "roles", "fields",
}  # fmt: skip
RELATIONSHIP = {
    "id", "following", "showing_reblogs", "notifying", "languages", "followed_by", "blocking",
    "blocked_by", "muting", "muting_notifications", "muting_expires_at", "requested",
    "requested_by", "domain_blocking", "endorsed", "note",
}  # fmt: skip


def test_the_server_says_what_it_is_to_strangers(call: Call) -> None:
    nobody = call(None)
    server = nobody.get("/api/v2/instance")
    assert server["domain"] == "127.0.0.1:8000"
    assert re.match(r"4\.3\.0 \(compatible; Parvis ", server["version"])
    assert server["configuration"]["statuses"]["max_characters"] == 5000
    assert isinstance(server["configuration"]["polls"]["max_options"], int)
    assert server["api_versions"]["mastodon"] == 4
    assert server["registrations"]["enabled"] is False
    assert server["contact"]["email"] == ""
    older = nobody.get("/api/v1/instance")
    assert older["urls"]["streaming_api"].startswith("ws://")
    assert set(older["stats"]) == {"user_count", "status_count", "domain_count"}
    for path in ("rules", "peers"):
        assert nobody.get(f"/api/v1/instance/{path}") == []
    assert nobody.get("/api/v1/custom_emojis") == []
    found = nobody.get("/.well-known/oauth-authorization-server")
    assert found["code_challenge_methods_supported"] == ["S256"]
    assert found["token_endpoint"].endswith("/oauth/token")
    assert "password" not in found["grant_types_supported"]
    links = nobody.get("/.well-known/nodeinfo")["links"]
    assert links[0]["href"].endswith("/nodeinfo/2.0")
    assert nobody.get("/nodeinfo/2.0")["software"]["name"] == "parvis"
    meta = nobody.open("GET", "/.well-known/host-meta")
    assert "webfinger?resource={uri}" in meta.text
    picture = nobody.open("GET", "/api/pictures/person-3.png")
    assert picture.mimetype == "image/png"
    assert picture.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert nobody.open("GET", "/api/pictures/person-12.png").status_code == 404


def test_ones_own_account_is_complete(make: Factory, call: Call) -> None:
    ann = make.account("ann", title="Welder", site="Nantes", about_source="Hi", locale="fr")
    mine = call(ann).get("/api/v1/accounts/verify_credentials")
    assert set(mine) == ACCOUNT | {"source", "role"}
    assert mine["id"] == str(ann.id)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT00:00:00\.000Z", mine["created_at"])
    assert mine["avatar"].startswith("http://127.0.0.1:8000/api/pictures/person-")
    assert [field["value"] for field in mine["fields"]] == ["Welder", "Nantes"]
    assert mine["source"]["note"] == "Hi"
    assert set(mine["source"]) >= {"privacy", "sensitive", "language", "note", "fields"}
    assert call(ann).get("/api/v1/preferences")["posting:default:language"] == "fr"
    narrow = call(ann, "profile")
    assert narrow.get("/api/v1/accounts/verify_credentials")["acct"] == "ann"


def test_people_are_found_by_number_and_name(make: Factory, call: Call) -> None:
    ann, bob = make.accounts("ann", "bob")
    program = call(ann)
    found = program.get(f"/api/v1/accounts/{bob.id}")
    assert set(found) == ACCOUNT
    for acct in ("bob", "@bob", "BOB@127.0.0.1:8000"):
        assert program.get("/api/v1/accounts/lookup", acct=acct) == found
    missing = program.open("GET", "/api/v1/accounts/lookup?acct=bob@elsewhere.example")
    assert missing.status_code == 404
    several = program.get("/api/v1/accounts", **{"id[]": [str(bob.id), "7"]})
    assert [one["acct"] for one in several] == ["bob"]
    assert [one["acct"] for one in program.get("/api/v1/accounts/search", q="bo")] == ["bob"]
    finger = program.get("/.well-known/webfinger", resource="acct:bob@127.0.0.1:8000")
    assert finger["subject"] == "acct:bob@127.0.0.1:8000"
    assert call(None).open("GET", "/.well-known/webfinger?resource=acct:bob@x").status_code == 401


def test_a_guest_finds_only_whom_it_may_see(make: Factory, call: Call) -> None:
    guest = make.account("guest", Role.GUEST)
    near, far = make.accounts("near", "far")
    make.group("shared", GroupPrivacy.CLOSED, owner=near, members=[guest])
    program = call(guest)
    assert call(near).get(f"/api/v1/accounts/{far.id}")["acct"] == "far"
    assert program.get(f"/api/v1/accounts/{near.id}")["acct"] == "near"
    missing = program.open("GET", "/api/v1/accounts/7")
    for path in (
        f"/api/v1/accounts/{far.id}",
        f"/api/v1/accounts/{far.id}/statuses",
        f"/api/v1/accounts/{far.id}/followers",
        "/api/v1/accounts/lookup?acct=far",
    ):
        answer = program.open("GET", path)
        assert (answer.status_code, answer.text) == (404, missing.text)
    assert program.open("POST", f"/api/v1/accounts/{far.id}/follow").status_code == 404
    assert program.get("/api/v1/accounts/relationships", **{"id[]": [far.id]}) == []
    assert program.get("/api/v1/accounts/search", q="far") == []


def test_following_through_a_program(make: Factory, call: Call) -> None:
    ann, bob = make.accounts("ann", "bob")
    hers, his = call(ann), call(bob)
    for _twice in range(2):
        relation = hers.post(f"/api/v1/accounts/{bob.id}/follow")
        assert set(relation) == RELATIONSHIP
        assert (relation["following"], relation["followed_by"]) == (True, False)
    other = his.get("/api/v1/accounts/relationships", **{"id[]": [str(ann.id)]})[0]
    assert (other["following"], other["followed_by"]) == (False, True)
    assert hers.get(f"/api/v1/accounts/{bob.id}")["followers_count"] == 1
    assert [one["acct"] for one in his.get(f"/api/v1/accounts/{bob.id}/followers")] == ["ann"]
    assert [one["acct"] for one in his.get(f"/api/v1/accounts/{ann.id}/following")] == ["bob"]
    assert hers.post(f"/api/v1/accounts/{bob.id}/unfollow")["following"] is False
    myself = hers.open("POST", f"/api/v1/accounts/{ann.id}/follow")
    assert myself.status_code in (403, 422)
    assert isinstance(myself.json["error"], str)
