"""Incoming mail beside the gevent process: asyncio cannot live in it, so a child process of the
same program listens. It ends with its parent, however that ends: its standard input closes."""

from __future__ import annotations

import logging
import subprocess
import sys
import time

log = logging.getLogger(__name__)

ATTACHED = "--attached"
_PAUSE_SECONDS = 5.0


def keep_running() -> None:
    """Start the process of role mail, and again whenever it ends, until killed."""
    while True:
        process = subprocess.Popen(  # noqa: S603  (our own interpreter)
            [sys.executable, "-m", "intranet.servers.mail", ATTACHED], stdin=subprocess.PIPE
        )
        try:
            log.error("the process for incoming mail ended with %s", process.wait())
        finally:
            if process.stdin is not None:
                process.stdin.close()
            if process.poll() is None:
                process.terminate()
        time.sleep(_PAUSE_SECONDS)
