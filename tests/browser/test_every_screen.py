"""What holds for every screen: axe finds nothing, nothing scrolls sideways, scripts stay quiet."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.browser import screens
from tests.browser.conftest import DESKTOP, NARROW, PHONE, ROOT, Opener

AXE = ROOT / "node_modules/axe-core/axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def name(value: object) -> str:
    return str(value).strip("/").replace("/", "-") if isinstance(value, str) else ""


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["1280", "390"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("handle", "address"), screens.ALL, ids=name)
def test_axe_finds_nothing(
    open_page: Opener, handle: str | None, address: str, scheme: str, viewport: object
) -> None:
    page = open_page(address, handle, viewport, scheme, bypass_csp=True)
    page.add_script_tag(content=Path(AXE).read_text(encoding="utf-8"))
    found = page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", TAGS
    )["violations"]
    assert not found, json.dumps(
        [[rule["id"], [node["html"][:200] for node in rule["nodes"][:3]]] for rule in found],
        indent=1,
        ensure_ascii=False,
    )


@pytest.mark.parametrize(("handle", "address"), screens.ALL, ids=name)
def test_nothing_scrolls_sideways_at_320(
    open_page: Opener, handle: str | None, address: str
) -> None:
    page = open_page(address, handle, NARROW)
    wide = page.evaluate(
        """() => document.documentElement.scrollWidth <= innerWidth ? [] :
        [...document.querySelectorAll('body *')]
          .filter(e => e.getBoundingClientRect().right > innerWidth + 1)
          .slice(0, 5).map(e => e.outerHTML.slice(0, 120))"""
    )
    assert not wide
