"""Hands finished messages over: to a mail server, or into a folder when there is none.

Only the standard library's sockets are used, so the gevent process, which replaces them by
cooperative ones, goes on serving while a slow mail server takes its time.
"""

from __future__ import annotations

import contextlib
import os
import smtplib
import ssl
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from pathlib import Path
from typing import Protocol

from intranet.kernel.smtp_server import SmtpServer

# For each of four answers (MAIL, RCPT, DATA, the end of the message), during which the lease is
# renewed; the connection is made before a message is claimed.
CONNECT_SECONDS = 15.0
ANSWER_SECONDS = 30.0
_FINE, _FOR_GOOD = 250, 500


class Refused(Exception):
    """The message will not be taken, now or later."""


class Unavailable(Exception):
    """The message was not taken now."""


class Transport(Protocol):
    """Takes messages one after another; `close` after the last of a batch."""

    name: str

    def make_ready(self) -> None:
        """Called before each message is claimed: Unavailable when none can be taken now."""

    def send(self, id_: int, message: EmailMessage, *, sender: str, recipient: str) -> None:
        """Hand over one message. Returning means: it was taken. Refused or Unavailable."""

    def close(self) -> None:
        """Nothing follows for now."""


class Folder:
    """Each message as a complete file, readable by its owner only; it is there whole or not."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = str(path)

    def make_ready(self) -> None:
        """A folder for us alone."""
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise Unavailable(f"{self.path}: {error.strerror}") from error

    def send(self, id_: int, message: EmailMessage, *, sender: str, recipient: str) -> None:
        """Write `ID.eml`; a second attempt at the same message replaces the first."""
        try:
            fresh = self.path / f".{id_}.{os.getpid()}"
            with open(fresh, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
                file.write(message.as_bytes(policy=WIRE))
                file.flush()
                os.fsync(file.fileno())
            fresh.rename(self.path / f"{id_}.eml")
        except OSError as error:
            raise Unavailable(f"{self.path}: {error.strerror}") from error

    def close(self) -> None:
        """Nothing was kept open."""


class Smtp:
    """A mail server, with one connection for a batch."""

    def __init__(self, server: SmtpServer) -> None:
        self.server = server
        self.name = server.name
        self._open: smtplib.SMTP | None = None

    def make_ready(self) -> None:
        """A connection that answers and has signed in: the one of the last message, or another.
        Unavailable with the reason otherwise."""
        try:
            if self._open is not None:
                with contextlib.suppress(smtplib.SMTPException, OSError):
                    if self._open.noop()[0] == _FINE:
                        return
                self._drop()  # servers hang up on who is idle
            self._open = self._connect()
        except smtplib.SMTPResponseException as error:
            raise Unavailable(_words(error.smtp_code, error.smtp_error)) from error
        except (smtplib.SMTPException, OSError) as error:
            raise Unavailable(f"{self.name}: {_short(error)}") from error

    def send(self, id_: int, message: EmailMessage, *, sender: str, recipient: str) -> None:
        """Hand over one message. Only an answer of the server to the recipient or to the message
        itself is final: what it says to us an operator can mend. Never tried twice in one call:
        a second copy may follow only from a second claim."""
        if self._open is None:
            self.make_ready()
        assert self._open is not None
        try:
            self._open.send_message(message, from_addr=sender, to_addrs=[recipient])
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            raise _verdict(code, said) from error
        except smtplib.SMTPDataError as error:
            raise _verdict(error.smtp_code, error.smtp_error) from error
        except smtplib.SMTPNotSupportedError as error:
            raise Refused(f"{self.name} cannot take this address") from error
        except smtplib.SMTPResponseException as error:
            raise Unavailable(_words(error.smtp_code, error.smtp_error)) from error
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise Unavailable(f"{self.name}: {_short(error)}") from error

    def _connect(self) -> smtplib.SMTP:
        server = self.server
        context = ssl.create_default_context()
        connection = (
            smtplib.SMTP_SSL(server.host, server.port, timeout=CONNECT_SECONDS, context=context)
            if server.security == "tls"
            else smtplib.SMTP(server.host, server.port, timeout=CONNECT_SECONDS)
        )
        try:
            if server.security == "starttls":
                connection.starttls(context=context)
            if server.user is not None:
                connection.login(server.user, server.password or "")
            if connection.sock is not None:
                connection.sock.settimeout(ANSWER_SECONDS)
        except BaseException:
            connection.close()
            raise
        return connection

    def _drop(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None

    def close(self) -> None:
        """Say goodbye and hang up."""
        if self._open is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                self._open.quit()
            self._drop()


def _verdict(code: int, said: bytes | str) -> Refused | Unavailable:
    return (Refused if code >= _FOR_GOOD else Unavailable)(_words(code, said))


def _words(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"{code} {' '.join(text.split())}"[:300]


def _short(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return " ".join(str(error).split())[:200] or type(error).__name__
