"""A demo company in a folder of its own, served by the default process, for benchmarks."""

from __future__ import annotations

import datetime as dt
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any

from sqlalchemy import select

from intranet.accounts import sessions
from intranet.accounts.models import Account, Role
from intranet.app import create_app
from intranet.db import db
from intranet.oauth import own
from intranet.settings import Settings
from intranet.unit_of_work import unit_of_work

_START_SECONDS = 120


def free_port() -> int:
    """A port of the loopback address that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Company:
    """`with Company(folder) as company:` serves `company.port` until the block ends."""

    def __init__(self, folder: Path, **variables: str) -> None:
        self.port = free_port()
        self._folder = folder
        self._variables = {
            "PORT": str(self.port),
            "INTRANET_DATA": str(folder),
            "INTRANET_RATE_LIMITS": "false",
            **variables,
        }
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Company:
        command = [sys.executable, "-m", "intranet.cli.main", "run", "--demo"]
        environment = os.environ | self._variables
        with (self._folder / "server.log").open("wb") as log:
            self._process = subprocess.Popen(
                command, env=environment, stdout=log, stderr=subprocess.STDOUT
            )
        end = time.monotonic() + _START_SECONDS
        while time.monotonic() < end:
            try:
                self.get("/healthz")
                return self
            except (urllib.error.URLError, ConnectionError):
                if self._process.poll() is not None:
                    break
                time.sleep(0.2)
        raise RuntimeError((self._folder / "server.log").read_text())

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(15)

    def get(self, path: str, cookie: str = "") -> str:
        """The text of a page."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", headers={"Cookie": cookie}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return str(answer.read().decode())

    def memory_bytes(self) -> int:
        """What the serving process holds in memory."""
        assert self._process is not None
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        return int(found[1]) * 1024 if found else 0

    def tokens(self, most: int) -> list[str]:
        """Tokens of programs of so many colleagues, that may read."""
        app = create_app(self._settings())
        with app.app_context():
            chosen = select(Account).where(Account.role != Role.GUEST).order_by(Account.id)
            accounts = db.session.scalars(chosen.limit(most)).all()
            with unit_of_work():
                made = [own.token_for(account, "read write") for account in accounts]
            db.engine.dispose()
        return made

    def _settings(self) -> Settings:
        settings: dict[str, Any] = {
            "data": self._folder,
            "secret_key": (self._folder / "secret_key").read_text().strip(),
        }
        return Settings(_env_file=None, **settings)

    def sessions(self, most: int) -> list[tuple[str, str]]:
        """Signed-in cookies of so many colleagues, each with a form token that goes with it."""
        app = create_app(self._settings())
        cookies = []
        with app.app_context():
            accounts = db.session.scalars(
                select(Account).where(Account.role != Role.GUEST).order_by(Account.id).limit(most)
            ).all()
            with unit_of_work():
                tokens = [
                    sessions.open_session(
                        account,
                        lifetime=dt.timedelta(hours=1),
                        user_agent="bench",
                        ip_address="127.0.0.1",
                    )
                    for account in accounts
                ]
            signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
            for token in tokens:
                content = {"_user_id": token, "_fresh": True}
                cookies.append(f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps(content)}")
            db.engine.dispose()
        return [self._with_form_token(cookie) for cookie in cookies]

    def _with_form_token(self, cookie: str) -> tuple[str, str]:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/settings", headers={"Cookie": cookie}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            page = answer.read().decode()
            kept = answer.headers.get("Set-Cookie")
        found = re.search(r'name="csrf-token" content="([^"]+)"', page)
        assert found is not None, page[:500]
        return (kept.split(";")[0] if kept else cookie), found[1]
