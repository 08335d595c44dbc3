"""Catching up by keyboard, and without scripts on a phone."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Opener


def test_two_keys_lead_there(
    open_page: Opener,
) -> None:
    page = open_page("/", as_="camille")
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_url("**/catch-up")
    expect(page.get_by_role("heading", name="You are up to date")).to_be_visible()
    expect(page.locator(".rail a[aria-current=page]")).to_contain_text("Catching up")


def test_all_of_it_works_on_a_phone_without_scripts(open_page: Opener) -> None:
    phone = {"width": 390, "height": 844}
    page = open_page("/catch-up?since=week", as_="camille", viewport=phone, scripts=False)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("link", name="What counts for me").click()
    page.locator("input[name=near]").fill("9")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("input[name=near]")).to_have_value("9")
    page.get_by_role("button", name="The usual weights again").click()
    expect(page.locator("input[name=near]")).to_have_value("6")
    page.get_by_role("link", name="Back to catching up").click()
    page.get_by_role("button", name="I have caught up").click()
    expect(page.get_by_role("status").first).to_contain_text("You are up to date.")
    page.get_by_role("button", name="Take the last time back").click()
    expect(page.get_by_role("button", name="Take the last time back")).to_have_count(0)
