"""The web role's server (granian, one blocking thread a process) with the bare answers beside it.

The role itself wants a Redis, which pages alone do not need; the options are those of
`intranet.servers.web`.
"""

from __future__ import annotations

import os

from granian import Granian
from granian.constants import Interfaces

PROCESSES = os.cpu_count() or 1


def main() -> None:
    """Serve at PORT until told to stop."""
    Granian(
        "bench.product:app",
        address="127.0.0.1",
        port=int(os.environ["PORT"]),
        interface=Interfaces.WSGI,
        workers=PROCESSES,
        blocking_threads=1,
        websockets=False,
        log_access=False,
    ).serve()


if __name__ == "__main__":
    main()
