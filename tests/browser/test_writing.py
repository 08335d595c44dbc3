"""Writing: the draft follows its author, the form says whom it reaches and what it will show."""

from __future__ import annotations

import re

from playwright.sync_api import Route, expect

from tests.browser.conftest import Opener
from tests.media.pictures import picture

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
    # No other test is to meet this draft.
    page.locator("button[name=without][value=praise]").click()
    expect(sent).to_have_count(0)
    with page.expect_response(re.compile("/drafts$")):
        page.locator(f"{FORM} textarea").first.fill("")


BRING = """([how, name, bytes]) => {
  const data = new DataTransfer();
  data.items.add(new File([Uint8Array.from(bytes)], name, {type: "image/png"}));
  const form = document.querySelector("form.composer");
  if (how === "paste") {
    const told = {clipboardData: data, bubbles: true, cancelable: true};
    form.querySelector("textarea").dispatchEvent(new ClipboardEvent("paste", told));
  } else {
    for (const type of ["dragover", "drop"]) {
      const event = new DragEvent(type, {dataTransfer: data, bubbles: true, cancelable: true});
      form.dispatchEvent(event);
    }
  }
}"""


def test_pictures_are_pasted_dropped_moved_and_come_back_when_discarded(
    open_page: Opener,
) -> None:
    page = open_page(GROUP, as_="ines")
    form = page.locator(FORM).first
    form.locator("textarea").fill("Two views")
    bytes_ = list(picture("PNG", (60, 40)).getvalue())
    for how in ("paste", "drop"):
        page.evaluate(BRING, [how, f"{how}.png", bytes_])
    files = form.locator(".composer__file")
    expect(files).to_have_count(2)
    expect(form.locator(".composer__file[aria-busy]")).to_have_count(0)
    expect(files.first).to_contain_text("paste.png")
    files.last.locator("[data-step=up]").focus()
    page.keyboard.press("Enter")
    expect(files.first).to_contain_text("drop.png")
    form.locator("[data-discard]").click()
    expect(files).to_have_count(0)
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(form.locator("textarea")).to_have_value("Two views")
    expect(files.first).to_contain_text("drop.png")
    for field in form.locator("[name^=alt-]").all():
        field.fill("A line")
    form.locator("button.btn--go").click()
    sent = page.locator("article.post", has_text="Two views")
    expect(form.locator(".error")).to_have_count(0)
    expect(form.locator("textarea")).to_have_value("", timeout=15000)
    expect(sent.locator(".post__media img")).to_have_count(2)


def test_a_form_sent_too_early_or_without_a_network_is_sent_afterwards_and_once(
    open_page: Opener,
) -> None:
    page = open_page(GROUP, as_="ines", expected=("DISCONNECTED", "htmx:"))
    form = page.locator(FORM).first
    form.locator("textarea").fill("Patience")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/media", hold)
    page.evaluate(BRING, ["drop", "slow.png", list(picture("PNG", (60, 40)).getvalue())])
    send = form.locator("button.btn--go")
    send.click()
    expect(page.locator("#toasts")).to_contain_text("still being sent")
    for _ in range(100):
        if held:
            break
        page.wait_for_timeout(50)
    held[0].continue_()
    form.locator("[name^=alt-]").fill("A line")
    page.context.set_offline(True)
    send.click()
    toast = page.locator("#toasts .toast", has_text="cannot be reached")
    expect(toast).to_be_visible()
    expect(form.locator("textarea")).to_have_value("Patience")
    page.context.set_offline(False)
    toast.get_by_role("button", name="Try again").click()
    sent = page.locator("article.post", has_text="Patience")
    expect(sent).to_have_count(1)
    page.reload()
    expect(sent).to_have_count(1)
    # A form on a page of its own does not leave it while there is no network.
    page.goto(f"{page.url.split('/groups')[0]}{sent.locator('[data-key=e]').get_attribute('href')}")
    form.locator("textarea").fill("Patience, changed")
    page.context.set_offline(True)
    send.click()
    expect(toast).to_be_visible()
    page.context.set_offline(False)
    toast.get_by_role("button", name="Try again").click()
    expect(page.locator("article.post").first).to_contain_text("Patience, changed")
