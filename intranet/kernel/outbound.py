"""Asks servers whose addresses other people chose, without being led to our own.

A name is resolved once, every address it has is looked at, and the connection goes to one of those
very addresses: an answer of the name service that changes afterwards changes nothing. No redirect
is followed, no proxy is asked, and neither a slow nor an endless answer holds anybody up.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import ssl
import threading
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from http.client import HTTPException
from urllib.parse import urlsplit

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from intranet.kernel.messages import N_

MOST_BYTES = 64 * 1024  # of an answer; what follows is not read
_MAX_URL = 2000
_MOST_ADDRESSES = 3
_PLAIN = re.compile(r"[\x21-\x7e]+")
_PORTS = {"http": 80, "https": 443}
# Global by the registry and still not a place of its own: they lead to other addresses, or are
# kept for what does not exist yet.
_LEADS_ELSEWHERE = tuple(
    map(
        ipaddress.ip_network,
        ("192.88.99.0/24", "240.0.0.0/4", "2001::/23", "2002::/16", "2001:db8::/32", "3fff::/20"),
    )
)
_UNICAST_6 = ipaddress.ip_network("2000::/3")


class Refused(Exception):
    """The address is none that we ask: the reason, a marked sentence, is for whoever gave it."""


class Unreachable(Exception):
    """Nobody answered in time, or what came was no answer: a marked sentence says which."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said: at most MOST_BYTES of it, as text; how long it took."""

    status: int
    text: str
    seconds: float

    @property
    def is_success(self) -> bool:
        """Whether the server took it (2xx)."""
        return 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Page:
    """What stood at an address: `headers` by their names in small letters, and the beginning of
    the body; `is_whole` says whether that is all of it."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    is_whole: bool


@dataclass(frozen=True, slots=True)
class _Target:
    scheme: str
    host: str
    port: int
    path: str
    is_trusted: bool

    @property
    def authority(self) -> str:
        """The Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    timeout: float,
    allowed: Collection[str] = (),
) -> Answer:
    """POST the body and give the answer, whatever its status. `timeout` is for all of it after the
    name is resolved. `allowed` are hosts (`name` or `name:port`) that the operator trusts: they
    alone may have private addresses, other ports and no encryption. Refused or Unreachable."""
    began = time.monotonic()
    page = _try(_target(url, allowed), "POST", body, headers, timeout, MOST_BYTES)
    text = page.body[:MOST_BYTES].decode("utf-8", "replace")
    return Answer(page.status, text, time.monotonic() - began)


def get(
    url: str,
    headers: Mapping[str, str],
    *,
    timeout: float,
    most_bytes: int,
    allowed: Collection[str] = (),
) -> Page:
    """What stands at the address, as `post` asks. A redirect is an answer like others: whoever
    follows it asks for the next address here, where it is looked at like the first."""
    return _try(_target(url, allowed), "GET", None, headers, timeout, most_bytes)


def _try(
    target: _Target,
    method: str,
    body: bytes | None,
    headers: Mapping[str, str],
    timeout: float,
    most_bytes: int,
) -> Page:
    addresses = _addresses(target)
    began = time.monotonic()
    for number, address in enumerate(addresses, 1):
        connection = _connection(target, address)
        try:
            return _ask(connection, target, method, body, headers, began + timeout, most_bytes)
        except (OSError, ValueError, HTTPException, HTTPError) as error:
            left = began + timeout - time.monotonic()
            # Once it was connected something may have been done: the next is not asked as well.
            if number == len(addresses) or left <= 0 or connection.sock is not None:
                late = left <= 0 or isinstance(error, TimeoutError)
                raise Unreachable(N_("no answer in time") if late else _words(error)) from None
        finally:
            connection.close()
    raise Unreachable(N_("the name has no address"))


def check(url: str, allowed: Collection[str] = ()) -> None:
    """Refused when the address cannot be one that `post` asks; the name is not resolved."""
    _target(url, allowed)


def is_public(address: str) -> bool:
    """Whether a network address belongs to a place on the internet, not to this machine, this
    network or a way back into them."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if found.version == 6 and found not in _UNICAST_6:
        return False  # loopback, link-local, mapped IPv4, NAT64 and the rest
    if any(found.version == one.version and found in one for one in _LEADS_ELSEWHERE):
        return False
    return found.is_global and not found.is_multicast and not found.is_reserved


def _target(url: str, allowed: Collection[str]) -> _Target:
    if len(url) > _MAX_URL or not _PLAIN.fullmatch(url) or "\\" in url:
        raise Refused(N_("not an address"))
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        raise Refused(N_("not an address")) from None
    if parts.scheme not in _PORTS or not host or parts.username is not None:
        raise Refused(N_("not an address"))
    port = port or _PORTS[parts.scheme]
    trusted = {one.strip().lower() for one in allowed}
    is_trusted = host in trusted or f"{host}:{port}" in trusted
    if not is_trusted and parts.scheme != "https":
        raise Refused(N_("only https"))
    if not is_trusted and port != _PORTS["https"]:
        raise Refused(N_("only port 443"))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return _Target(parts.scheme, host, port, path, is_trusted)


def _addresses(target: _Target) -> list[str]:
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unreachable(N_("the name is unknown")) from None
    addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
    if not target.is_trusted and not all(map(is_public, addresses)):
        raise Refused(N_("not a public address"))
    return addresses[:_MOST_ADDRESSES]


@cache
def _encryption() -> ssl.SSLContext:
    """Made once: it reads all the certificates that this machine trusts."""
    return ssl.create_default_context()


def _connection(target: _Target, address: str) -> HTTPConnection:
    if target.scheme == "http":
        return HTTPConnection(address, target.port)
    return HTTPSConnection(
        address,
        target.port,
        ssl_context=_encryption(),
        server_hostname=target.host,
    )


def _ask(
    connection: HTTPConnection,
    target: _Target,
    method: str,
    body: bytes | None,
    headers: Mapping[str, str],
    deadline: float,
    most_bytes: int,
) -> Page:
    left = max(0.05, deadline - time.monotonic())
    connection.timeout = left
    # The socket's own limit is for each piece: a server that drips would never meet it.
    held: list[socket.socket] = []
    guard = threading.Timer(left, _cut, (connection, held))
    guard.daemon = True
    guard.start()
    try:
        connection.connect()
        if connection.sock is not None:
            held.append(connection.sock)  # the connection lets go of it when the answer begins
        sent = {"Host": target.authority, "Accept-Encoding": "identity", **headers}
        connection.request(method, target.path, body, sent, preload_content=False)
        response = connection.getresponse()
        try:
            read = response.read(most_bytes + 1, decode_content=False)
        finally:
            response.close()  # what is left unread keeps the socket otherwise
        if time.monotonic() > deadline:
            raise TimeoutError
        named = {name.lower(): value for name, value in response.headers.items()}
        return Page(response.status, named, read[:most_bytes], len(read) <= most_bytes)
    finally:
        guard.cancel()


def _cut(connection: HTTPConnection, held: list[socket.socket]) -> None:
    for one in held or [connection.sock]:
        try:
            if one is not None:
                one.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # it has ended by itself


def _words(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return N_("the certificate is not valid")
    if isinstance(error, ssl.SSLError):
        return N_("no encrypted connection")
    if isinstance(error, OSError | HTTPError) and not isinstance(error, HTTPException):
        return N_("the connection failed")
    return N_("what came back is no answer")
