"""How much the first visit to the home page weighs: 60 KB compressed, photos apart."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable
from typing import Any

from tests.browser.conftest import Opener, Site

BUDGET = {"document": 12, "stylesheet": 9, "script": 36, "all": 60}  # KB of 1,000 bytes


def weigh(address: str, cookie: str) -> int:
    """Bytes of the answer as they cross the wire for a browser that takes Brotli."""
    request = urllib.request.Request(
        address, headers={"Accept-Encoding": "br, gzip", "Cookie": cookie}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return len(answer.read())


def test_the_first_load_of_home_stays_light(
    open_page: Opener, site: Site, cookies: Callable[[str], Any]
) -> None:
    page = open_page("/", as_="grace")  # in whose home nothing comes from other tests
    seen: dict[str, str] = {}
    page.on("request", lambda request: seen.setdefault(request.url, request.resource_type))
    page.reload(wait_until="networkidle")
    cookie = "; ".join(f"{one['name']}={one['value']}" for one in cookies("grace"))
    sizes: dict[str, int] = {"all": 0}
    for address, kind in seen.items():
        if kind in ("websocket", "image") and not address.endswith(".svg"):
            continue
        size = weigh(address, cookie)
        sizes[kind] = sizes.get(kind, 0) + size
        sizes["all"] += size
    assert len(seen) <= 10, seen
    for kind, most in BUDGET.items():
        assert sizes[kind] <= most * 1000, sizes
