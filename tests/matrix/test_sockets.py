"""Every socket message, as everybody: who stands outside hears nothing of a secret group."""

from __future__ import annotations

from typing import Any

import pytest
from flask_socketio import SocketIOTestClient

from intranet.live.rooms import MAX_THREADS
from intranet.live.socket import allowed_origins, socketio
from intranet.settings import Settings
from tests.matrix.world import MISSING_ID, OUTSIDERS, SLUG, World

CLIENT_MESSAGES = {"connect", "disconnect", "thread.watch", "thread.unwatch"}
_NONSENSE: tuple[Any, ...] = (
    None, 0, 1, "", "x", [], {}, {"post_id": None}, {"post_id": 5}, {"post_id": []},
    {"post_id": {}}, {"post_id": "-1"}, {"post_id": "9" * 30}, {"post_id": "²"},
    {"post_id": "\\x00"}, {"post_id": "1" * 5000}, [["post_id", "1"]], True,
)  # fmt: skip


def listen(world: World, who: str | None) -> SocketIOTestClient:
    return socketio.test_client(world.app, flask_test_client=world.client(who))


def heard(client: SocketIOTestClient) -> list[Any]:
    return [(message["name"], message["args"]) for message in client.get_received()]


def _stir(world: World) -> None:
    """Everything that can happen to a post, in the secret group."""
    secret = f"/posts/{world.posts['secret']}"
    made = world.publish("member", f"/groups/{SLUG}/posts", "Fresh Kraken @outsider @guest")
    world.publish("owner", f"{secret}/replies", "Fresh answer @outsider @removed")
    world.send("owner", f"{secret}/reactions", emoji="🎉")
    world.send("owner", f"{secret}/reactions/remove", emoji="🎉")
    world.send("moderator", f"{secret}/boost")
    world.send("member", f"{secret}/edit", source="Kraken again @guest")
    world.send("owner", f"{secret}/pin/remove")
    world.send("member", f"/posts/{made}/delete")
    world.send("owner", f"/groups/{SLUG}/settings", name="The Kraken Deal", privacy="secret")


def test_every_message_of_clients_is_known_to_this_test(world: World) -> None:
    assert {handler[0] for handler in socketio.handlers} == CLIENT_MESSAGES


def test_outsiders_hear_nothing_of_what_happens_in_a_secret_group(world: World) -> None:
    clients = {who: listen(world, who) for who in (*OUTSIDERS, "invited")}
    member = listen(world, "moderator")
    for client in (*clients.values(), member):
        assert client.is_connected()
        client.get_received()
    for client in clients.values():
        for name in ("secret", "secret_reply", "secret_boost"):
            asked = {"post_id": str(world.posts[name])}
            missing = {"post_id": str(MISSING_ID)}
            for message in ("thread.watch", "thread.unwatch"):
                real = client.emit(message, asked, callback=True)
                assert real == client.emit(message, missing, callback=True)
        assert client.emit(
            "thread.watch", {"post_id": str(world.posts["organisation"])}, callback=True
        ) == {"ok": client is not clients["guest"]} | (
            {"code": "not_found"} if client is clients["guest"] else {}
        )
    _stir(world)
    assert {name for name, _args in heard(member)} >= {
        "stream.post", "post.changed", "post.deleted", "notification.new",
    }  # fmt: skip
    assert {who: heard(client) for who, client in clients.items()} == {who: [] for who in clients}


def test_who_is_removed_hears_no_more_at_once(world: World) -> None:
    client = listen(world, "moderator")
    asked = {"post_id": str(world.posts["secret"])}
    assert client.emit("thread.watch", asked, callback=True) == {"ok": True}
    world.send("owner", f"/groups/{SLUG}/members/moderator/remove")
    client.get_received()
    world.publish("member", f"/groups/{SLUG}/posts", "Among us @moderator")
    world.publish("owner", f"/posts/{world.posts['secret']}/replies", "Only us @moderator")
    assert heard(client) == []
    assert client.emit("thread.watch", asked, callback=True) == {"ok": False, "code": "not_found"}


def test_messages_carry_ids_and_nothing_else(world: World) -> None:
    client = listen(world, "moderator")
    client.get_received()
    _stir(world)
    for name, args in heard(client):
        for value in args[0].values():
            assert isinstance(value, str), name
            assert value.isdigit(), (name, value)


def test_nobody_connects_without_a_session(world: World) -> None:
    assert not listen(world, None).is_connected()


def test_an_ended_session_ends_its_sockets(world: World) -> None:
    client = listen(world, "outsider")
    world.send("outsider", "/logout")
    assert not client.is_connected()


def test_only_our_own_address_may_open_a_socket(settings: Settings) -> None:
    origins = allowed_origins(settings)
    assert origins
    assert "*" not in origins
    assert "null" not in origins
    assert all(origin.startswith(("http://127.0.0.1", "http://localhost")) for origin in origins)


@pytest.mark.parametrize("message", sorted(CLIENT_MESSAGES - {"connect", "disconnect"}))
def test_nonsense_breaks_no_handler(company: World, message: str) -> None:
    client = listen(company, "member")
    for nonsense in _NONSENSE:
        client.emit(message, nonsense)
        client.emit(message)
        client.emit(message, nonsense, nonsense)
    client.emit("no.such.message", {"post_id": "1"})
    for number in range(MAX_THREADS + 5):
        client.emit("thread.watch", {"post_id": str(number + 1)})
    assert client.is_connected()
    watched = {"post_id": str(company.posts["organisation"])}
    assert client.emit("thread.watch", watched, callback=True) == {"ok": True}
