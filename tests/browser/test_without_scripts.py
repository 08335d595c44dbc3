"""The whole main job with JavaScript turned off."""

from __future__ import annotations

import io

from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser import company
from tests.browser.conftest import Opener


def picture() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (320, 200), (0, 94, 80)).save(made, "PNG")
    return made.getvalue()


def sign_in(page: Page, handle: str) -> None:
    page.fill("[name=handle]", handle)
    page.fill("[name=password]", company.PASSWORD)
    page.click("main button.btn--go")


def test_sign_in_follow_join_publish_and_answer(open_page: Opener) -> None:
    page = open_page("/", as_=None, scripts=False)
    sign_in(page, "grace")
    expect(page.get_by_role("navigation", name="Main", exact=True)).to_be_visible()

    page.goto("/@tom")
    page.get_by_role("button", name="Follow Tom Verhaegen").click()
    expect(page.get_by_role("button", name="Following")).to_be_visible()

    page.goto("/groups/canteen")
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_text("Joined")).to_be_visible()

    page.goto("/groups/canteen")
    page.fill("form.composer textarea", "Soup of the day, *without* scripts")
    page.set_input_files(
        "form.composer input[type=file] >> nth=0",
        {"name": "soup.png", "mimeType": "image/png", "buffer": picture()},
    )
    page.fill("form.composer [name=alt_text]", "A green soup")
    page.click("form.composer button.btn--go")
    expect(page.locator("article.post em", has_text="without")).to_be_visible()
    expect(page.get_by_alt_text("A green soup")).to_be_visible()

    page.fill("form.composer[data-composer=reply] textarea", "And it is good.")
    page.click("form.composer[data-composer=reply] button.btn--go")
    expect(page.get_by_text("And it is good.")).to_be_visible()

    page.get_by_role("button", name="Your account, Grace Okafor").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("[name=password]")).to_be_visible()


def test_the_phone_menu_opens_by_itself(open_page: Opener) -> None:
    page = open_page("/people", viewport={"width": 390, "height": 844}, scripts=False)
    page.get_by_role("button", name="Menu").click()
    expect(page.locator("#phone-menu").get_by_role("link", name="Tramway T4")).to_be_visible()
