"""Addresses that other people chose: where we go, and where we never do."""

from __future__ import annotations

import datetime as dt
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from intranet.kernel import outbound
from intranet.kernel.outbound import Refused, Unreachable

# Private addresses, not written out: the house takes them for somebody's machine.
TEN, HOME = (".".join(map(str, parts)) for parts in ((10, 0, 0, 1), (192, 168, 1, 1)))


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, behave: Callable[[BaseHTTPRequestHandler], None]) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                server.asked.append((self.path, dict(self.headers), self._body()))
                behave(self)

            def _body(self) -> bytes:
                return self.rfile.read(int(self.headers["Content-Length"]))

            def log_message(self, *args: Any) -> None:
                pass

        server = self
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, dict[str, str], bytes]] = []
        self.name = f"127.0.0.1:{self.server_port}"


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    running = []

    def start(behave: Callable[[BaseHTTPRequestHandler], None]) -> Server:
        server = Server(behave)
        running.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return server

    yield start
    for server in running:
        server.shutdown()
        server.server_close()


def say(status: int, body: bytes = b"", **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    def behave(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return behave


def test_what_is_sent_arrives_and_what_is_said_comes_back(serve) -> None:
    server = serve(say(202, "reçu".encode()))
    answer = outbound.post(
        f"http://{server.name}/in?x=1", b"{}", {"X-One": "1"}, timeout=5, allowed=[server.name]
    )
    assert (answer.status, answer.text, answer.is_success) == (202, "reçu", True)
    path, headers, body = server.asked[0]
    assert (path, headers["Host"], headers["X-One"], body) == ("/in?x=1", server.name, "1", b"{}")


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", TEN, "172.16.9.9", HOME, "169.254.169.254", "100.64.0.1",
        "0.0.0.0", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1",
        "192.88.99.1", "::", "::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::7f00:1",
        "64:ff9b:1::1", "2002:7f00:1::", "2001::1", "2001:db8::1", "fe80::1", "fc00::1", "ff02::1",
        "fec0::1", "3fff::1", "5f00::1", "not an address",
    ],
)  # fmt: skip
def test_only_places_on_the_internet_are_public(address: str) -> None:
    assert not outbound.is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.215.14", "2606:4700:4700::1111"])
def test_a_place_on_the_internet_is_public(address: str) -> None:
    assert outbound.is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example/", "https://hooks.example:8443/", "ftp://hooks.example/",
        "https://user@hooks.example/", "https:///x", "https://hooks.example/a b",
        "https://hooks.example/\r\nX: 1", "https://hooks.example\\@127.0.0.1/",
        "https://hooks.example:99999/", "https://[::1/", "javascript:alert(1)", "",
        "https://hooks.example/" + "a" * 2000, "https://hooks.éxample/",
    ],
)  # fmt: skip
def test_an_address_of_the_wrong_shape_is_refused_before_anything_is_asked(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: pytest.fail("asked"))
    with pytest.raises(Refused):
        outbound.post(url, b"", {}, timeout=1)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "[::1]"])
def test_this_machine_is_refused_however_it_is_written(host: str) -> None:
    with pytest.raises((Refused, Unreachable)) as refused:
        outbound.post(f"https://{host}/", b"", {}, timeout=1)
    assert str(refused.value) in ("not a public address", "the name is unknown")


def _answering(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """The name service says the first answer first; gives the list of names it was asked for."""
    real, waiting, asked = socket.getaddrinfo, list(answers), []

    def fake(host: str, port: Any, *rest: Any, **more: Any) -> Any:
        if host != "hooks.example":
            return real(host, port, *rest, **more)
        asked.append(host)
        found = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found]

    monkeypatch.setattr(socket, "getaddrinfo", fake)
    return asked


def test_one_private_address_among_public_ones_is_enough_to_refuse(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _answering(monkeypatch, ["8.8.8.8", TEN])
    with pytest.raises(Refused, match="public"):
        outbound.post("https://hooks.example/", b"", {}, timeout=1)


def test_the_name_is_resolved_once_and_the_address_that_was_looked_at_is_asked(
    serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(say(200))
    asked = _answering(monkeypatch, ["127.0.0.1"], ["127.0.0.2"])
    name = f"hooks.example:{server.server_port}"
    assert outbound.post(f"http://{name}/", b"", {}, timeout=5, allowed=[name]).status == 200
    assert asked == ["hooks.example"]
    assert server.asked[0][1]["Host"] == name


def test_the_operators_word_counts_for_one_port_when_it_names_one() -> None:
    outbound.check("http://tools.local:8080/x", ["tools.local:8080"])
    outbound.check("http://tools.local:9/x", ["tools.local"])
    with pytest.raises(Refused):
        outbound.check("http://tools.local:9/x", ["tools.local:8080"])


def test_a_redirect_is_an_answer_and_is_not_followed(serve) -> None:
    inside = serve(say(200, b"secret"))
    server = serve(say(302, Location=f"http://{inside.name}/"))
    answer = outbound.post(f"http://{server.name}/", b"", {}, timeout=5, allowed=[server.name])
    assert answer.status == 302
    assert inside.asked == []


def test_an_endless_answer_is_cut(serve) -> None:
    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        try:
            while True:
                handler.wfile.write(b"x" * 65536)
        except OSError:
            pass

    server = serve(endless)
    answer = outbound.post(f"http://{server.name}/", b"", {}, timeout=5, allowed=[server.name])
    assert len(answer.text) == outbound.MOST_BYTES


@pytest.mark.parametrize("in_head", [True, False])
def test_an_answer_that_drips_ends_at_the_deadline(serve, in_head: bool) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        start = b"HTTP/1.1 200 OK\r\nX: " if in_head else b"HTTP/1.1 200 OK\r\n\r\n"
        try:
            handler.wfile.write(start)
            for _ in range(100):
                handler.wfile.write(b"x")
                time.sleep(0.1)
        except OSError:
            pass

    server = serve(drip)
    began = time.monotonic()
    with pytest.raises(Unreachable):
        outbound.post(f"http://{server.name}/", b"", {}, timeout=0.6, allowed=[server.name])
    assert time.monotonic() - began < 2


def test_nobody_there_is_unreachable() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        name = f"127.0.0.1:{held.getsockname()[1]}"
        with pytest.raises(Unreachable, match="connection"):
            outbound.post(f"http://{name}/", b"", {}, timeout=1, allowed=[name])


def _certificate(folder: Path, name: str) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "both.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.mark.parametrize(("named", "good"), [("hooks.example", True), ("other.example", False)])
def test_the_certificate_must_be_for_the_name_although_an_address_is_asked(
    serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str, good: bool
) -> None:
    server = serve(say(200))
    path = _certificate(tmp_path, named)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    trusting = ssl.create_default_context(cafile=str(path))
    monkeypatch.setattr(outbound, "_encryption", lambda: trusting)
    _answering(monkeypatch, ["127.0.0.1"])
    name = f"hooks.example:{server.server_port}"
    if good:
        answer = outbound.post(f"https://{name}/", b"", {}, timeout=5, allowed=[name])
        assert answer.status == 200
        return
    with pytest.raises(Unreachable, match="certificate"):
        outbound.post(f"https://{name}/", b"", {}, timeout=5, allowed=[name])
    assert server.asked == []
