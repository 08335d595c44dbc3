"""Everything by keyboard: shortcuts, writing, menus, and focus that is never lost."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id || document.activeElement.tagName"))


def test_walks_through_posts_and_finds_the_list_of_keys(open_page: Opener) -> None:
    page = open_page("/timelines/organisation")
    ids = [one.get_attribute("id") for one in page.locator("article.post").all()[:3]]
    page.keyboard.press("j")
    assert focused(page) == ids[0]
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert focused(page) == ids[2]
    bar = page.locator(".topbar").bounding_box()
    here = page.locator(f"#{ids[2]}").bounding_box()
    assert bar
    assert here
    assert here["y"] >= bar["y"] + bar["height"] - 1, "the bar covers the post"
    page.keyboard.press("k")
    assert focused(page) == ids[1]

    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    assert focused(page) == ids[1]

    page.keyboard.press("g")
    page.keyboard.press("p")
    expect(page).to_have_url(re.compile("/people$"))
    page.wait_for_load_state()  # keys are heard once the script is there
    page.keyboard.press("/")
    page.keyboard.type("j?")  # typing is never a shortcut
    expect(page.locator(".topbar .search input")).to_have_value("j?")


def test_reacting_keeps_the_focus_and_the_place(open_page: Opener) -> None:
    page = open_page("/timelines/organisation")
    for _ in range(3):
        page.keyboard.press("j")
    post = page.locator("article.post:focus")
    identity = post.get_attribute("id")
    save = page.locator(f"#{identity} button[formaction$='/bookmark']")
    save.focus()
    top = page.evaluate("scrollY")
    page.keyboard.press("Enter")
    expect(page.locator(f"#{identity} button[formaction$='/bookmark/remove']")).to_be_focused()
    assert page.evaluate("scrollY") == top


def test_a_draft_comes_back_and_is_published_once(open_page: Opener) -> None:
    page = open_page("/groups/tramway-t4")
    page.keyboard.press("n")
    page.keyboard.type("A draft that survives")
    expect(page.locator(".composer__note")).to_contain_text("Draft saved")
    page.reload()
    text = page.locator("form.composer textarea")
    expect(text).to_have_value("A draft that survives")
    text.focus()
    page.keyboard.press("Control+Enter")
    page.keyboard.press("Control+Enter")
    expect(page.locator("article.post", has_text="A draft that survives")).to_have_count(1)
    page.goto("/groups/tramway-t4")
    expect(page.locator("article.post", has_text="A draft that survives")).to_have_count(1)
    expect(page.locator("form.composer textarea")).to_have_value("")


def test_mentions_are_proposed_and_chosen(open_page: Opener) -> None:
    page = open_page("/groups/tramway-t4")
    page.keyboard.press("n")
    page.keyboard.type("Ask @in")
    option = page.get_by_role("option", name=re.compile("Inès Kaddour"))
    expect(option).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("form.composer textarea")).to_have_value("Ask @ines ")
    page.locator("[data-discard]").click()
    expect(page.locator("form.composer textarea")).to_have_value("")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("form.composer textarea")).to_have_value("Ask @ines ")
    page.locator("[data-discard]").click()


def test_older_posts_load_by_themselves_and_nothing_moves(open_page: Opener) -> None:
    page = open_page("/timelines/organisation")
    first = page.locator("article.post").first
    page.mouse.wheel(0, 20_000)
    expect(page.locator("article.post")).to_have_count(26)
    expect(page.locator("[data-more]")).to_have_count(0)
    assert page.locator("article.post").first.get_attribute("id") == first.get_attribute("id")


def test_arrows_walk_through_the_days_and_t_comes_back_to_today(open_page: Opener) -> None:
    page = open_page("/events?on=2030-01-15")

    def day() -> str:
        return str(page.evaluate("document.activeElement.dataset.day"))

    page.locator("[data-day='2030-01-09']").focus()
    steps = {"ArrowRight": "10", "ArrowDown": "17", "ArrowLeft": "16", "ArrowUp": "09"}
    for key, wanted in steps.items():
        page.keyboard.press(key)
        assert day() == f"2030-01-{wanted}"
    page.locator("[data-day='2029-12-31']").focus()
    page.keyboard.press("ArrowUp")
    expect(page).to_have_url(re.compile("on=2029-12-01"))
    page.wait_for_load_state()
    page.keyboard.press("t")
    expect(page.locator("[data-day][aria-current=date]")).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("o")
    expect(page).to_have_url(re.compile("/timelines/organisation$"))
