"""A poll by keyboard and live, and without scripts on a phone."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener

GROUP = "/groups/tramway-t4"


def _ask(page: Page, text: str, *answers: str) -> None:
    """Open the part of the form, answer by answer, and publish by the button."""
    page.locator("form.composer textarea").first.fill(text)
    page.get_by_role("button", name="More for this post").first.click()
    page.get_by_role("button", name="Poll", exact=True).click()
    for number, answer in enumerate(answers, 1):
        page.get_by_role("textbox", name=f"Answer {number}", exact=True).fill(answer)
    page.locator("form.composer button.btn--go").first.click()


def test_votes_by_keyboard_are_counted_on_the_other_screen(open_page: Opener) -> None:
    author = open_page(GROUP, as_="ines")
    author.locator("html[data-live=on]").wait_for(timeout=15000)
    _ask(author, "Which bogie first?", "Front", "Rear", "Middle")
    asked = author.locator("article.post", has_text="Which bogie first?").first
    expect(asked.locator(".poll")).to_contain_text("0 people have voted")
    # What was of that post is not of the next.
    expect(author.locator("form.composer [data-part]")).to_have_count(0)
    voter = open_page(GROUP, as_="camille")
    post = voter.locator("article.post", has_text="Which bogie first?").first
    post.focus()
    voter.keyboard.press("v")
    expect(post.get_by_role("radio", name="Front")).to_be_focused()
    voter.keyboard.press("ArrowDown")
    voter.keyboard.press("Enter")
    expect(post.locator(".poll [data-chosen]")).to_contain_text("Rear")
    expect(asked.locator(".poll")).to_contain_text("1 person has voted", timeout=5000)
    expect(asked.locator(".poll")).to_contain_text("100%")


def test_a_poll_is_made_and_answered_on_a_phone_without_scripts(open_page: Opener) -> None:
    phone = {"width": 390, "height": 844}
    author = open_page(GROUP, as_="ines", viewport=phone, scripts=False)
    author.locator("form.composer textarea").first.focus()
    _ask(author, "Tea or coffee?", "Tea", "Coffee")
    expect(author.locator(".poll").first).to_contain_text("0 people have voted")
    voter = open_page(author.url.removeprefix(author.url.split("/posts/")[0]), as_="camille",
                      viewport=phone, scripts=False)  # fmt: skip
    voter.get_by_role("radio", name="Coffee").check()
    voter.get_by_role("button", name="Vote").click()
    expect(voter.locator(".poll [data-chosen]")).to_contain_text("Coffee")
    expect(voter.locator(".poll")).to_contain_text("1 person has voted")
