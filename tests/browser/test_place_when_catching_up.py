"""Who catches up keeps their place, too: twenty posts that concern them arrive, an image opens, a
post above is edited, they go into a conversation and come back; the first post in sight moves 0 px.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Opener
from tests.browser.test_live import GROUP, SECOND, live
from tests.browser.test_reading_place import at, post_by_request, read_down_to, with_picture

_FIRST = """() => {
  const bar = document.querySelector(".topbar").getBoundingClientRect().bottom;
  const first = [...document.querySelectorAll(".caught article[id]")]
    .find((one) => one.getBoundingClientRect().bottom > bar);
  return [first.id, first.getBoundingClientRect().top];
}"""
PATH = "/catch-up?since=yesterday"


def place(page: Page) -> list[Any]:
    return page.evaluate(_FIRST)  # type: ignore[no-any-return]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE])
def test_the_first_visible_post_moves_0_px(open_page: Opener, viewport: Any) -> None:
    author = open_page(GROUP, as_="ines")
    for number in range(4):
        words = f"@camille below {number}. " + "Brakes and wheels. " * 20
        post_by_request(author, f"{GROUP}/posts", source=words)
    shown = with_picture(author, "@camille the new trainset")
    for number in range(3):
        words = f"@camille above {number}. " + "Doors. " * 60
        made = post_by_request(author, f"{GROUP}/posts", source=words)
    above = re.search(r"/posts/(\d+)", made)[1]  # type: ignore[index]

    reader = live(open_page(PATH, as_="camille", viewport=viewport))
    read_down_to(reader, shown)
    before = place(reader)
    assert reader.evaluate("scrollY") > 300, "the reader is in the middle of the list"

    for number in range(20):
        post_by_request(author, f"{GROUP}/posts", source=f"@camille arrival {number}.")
    expect(reader.locator(".toast").first).to_be_visible(timeout=10 * SECOND)
    reader.wait_for_timeout(500)
    assert place(reader) == before, "posts arrived"

    reader.locator(f"#post-{shown} a[data-lightbox]").dispatch_event("click")
    expect(reader.locator(".lightbox")).to_be_visible()
    assert at(reader, before[0]) == before[1], "an image is open"
    reader.keyboard.press("Escape")
    expect(reader.locator(".lightbox")).to_have_count(0)
    assert place(reader) == before, "the image is closed"

    text = f"@camille no longer a short word, for {viewport['width']}. " + "It goes on. " * 90
    post_by_request(author, f"/posts/{above}/edit", source=text)
    expect(reader.locator(f"#post-{above}")).to_contain_text("no longer", timeout=5 * SECOND)
    assert at(reader, before[0]) == before[1], "a post above was edited"

    before = place(reader)
    reader.locator(f"#post-{shown} time").first.dispatch_event("click")
    reader.wait_for_url(re.compile(f"/posts/{shown}"))
    reader.go_back()
    reader.wait_for_url(re.compile(r"/catch-up"))
    reader.locator(f"#{before[0]}").wait_for(timeout=10 * SECOND)
    reader.wait_for_timeout(700)
    assert abs(at(reader, before[0]) - before[1]) < 1, "the reader went away and came back"
