"""An application inside Parvis, in a real browser: it learns who opens it and reaches no more."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE, Opener, Site


@pytest.fixture(scope="module")
def address(site: Site) -> str:
    return f"{site.base}/applications/sample/page?app=who-am-i"


def test_a_sample_is_put_into_the_directory_by_keyboard(open_page: Opener, address: str) -> None:
    page = open_page("/admin/directory/new", as_="leo")
    page.get_by_label("Name in English").focus()
    page.keyboard.type("Who am I")
    page.get_by_label("Start address").focus()
    page.keyboard.type(address)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Who am I is in the directory.")).to_be_visible()


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE])
def test_it_checks_who_opens_it_and_reaches_nothing_of_ours(
    open_page: Opener, viewport: dict[str, int]
) -> None:
    page = open_page("/applications", viewport=viewport)
    page.get_by_role("link", name="Who am I").press("Enter")
    frame = page.frame_locator("iframe[title='Who am I']")
    expect(frame.get_by_text("The signature is good.")).to_be_visible()
    expect(frame.get_by_role("heading")).to_have_text("Hello, Camille Renaud")
    inner = next(one for one in page.frames if "/sample/page" in one.url)
    assert inner.evaluate("self.origin") == "null"
    assert "parvis_context" not in inner.url, "the word is taken out of the address"
    assert inner.evaluate("() => { try { return parent.document.title } catch { return 0 } }") == 0
    assert inner.evaluate("() => { try { return document.cookie } catch { return 0 } }") == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]


def test_a_word_for_another_application_is_not_believed(open_page: Opener, address: str) -> None:
    page = open_page("/applications/who-am-i")
    source = page.locator("iframe").get_attribute("src") or ""
    other = open_page(re.sub(r"app=who-am-i", "app=another", source))
    expect(other.get_by_text("This word cannot be believed: aud")).to_be_visible()
