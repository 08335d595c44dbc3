"""The address of a mail server, taken apart once: `smtp://user:password@host:587?starttls=1`."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import parse_qsl, unquote, urlsplit

_PORTS = {"smtp": 25, "smtps": 465}
_SUBMISSION = 587


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where mail is handed over. The password shows in no `repr`."""

    host: str
    port: int
    security: Literal["none", "starttls", "tls"]
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    @property
    def name(self) -> str:
        """Host and port, for people and logs."""
        return f"{self.host}:{self.port}"


def parse(address: str) -> SmtpServer:
    """The server that the address names; ValueError with a readable sentence otherwise."""
    shape = "must be like smtp://user:password@mail.example:587?starttls=1 or smtps://…"
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise ValueError(shape) from None
    if parts.scheme not in _PORTS or not parts.hostname or parts.path not in ("", "/"):
        raise ValueError(shape)
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    starttls = options.pop("starttls", "0")
    if options or starttls not in ("0", "1") or parts.fragment:
        raise ValueError("takes no option but starttls=1")
    if parts.scheme == "smtps" and starttls == "1":
        raise ValueError("is encrypted from the start with smtps://: leave starttls out")
    if (parts.username is None) != (parts.password is None):
        raise ValueError("needs both a user and a password, or neither")
    encrypted = parts.scheme == "smtps" or starttls == "1"
    if parts.password is not None and not encrypted and not is_this_machine(parts.hostname):
        raise ValueError("would send the password in clear: add ?starttls=1 or use smtps://")
    return SmtpServer(
        host=parts.hostname,
        port=port or (_SUBMISSION if starttls == "1" else _PORTS[parts.scheme]),
        security="tls" if parts.scheme == "smtps" else "starttls" if starttls == "1" else "none",
        user=unquote(parts.username) if parts.username is not None else None,
        password=unquote(parts.password) if parts.password is not None else None,
    )


def is_this_machine(host: str) -> bool:
    """Whether the name says plainly that nothing leaves this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def mail_domain_of(base_url: str) -> str:
    """What stands behind the @ of our own address: the host people type, or localhost when that
    is a bare number, which no mail server would take."""
    host = urlsplit(base_url).hostname or "localhost"
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host
    return "localhost"


def parse_listen(raw: str) -> tuple[str, int]:
    """Host and port of `127.0.0.1:8025` or `[::1]:8025`; ValueError with a sentence otherwise."""
    try:
        parts = urlsplit(f"//{raw}")
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host or not port or parts.path or parts.query or parts.username is not None:
        raise ValueError("must be like 127.0.0.1:8025")
    return host, port
