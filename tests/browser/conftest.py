"""The real server in its own process, and a real Chromium in front of it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from intranet.app import create_app
from intranet.db import db
from intranet.db.schema import migrate
from tests.browser import company
from tests.conftest import make_settings

ROOT = Path(__file__).resolve().parents[2]
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP, PHONE, NARROW = (
    {"width": 1280, "height": 900},
    {"width": 390, "height": 844},
    {"width": 320, "height": 640},
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Site:
    """A running server. `stop()` and `start()` keep its port and its data."""

    data: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        environment = os.environ | {
            "PORT": str(self.port),
            "INTRANET_DATA": str(self.data),
            "DATABASE_URL": f"sqlite:///{self.data / 'parvis.db'}",
            "INTRANET_BASE_URL": self.base,
            "INTRANET_SECRET_KEY": "a key for tests only, long enough",
            "INTRANET_RATE_LIMITS": "false",
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "intranet.servers.embedded"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"{self.base}/healthz", timeout=2):
                    return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                assert self.process.poll() is None, "the server ended at its start"
                time.sleep(0.1)
        raise AssertionError("the server did not answer within 90 s")

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(20)
            self.process = None


def chromium() -> str:
    named = os.environ.get("TEST_CHROMIUM")
    found = named or shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        pytest.skip("no Chromium on this machine")
    return found


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The server over the small company of company.py."""
    assert (ROOT / "static/dist/manifest.json").is_file(), "build the front end first: make build"
    data = tmp_path_factory.mktemp("site")
    app = create_app(make_settings(data, f"sqlite:///{data / 'parvis.db'}"), TESTING=True)
    with app.app_context():
        migrate()
    company.fill(app)
    with app.app_context():
        db.engine.dispose()
    running = Site(data, free_port())
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def cookies(site: Site, browser: Browser) -> Callable[[str], Any]:
    """`cookies("camille")`: those of a session that began by signing in, once for all tests."""
    kept: dict[str, Any] = {}

    def sign_in(handle: str) -> Any:
        if handle not in kept:
            context = browser.new_context(base_url=site.base)
            page = context.new_page()
            page.goto("/login")
            page.fill("[name=handle]", handle)
            page.fill("[name=password]", company.PASSWORD)
            page.click("main button.btn--go")
            page.wait_for_url(f"{site.base}/")
            kept[handle] = context.cookies()
            context.close()
        return kept[handle]

    return sign_in


Opener = Callable[..., Page]

# The browser gives up its own cross-fade when a test goes on before it is over: no script of ours.
_CUT_SHORT = "Transition was aborted because of invalid state"


@pytest.fixture
def open_page(site: Site, browser: Browser, cookies: Callable[[str], Any]) -> Iterator[Opener]:
    """`open_page("/people", as_="camille", viewport=PHONE, scheme="dark", scripts=False)`.

    A page that says something to its console as an error, or throws, fails the test, unless
    what it says holds one of the `expected` words.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_it(
        address: str,
        as_: str | None = "camille",
        viewport: Any = DESKTOP,
        scheme: Any = "light",
        scripts: bool = True,
        expected: tuple[str, ...] = (),
        **more: Any,
    ) -> Page:
        context = browser.new_context(
            base_url=site.base,
            viewport=viewport,
            color_scheme=scheme,
            java_script_enabled=scripts,
            locale="en-GB",
            reduced_motion="reduce",
            **more,
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        if as_ is not None:
            context.add_cookies(cookies(as_))
        page = context.new_page()
        page.on(
            "pageerror",
            lambda error: (
                None if _CUT_SHORT in str(error) else complaints.append(f"{address}: {error}")
            ),
        )
        page.on(
            "console",
            lambda message: (
                complaints.append(f"{address}: {message.text}")
                if message.type == "error"
                and "status of 4" not in message.text
                and not any(words in message.text for words in expected)
                else None
            ),
        )
        page.goto(address)
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert not complaints, complaints
