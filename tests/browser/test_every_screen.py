"""What holds for every screen: axe finds nothing, nothing scrolls sideways, scripts stay quiet."""

from __future__ import annotations

import json

import pytest

from tests.browser import screens
from tests.browser.conftest import DESKTOP, NARROW, PHONE, ROOT, Opener

AXE = ROOT / "node_modules/axe-core/axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Night changes colours and nothing else (see test_night_is_nothing_but_colours).
OF_COLOURS = ["color-contrast", "link-in-text-block"]
ASKED = {"light": {"type": "tag", "values": TAGS}, "dark": {"type": "rule", "values": OF_COLOURS}}
RUN = """asked => axe.run(document, {runOnly: asked, resultTypes: ["violations"]})"""
TOO_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
    [...document.querySelectorAll('body *')]
      .filter(element => element.getBoundingClientRect().right > innerWidth + 1)
      .slice(0, 5).map(element => element.outerHTML.slice(0, 120))"""


def test_night_is_nothing_but_colours() -> None:
    """So that what holds by day, colours apart, holds by night."""
    sheets = list((ROOT / "static/css").glob("*.css"))
    assert sheets
    assert [sheet.name for sheet in sheets if "prefers-color-scheme" in sheet.read_text()] == []


def name(value: object) -> str:
    return str(value).strip("/").replace("/", "-") if isinstance(value, str) else ""


@pytest.mark.parametrize(("handle", "address"), screens.ALL, ids=name)
def test_anybody_can_use_it(open_page: Opener, handle: str | None, address: str) -> None:
    # The audit alone passes by the policy; every other test runs under it.
    page = open_page(address, handle, bypass_csp=True)
    faults = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.reload()  # colours change in a transition, which the audit would see half-way
        page.add_script_tag(content=AXE.read_text(encoding="utf-8"))
        for viewport in (DESKTOP, PHONE):
            page.set_viewport_size(viewport)  # type: ignore[arg-type]
            for rule in page.evaluate(RUN, ASKED[scheme])["violations"]:
                nodes = [node["html"][:200] for node in rule["nodes"][:3]]
                faults.append((rule["id"], viewport["width"], scheme, nodes))
    assert not faults, json.dumps(faults, indent=1, ensure_ascii=False)
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    assert not page.evaluate(TOO_WIDE), "scrolls sideways at 320 pixels"
