"""One gevent process: HTTP, Socket.IO and background work, or (role realtime) sockets alone."""

# Nothing may be imported before the standard library is patched.
# ruff: noqa: E402
import gc

from gevent import monkey

if __name__ == "__main__":
    gc.disable()  # until start.settled: what is imported stays, and looking at it takes long

monkey.patch_all()

import logging
import signal
import socket
import sys
from typing import Any

import gevent
import gevent.event
from gevent.pool import Pool
from gevent.pywsgi import WSGIHandler, WSGIServer

from intranet import background, logs
from intranet.app import create_app
from intranet.live import control
from intranet.live.socket import socketio
from intranet.mastodon.streaming import hub as streams
from intranet.previews.fetching import WORKERS as PREVIEW_WORKERS
from intranet.push.delivery import WORKERS as PUSH_WORKERS
from intranet.servers import intake, start
from intranet.settings import load_settings
from intranet.webhooks.delivery import WORKERS as WEBHOOK_WORKERS

MOST_CONNECTIONS = 12_000
IDLE_SECONDS = 75  # an idle keep-alive connection is closed; longer than the usual proxy's wait
STOP_SECONDS = 3

log = logging.getLogger(__name__)


class Handler(WSGIHandler):
    """Sends at once and closes connections that ask for nothing; websockets are past this."""

    def handle(self) -> None:
        """Serve one connection."""
        # Without it the end of every larger answer waits 40 ms for the client's acknowledgement.
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().handle()

    def read_requestline(self) -> str:
        """The next request line, or an empty one, which ends the connection."""
        line: str = gevent.with_timeout(IDLE_SECONDS, super().read_requestline, timeout_value="")
        return line


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    settings = load_settings()
    logs.configure(settings)
    app = create_app(settings)
    start.make_ready(app, settings, demo="--demo" in sys.argv)
    server = WSGIServer(
        (settings.host, settings.port),
        app,
        log=None,
        error_log=log,
        spawn=Pool(MOST_CONNECTIONS),
        handler_class=Handler,
    )
    try:
        server.start()
    except OSError as error:
        raise start.StartError(
            f"port {settings.port} of {settings.host} cannot be used: {error.strerror}"
        ) from error
    workers: list[gevent.Greenlet[..., None]] = []
    if settings.role == "all":
        # The sockets of smtplib are gevent's, so that waiting for a mail server lets others run.
        workers = [
            gevent.spawn(background.run_forever, app),
            gevent.spawn(background.deliver_forever, app),
            *(gevent.spawn(background.tell_webhooks_forever, app) for _ in range(WEBHOOK_WORKERS)),
            *(gevent.spawn(background.push_forever, app) for _ in range(PUSH_WORKERS)),
            *(gevent.spawn(background.preview_forever, app) for _ in range(PREVIEW_WORKERS)),
        ]
        if settings.mail_listen is not None:
            workers.append(gevent.spawn(intake.keep_running))
    gevent.spawn(control.run_forever, app)
    streams.run(app)
    stopping = gevent.event.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        gevent.signal_handler(number, stopping.set)
    start.settled()
    start.welcome(settings)
    stopping.wait()
    stop(server, workers, streams.hub_of(app))


def stop(
    server: WSGIServer, workers: "list[gevent.Greenlet[..., None]]", programs: streams.Hub
) -> None:
    """Take no more work, let requests end, tell the sockets, and be gone in seconds."""
    server.close()
    programs.stop()
    ending = gevent.spawn(gevent.killall, workers, block=True, timeout=STOP_SECONDS)
    sockets: Any = getattr(socketio, "server", None)  # the type stubs do not know it
    if sockets is not None:
        # Browsers see an ordinary close and come back as soon as there is a server again.
        for connection in list(sockets.eio.sockets.values()):
            gevent.spawn(connection.close, wait=False)
    server.stop(timeout=STOP_SECONDS)
    ending.join()


if __name__ == "__main__":
    start.run(main)
