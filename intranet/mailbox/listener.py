"""Speaks SMTP and LMTP with the company's mail server, on one port."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session, syntax
from flask import Flask

from intranet.mailbox.intake import MOST_BYTES, Outcome, is_ours, receive
from intranet.settings import Settings

log = logging.getLogger(__name__)

_IDLE_SECONDS = 60
_MOST_AT_ONCE = 4  # messages in work; more wait, as their senders can
_ANSWERS = {
    Outcome.TAKEN: "250 2.0.0 Taken",
    Outcome.NOBODY: "550 5.6.0 Nobody here takes such a message",
    Outcome.LATER: "451 4.3.0 Cannot take it now, try again later",
}


class Speaker(SMTP):
    """SMTP, and LMTP for whoever greets with LHLO (RFC 2033). One recipient for each message, so
    that one answer after the data is right in both."""

    @syntax("LHLO hostname")
    async def smtp_LHLO(self, arg: str) -> None:  # noqa: N802  (aiosmtpd finds commands by name)
        """The greeting of LMTP."""
        await self.smtp_EHLO(arg)


class Door:
    """What is asked at each step of a conversation."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self._app = app
        self._settings = settings
        self._room = asyncio.Semaphore(_MOST_AT_ONCE)

    async def handle_RCPT(  # noqa: N802  (aiosmtpd's name)
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        """Only our own address: we pass nothing on to anybody."""
        if not is_ours(self._settings, address):
            return "550 5.7.1 We take no mail for this address"
        if envelope.rcpt_tos:
            return "452 4.5.3 One recipient at a time"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802  (aiosmtpd's name)
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """The answer comes after the handler's commit, never before."""
        content = envelope.original_content or b""
        async with self._room:
            outcome = await asyncio.to_thread(receive, self._app, content)
        return _ANSWERS[outcome]

    async def handle_exception(self, error: Exception) -> str:
        """What aiosmtpd itself did not expect."""
        log.error("a conversation about mail went wrong: %s", type(error).__name__)
        return "451 4.3.0 Cannot take it now, try again later"


@asynccontextmanager
async def listen(app: Flask, settings: Settings, host: str, port: int) -> AsyncIterator[None]:
    """Take mail in while inside; OSError when the port cannot be had."""
    door = Door(app, settings)
    name = settings.mail_from.rpartition("@")[2]

    def speaker() -> Speaker:
        return Speaker(
            door,
            data_size_limit=MOST_BYTES,
            enable_SMTPUTF8=True,
            hostname=name,
            ident="ready",
            timeout=_IDLE_SECONDS,
            # SMTP AUTH is of no use here: whoever reaches the port may write to our address.
            auth_exclude_mechanism=["LOGIN", "PLAIN"],
            command_call_limit={"*": 200},
            loop=asyncio.get_running_loop(),
        )

    server = await asyncio.get_running_loop().create_server(speaker, host, port)
    log.info("incoming mail is taken at %s:%s", host, port)
    try:
        yield
    finally:
        server.close()  # conversations end with the process: their senders come back
