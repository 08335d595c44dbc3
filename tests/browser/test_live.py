"""Two people, two browsers, a server that is restarted: nothing is lost, nothing comes twice."""

from __future__ import annotations

import re
import time
from urllib.parse import urlencode

from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, Opener, Site

GROUP = "/groups/tramway-t4"
SECOND = 1000  # ms


def live(page: Page) -> Page:
    """Wait until the page's websocket is open."""
    page.locator("html[data-live=on]").wait_for(timeout=15 * SECOND)
    return page


def publish(page: Page, text: str) -> None:
    """Publish through the group's composer, as a person does."""
    page.locator("form.composer textarea").first.fill(text)
    with page.expect_response(
        lambda answer: answer.request.method == "POST" and "/posts" in answer.url
    ) as answered:
        page.locator("form.composer button.btn--go").first.click()
    assert answered.value.status in (200, 201, 303)


def publish_by_request(page: Page, text: str) -> None:
    """Publish with the session of this page, while its own scripts know nothing of it."""
    token = page.locator("meta[name=csrf-token]").get_attribute("content")
    answer = page.context.request.post(
        f"{GROUP}/posts",
        form={"source": text, "csrf_token": token or ""},
        headers={"Origin": re.match(r"https?://[^/]+", page.url)[0]},
        max_redirects=0,
    )
    assert answer.status in (201, 303), answer.text()


def texts(page: Page) -> list[str]:
    return page.locator("[data-timeline] > article .post__body").all_inner_texts()


def test_pill_badge_and_toast_come_by_themselves(open_page: Opener) -> None:
    reader = live(open_page("/", as_="camille"))
    _notify_everything(reader)
    reader.goto("/")
    live(reader)
    author = live(open_page(GROUP, as_="ines"))
    before = texts(reader)
    top = reader.locator("[data-timeline] > article").first.bounding_box()
    publish(author, "The night run begins at ten.")
    # How soon is measured by bench/sockets.py: here two browsers share two cores with others.
    expect(reader.locator(".live")).to_contain_text("Inès", timeout=3 * SECOND)
    expect(reader.locator(".toast")).to_contain_text("Inès", timeout=3 * SECOND)
    expect(reader.locator("[data-unread-notifications]").first).to_be_visible(timeout=3 * SECOND)
    assert texts(reader) == before, "nothing is put under the reader's eyes unasked"
    moved = reader.locator("[data-timeline] > article").first.bounding_box()
    assert moved == top, "the first post stays where it is"
    assert reader.title().startswith("(")
    reader.keyboard.press(".")
    expect(reader.locator("[data-timeline] > article").first).to_contain_text("night run")
    expect(reader.locator(".live")).to_have_count(0)


def _notify_everything(page: Page) -> None:
    """Choose to be told of every post of the group."""
    page.goto(GROUP)
    token = page.locator("meta[name=csrf-token]").get_attribute("content")
    answer = page.context.request.post(
        f"{GROUP}/notify", form={"level": "everything", "csrf_token": token or ""}
    )
    assert answer.ok, answer.status


def test_replies_come_into_an_open_thread_when_asked_for_and_counts_change_in_place(
    open_page: Opener,
) -> None:
    author = live(open_page(GROUP, as_="tom"))
    publish(author, "Which wheel lathe is free on Friday?")
    post = author.locator("[data-timeline] > article", has_text="wheel lathe").first
    address = f"/posts/{post.get_attribute('id').removeprefix('post-')}"
    onlooker = live(open_page(GROUP, as_="camille"))
    author.goto(address)
    live(author)
    colleague = live(open_page(address, as_="camille"))
    box = colleague.locator("form[action$='/replies'] textarea").first
    box.fill("The one in Lyon.")
    colleague.locator("form[action$='/replies'] button.btn--go").first.click()
    reply = author.locator("[data-reply]", has_text="The one in Lyon.")
    author.locator(".live--below").click(timeout=3 * SECOND)
    expect(reply).to_have_count(1, timeout=3 * SECOND)
    time.sleep(0.5)
    expect(reply).to_have_count(1)
    counted = onlooker.locator(f"#post-{address.rsplit('/', 1)[1]} a[data-key=r] .num")
    expect(counted).to_have_text("1", timeout=3 * SECOND)
    colleague.locator(f"#post-{address.rsplit('/', 1)[1]} button[data-key=l]").first.dispatch_event(
        "click"
    )
    star = onlooker.locator(f"#post-{address.rsplit('/', 1)[1]} .react", has_text="⭐")
    expect(star.first).to_contain_text("1", timeout=3 * SECOND)


def _fold(page: Page, keyword: str) -> None:
    """Let a filter fold what holds the word, in timelines and threads."""
    page.goto("/settings/filters")
    token = page.locator("meta[name=csrf-token]").get_attribute("content")
    sent = {
        "title": "Brakes", "keywords": keyword, "act": "warn", "expires": "",
        "context": ["public", "thread"], "csrf_token": token,
    }  # fmt: skip
    answer = page.context.request.post(
        "/settings/filters",
        data=urlencode(sent, doseq=True),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert answer.ok, answer.text()


def test_what_a_filter_folds_comes_folded_and_once(open_page: Opener) -> None:
    reader = open_page("/", as_="camille")
    _fold(reader, "squealing")
    reader.goto(GROUP)
    live(reader)
    author = live(open_page(GROUP, as_="ines"))
    publish(author, "The squealing is back.")
    for text in ("One more word.", "And another one."):
        reader.locator(".live").click(timeout=5 * SECOND)
        folded = reader.locator("[data-timeline] > article.filtered", has_text="squealing")
        expect(folded).to_have_count(1)
        expect(reader.locator("article.post", has_text="The squealing is back.")).to_have_count(1)
        posts = reader.get_by_role("feed", name="Posts")
        expect(posts.get_by_text("The squealing is back.")).to_be_hidden()
        expect(reader.locator(".live")).to_have_count(0)
        publish(author, text)


def test_a_folded_reply_comes_folded_too(open_page: Opener) -> None:
    author = live(open_page(GROUP, as_="tom"))
    publish(author, "What is it with unit 9?")
    post = author.locator("[data-timeline] > article", has_text="unit 9").first
    address = f"/posts/{post.get_attribute('id').removeprefix('post-')}"
    reader = open_page("/", as_="camille")
    _fold(reader, "screeching")
    reader.goto(address)
    live(reader)
    author.goto(address)
    for text in ("It is screeching.", "Nothing else."):
        author.locator("form[action$='/replies'] textarea").first.fill(text)
        author.locator("form[action$='/replies'] button.btn--go").first.click()
        reader.locator(".live--below").click(timeout=3 * SECOND)
        expect(reader.locator("[data-reply]", has_text=text)).to_have_count(1, timeout=3 * SECOND)
    folded = reader.locator("[data-replies] > .filtered [data-reply]", has_text="screeching")
    expect(folded).to_have_count(1)
    expect(folded).to_be_hidden()
    expect(reader.locator("[data-replies] > [data-reply]", has_text="Nothing")).to_be_visible()


def test_after_a_restart_all_that_was_missed_is_there_once(site: Site, open_page: Opener) -> None:
    reader = live(open_page(GROUP, as_="camille", viewport=DESKTOP, expected=("net::ERR_",)))
    author = live(open_page(GROUP, as_="ines", expected=("net::ERR_",)))
    publish(author, "Before the restart.")
    expect(reader.locator(".live")).to_contain_text("Inès", timeout=3 * SECOND)
    reader.locator(".live").click()
    expect(reader.locator("article", has_text="Before the restart.")).to_have_count(1)
    site.stop()
    reader.locator("html[data-live=off]").wait_for(timeout=10 * SECOND)
    expect(reader.locator("[data-connection]")).to_be_visible(timeout=10 * SECOND)
    # The reader stays deaf while the server is back and five posts arrive.
    reader.context.set_offline(True)
    site.start()
    for number in range(5):
        publish_by_request(author, f"Missed number {number}.")
    reader.context.set_offline(False)
    live(reader)
    expect(reader.locator("[data-connection]")).to_be_hidden(timeout=15 * SECOND)
    expect(reader.locator(".live")).to_be_visible(timeout=10 * SECOND)
    reader.locator(".live").click()
    for number in range(5):
        found = reader.locator("[data-timeline] > article", has_text=f"Missed number {number}.")
        expect(found).to_have_count(1, timeout=5 * SECOND)
    order = [text for text in texts(reader) if text.startswith("Missed")]
    assert order == [f"Missed number {number}." for number in (4, 3, 2, 1, 0)]
    publish_by_request(author, "After all that.")
    expect(reader.locator(".live")).to_be_visible(timeout=10 * SECOND)
    reader.locator(".live").click()
    expect(reader.locator("article", has_text="After all that.")).to_have_count(1)
    for number in range(5):
        found = reader.locator("[data-timeline] > article", has_text=f"Missed number {number}.")
        expect(found).to_have_count(1)
