"""Incoming mail, by SMTP or LMTP, in a process of its own."""

import asyncio
import signal
import sys

from flask import Flask

from intranet import logs
from intranet.app import create_app
from intranet.kernel.smtp_server import parse_listen
from intranet.mailbox.listener import listen
from intranet.servers import start
from intranet.servers.intake import ATTACHED
from intranet.settings import Settings, load_settings


def main() -> None:
    """Listen until SIGTERM or SIGINT; as a child, until the parent has gone."""
    settings = load_settings()
    logs.configure(settings)
    app = create_app(settings)
    attached = ATTACHED in sys.argv
    if not attached:
        start.make_ready(app, settings)
    if settings.mail_listen is None:
        raise start.StartError("INTRANET_MAIL_LISTEN says where to take mail in: set it")
    host, port = parse_listen(settings.mail_listen)
    try:
        asyncio.run(_serve(app, settings, host, port, attached))
    except OSError as error:
        raise start.StartError(f"port {port} of {host} cannot be used: {error.strerror}") from error


async def _serve(app: Flask, settings: Settings, host: str, port: int, attached: bool) -> None:
    loop = asyncio.get_running_loop()
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    if attached:
        # Nothing is ever written there: readable means that the parent has let go of it.
        loop.add_reader(sys.stdin.fileno(), stopping.set)
    async with listen(app, settings, host, port):
        await stopping.wait()


if __name__ == "__main__":
    start.run(main)
