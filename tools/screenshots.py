"""Pictures for the documentation: the demo company in a folder of its own, a real Chromium.

python tools/screenshots.py      (after `make build`; writes docs/screenshots/)
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "docs" / "screenshots"
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
LARGEST = 250_000  # bytes of one picture
# name, address, size, colour scheme, language; `{person}` is who signed in, and what follows each
# ` > ` is pressed, one after the other
SHOTS: tuple[tuple[str, str, dict[str, int], str, str], ...] = (
    ("home", "/", DESKTOP, "light", "en"),
    ("home-dark", "/", DESKTOP, "dark", "en"),
    ("home-phone", "/", PHONE, "light", "en"),
    ("home-french", "/", DESKTOP, "light", "fr"),
    ("group", "/groups/tramway-t4", DESKTOP, "light", "en"),
    ("announcement", "/announcements > h2 a", DESKTOP, "light", "fr"),
    ("events", "/events", DESKTOP, "light", "fr"),
    ("page", "/pages/rh", DESKTOP, "light", "fr"),
    ("public-page", "/p/merival", DESKTOP, "light", "fr"),
    ("profile", "/@{person}", DESKTOP, "light", "en"),
    ("people", "/people", DESKTOP, "light", "en"),
    ("notifications", "/notifications", DESKTOP, "light", "en"),
    ("search", "/search?q=tram", DESKTOP, "light", "en"),
    ("catching-up", "/catch-up", DESKTOP, "light", "en"),
    (
        "composer",
        "/ > [data-composer] textarea > [popovertarget$=-more] > [name=part][value=poll]",
        DESKTOP,
        "light",
        "en",
    ),
    ("posts-to-come", "/scheduled", DESKTOP, "light", "en"),
    ("working-hours", "/settings/notifications", DESKTOP, "light", "en"),
)


def main() -> int:
    """Make them all; 0 when every picture is there."""
    chromium = os.environ.get("TEST_CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        print("parvis: install Chromium first", file=sys.stderr)
        return 1
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        base = f"http://127.0.0.1:{port}"
        settings = os.environ | {
            "PORT": str(port),
            "INTRANET_DATA": data,
            "DATABASE_URL": f"sqlite:///{data}/parvis.db",
            "INTRANET_BASE_URL": base,
            "INTRANET_RATE_LIMITS": "false",
        }
        company = [sys.executable, "-m", "intranet.cli.main", "demo"]
        told = subprocess.run(
            company, cwd=ROOT, env=settings, check=True, stdout=subprocess.PIPE, text=True
        ).stdout
        found = re.search(r"sign in as (\S+) \(employee\), password (\S+)", told)
        assert found, told
        server = subprocess.Popen(
            [sys.executable, "-m", "intranet.servers.embedded"], cwd=ROOT, env=settings
        )
        try:
            _wait(base)
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
                )
                _take_all(browser, base, found[1], found[2])
                browser.close()
        finally:
            server.terminate()
            server.wait(20)
    return 0


def _wait(base: str) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(f"{base}/healthz", timeout=2)  # noqa: S310  (our own server)
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("parvis: the server did not start")


def _take_all(browser: Browser, base: str, handle: str, password: str) -> None:
    context = browser.new_context(base_url=base, viewport=DESKTOP, locale="en-GB")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto("/login")
    page.screenshot(path=OUT / "sign-in.png")
    page.fill("[name=handle]", handle)
    page.fill("[name=password]", password)
    page.click("main button.btn--go")
    page.wait_for_url(f"{base}/")
    cookies: Any = context.cookies()
    context.close()
    language = ""
    for name, address, size, scheme, wanted in SHOTS:
        more: Any = {"viewport": size, "color_scheme": scheme}
        context = browser.new_context(base_url=base, reduced_motion="reduce", **more)
        context.add_cookies(cookies)
        page = context.new_page()
        if wanted != language:
            page.goto("/settings/display")
            page.select_option("[name=locale]", wanted)
            with page.expect_response(lambda answer: answer.request.method == "POST"):
                page.eval_on_selector("[name=locale]", "field => field.form.requestSubmit()")
            page.wait_for_load_state("load")
            language = wanted
            page.goto("/settings/display")
        start, *presses = address.format(person=handle).split(" > ")
        page.goto(start)
        for press in presses:
            page.locator(press).first.click()
            page.wait_for_load_state("networkidle")
        page.wait_for_load_state("load")
        page.wait_for_timeout(700)
        page.screenshot(path=OUT / f"{name}.png")
        context.close()
    for picture in OUT.glob("*.png"):
        _shrink(picture)


def _shrink(path: Path) -> None:
    """Few colours are enough for a page: below LARGEST, whatever it shows."""
    with Image.open(path) as opened:
        image = opened.convert("RGB")
    for colours in (256, 128, 64, 32):
        image.quantize(colours, dither=Image.Dither.NONE).save(path, optimize=True)
        if path.stat().st_size <= LARGEST:
            return


if __name__ == "__main__":
    sys.exit(main())
