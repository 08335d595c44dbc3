"""Writing: the draft follows its author, the form says whom it reaches and what it will show."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import Opener

GROUP = "/groups/tramway-t4"
FORM = "form.composer"


def test_what_is_typed_is_found_in_another_browser(open_page: Opener) -> None:
    laptop = open_page(GROUP, as_="ines")
    text = laptop.locator(f"{FORM} textarea").first
    text.focus()
    with laptop.expect_response(re.compile("/drafts$")) as kept:
        text.press_sequentially("Half a thought @camille")
    assert kept.value.ok
    expect(laptop.locator(f"{FORM} [data-reach]").first).to_contain_text("Reaches", timeout=5000)
    phone = open_page(GROUP, as_="ines", viewport={"width": 390, "height": 844})
    restored = phone.locator(f"{FORM} textarea").first
    expect(restored).to_have_value("Half a thought @camille")
    expect(phone.locator(f"{FORM} .composer__note").first).to_contain_text("Your draft is back")
    phone.locator(f"{FORM} textarea").first.focus()
    phone.get_by_role("button", name="Preview").first.click()
    preview = phone.locator("[data-preview]")
    expect(preview).to_contain_text("Half a thought")
    expect(preview.locator("a.mention")).to_have_text("@camille")
    expect(phone.locator(f"{FORM} textarea").first).to_have_value("Half a thought @camille")
    phone.locator(f"{FORM} button.btn--go").first.click()
    expect(phone.locator("article.post", has_text="Half a thought").first).to_be_visible()
    # Sent: no device finds it again.
    laptop.goto(laptop.url)
    expect(laptop.locator(f"{FORM} textarea").first).to_have_value("")


def test_without_scripts_a_draft_is_kept_by_a_button(open_page: Opener) -> None:
    page = open_page(GROUP, as_="ines", scripts=False)
    page.locator(f"{FORM} textarea").first.fill("Kept by hand")
    page.get_by_role("button", name="More for this post").first.click()
    page.get_by_role("button", name="Save as a draft").click()
    expect(page.locator("h1")).to_have_text("Drafts")
    page.get_by_role("link", name="Go on writing").first.click()
    expect(page.locator(f"{FORM} textarea")).to_have_value("Kept by hand")
    page.locator(f"{FORM} button.btn--go").click()
    expect(page.locator("article.post", has_text="Kept by hand").first).to_be_visible()


def test_whom_one_praises_is_picked_by_name_with_the_keyboard(open_page: Opener) -> None:
    page = open_page(GROUP, as_="ines")
    page.locator(f"{FORM} textarea").first.fill("Well done")
    page.get_by_role("button", name="More for this post").first.click()
    page.locator("button[value=praise]").first.click()
    field = page.get_by_role("combobox", name="Whom do you praise?")
    field.focus()
    field.press_sequentially("cami")
    expect(page.locator("[data-people] [role=option]").first).to_contain_text("@camille")
    field.press("Enter")
    sent = page.locator("[name=praised]")
    expect(sent).to_have_value("@camille")
    expect(page.locator(".people__one")).to_have_count(1)
    field.press("Backspace")
    expect(page.locator("[data-let-go]")).to_be_focused()
    page.keyboard.press("Delete")
    expect(sent).to_have_value("")
    expect(field).to_be_focused()
