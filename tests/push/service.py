"""A push service on the loopback address, and devices that can read what it was sent."""

from __future__ import annotations

import contextlib
import json
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from joserfc import jwt
from joserfc.jwk import ECKey

from intranet.push.keys import decoded, encoded, point_of


@dataclass
class Received:
    """One message as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Service:
    """`statuses` are the next answers, 201 when there are none left."""

    host: str
    received: list[Received] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)

    def address(self, path: str) -> str:
        return f"http://{self.host}/{path}"


@contextlib.contextmanager
def push_service() -> Iterator[Service]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            service.received.append(Received(self.path, dict(self.headers), body))
            self.send_response(service.statuses.pop(0) if service.statuses else 201)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_arguments: Any) -> None:
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service = Service(f"127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield service
    server.shutdown()
    thread.join()
    server.server_close()


class Device:
    """A browser or an app: made its keys, and reads what is sealed for them."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._secret = os.urandom(16)
        self.p256dh, self.auth = encoded(point_of(self._key)), encoded(self._secret)

    def read(self, message: Received) -> dict[str, Any]:
        """The JSON of a message, by whichever of the two encodings it came in."""
        version = message.headers["Content-Encoding"]
        more: dict[str, Any] = {}
        if version == "aesgcm":
            salt = message.headers["Encryption"].removeprefix("salt=")
            theirs = message.headers["Crypto-Key"].split(";")[0].removeprefix("dh=")
            more = {"salt": decoded(salt), "dh": decoded(theirs)}
        found: dict[str, Any] = json.loads(
            http_ece.decrypt(
                message.body,
                private_key=self._key,
                auth_secret=self._secret,
                version=version,
                **more,
            )
        )
        return found


def claims_of(message: Received, server_key: str) -> dict[str, Any]:
    """What the signed word of a message claims, checked with the key that the server gave."""
    said = message.headers["Authorization"]
    if said.startswith("vapid "):
        parts = dict(part.strip().split("=", 1) for part in said.removeprefix("vapid ").split(","))
        assert parts["k"] == server_key
        word = parts["t"]
    else:
        assert message.headers["Crypto-Key"].split(";")[1] == f"p256ecdsa={server_key}"
        word = said.removeprefix("WebPush ")
    point = decoded(server_key)
    key = ECKey.import_key(
        {"kty": "EC", "crv": "P-256", "x": encoded(point[1:33]), "y": encoded(point[33:])}
    )
    return dict(jwt.decode(word, key, algorithms=["ES256"]).claims)
