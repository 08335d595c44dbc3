"""Pages and data by granian: several processes, each with one thread that runs Python.

Threads that share an interpreter slow each other down; sockets have a process of their own.
"""

import os

from granian import Granian
from granian.constants import Interfaces

from intranet import logs
from intranet.app import create_app
from intranet.db import db
from intranet.servers import start
from intranet.settings import Settings, load_settings

STOP_SECONDS = 4


def processes(settings: Settings) -> int:
    """As many as cores and one more, which password hashing and uploads may keep busy."""
    return settings.web_processes or (os.cpu_count() or 1) + 1


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    settings = load_settings()
    logs.configure(settings)
    app = create_app(settings)
    start.make_ready(app, settings)
    with app.app_context():
        db.engine.dispose()  # the processes open their own connections
    start.welcome(settings)
    Granian(
        "wsgi:app",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=processes(settings),
        blocking_threads=1,
        workers_kill_timeout=STOP_SECONDS,
        respawn_failed_workers=True,
        websockets=False,
        log_access=False,
    ).serve()


if __name__ == "__main__":
    start.run(main)
