"""Real server processes for tests, started as an operator starts them and ended by their id."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

from flask import Flask
from flask.sessions import SecureCookieSessionInterface

from intranet.accounts.models import Account
from intranet.settings import Settings
from tests.browse import Browser

_START_SECONDS = 60
started: list[int] = []  # the processes that this run has waited for


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def serving(
    settings: Settings,
    *,
    role: str = "all",
    port: int | None = None,
    base_port: int | None = None,
    environment: Mapping[str, str] | None = None,
) -> Iterator[int]:
    """A process of this role on the test's own database; gives its port. `environment` are
    further settings."""
    port = port or free_port()
    log = Path(settings.data) / f"{role}-{port}.log"
    variables = os.environ | {
        "PORT": str(port),
        "DATABASE_URL": settings.database_url,
        "INTRANET_DATA": str(settings.data),
        "INTRANET_SECRET_KEY": settings.secret_key,
        "INTRANET_RATE_LIMITS": "false",
        "INTRANET_BASE_URL": f"http://127.0.0.1:{base_port or port}",
        "INTRANET_WEB_PROCESSES": "1",
    }
    variables.pop("REDIS_URL", None)
    if settings.redis_url:
        variables["REDIS_URL"] = settings.redis_url
    variables |= environment or {}
    command = [sys.executable, "-m", "intranet.cli.main", "run", "--role", role]
    with log.open("wb") as out:
        process = subprocess.Popen(command, env=variables, stdout=out, stderr=subprocess.STDOUT)
    try:
        if role == "worker":
            wait_for_work(process, log)
        else:
            wait_for(port, process, log)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)


def wait_for_work(process: subprocess.Popen[bytes], log: Path) -> None:
    """Until a worker says that it is at work; AssertionError with its output when it never does."""
    started.append(process.pid)
    end = time.monotonic() + _START_SECONDS
    while b"at work" not in log.read_bytes():
        if process.poll() is not None or time.monotonic() > end:
            raise AssertionError(log.read_text())
        time.sleep(0.05)


def wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Until it serves; AssertionError with its output when it never does."""
    started.append(process.pid)
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).close()
            return
        time.sleep(0.05)
    raise AssertionError(log.read_text())


def cookie_of(app: Flask, browse: Browser, account: Account) -> str:
    """The Cookie header of a new session, good at every process with the same secret key."""
    with browse(account).session_transaction() as session:
        content = dict(session)
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    return f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps(content)}"
