"""The reader's place survives: whatever comes, opens, closes or changes, the first visible post
moves 0 px."""

from __future__ import annotations

import re
import struct
import zlib
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Opener
from tests.browser.test_live import GROUP, SECOND, live, publish_by_request

_FIRST = """() => {
  const bar = document.querySelector(".topbar").getBoundingClientRect().bottom;
  const first = [...document.querySelectorAll("[data-timeline] > article, [data-reply]")]
    .find((one) => one.getBoundingClientRect().bottom > bar);
  return [first.id, first.getBoundingClientRect().top];
}"""


def place(page: Page) -> list[Any]:
    """The first post in sight, and how far it stands from the top of the window."""
    return page.evaluate(_FIRST)  # type: ignore[no-any-return]


def at(page: Page, id_: str) -> float:
    return float(
        page.evaluate("(id) => document.getElementById(id).getBoundingClientRect().top", id_)
    )


def post_by_request(page: Page, path: str, **form: str) -> str:
    """Do it with the session of this page, while its own scripts know nothing of it."""
    token = page.locator("meta[name=csrf-token]").get_attribute("content")
    answer = page.context.request.post(
        path,
        form={"csrf_token": token or "", **form},
        headers={"Origin": re.match(r"https?://[^/]+", page.url)[0]},  # type: ignore[index]
        max_redirects=0,
    )
    assert answer.status in (200, 201, 303), answer.text()
    return answer.headers.get("location", "")


def picture() -> bytes:
    """A PNG of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checked = kind + data
        return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))

    rows = b"".join(b"\0" + b"\x20\x80\x70" * 400 for _ in range(300))
    head = struct.pack(">IIBBBBB", 400, 300, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )  # fmt: skip


def with_picture(page: Page, text: str) -> str:
    """Publish a post with a picture; its id."""
    token = page.locator("meta[name=csrf-token]").get_attribute("content") or ""
    origin = {"Origin": re.match(r"https?://[^/]+", page.url)[0]}  # type: ignore[index]
    answer = page.context.request.post(
        f"{GROUP}/posts",
        multipart={
            "csrf_token": token, "source": text,
            "files": {"name": "tram.png", "mimeType": "image/png", "buffer": picture()},
        },
        headers=origin,
        max_redirects=0,
    )  # fmt: skip
    assert answer.status == 303, answer.text()
    return re.search(r"/posts/(\d+)", answer.headers["location"])[1]  # type: ignore[index]


def read_down_to(page: Page, post_id: str) -> None:
    """Scroll as a reader does, until the post is the first or second in sight."""
    page.evaluate("(id) => scrollTo(0, scrollY + document.getElementById(id)"
                  ".getBoundingClientRect().top - 220)", f"post-{post_id}")  # fmt: skip
    page.wait_for_timeout(300)


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("viewport", "arriving"), [(DESKTOP, 20), (PHONE, 20)])
def test_the_first_visible_post_moves_0_px_in_a_timeline(
    open_page: Opener, viewport: Any, arriving: int
) -> None:
    author = open_page(GROUP, as_="ines")
    for number in range(6):
        publish_by_request(author, f"Below number {number}. " + "Brakes and wheels. " * 20)
    shown = with_picture(author, "The new trainset")
    above = post_by_request(author, f"{GROUP}/posts", source="A short word").rsplit("/", 1)[-1]
    above = re.match(r"\d+", above)[0]  # type: ignore[index]
    for number in range(3):
        publish_by_request(author, f"Above number {number}. " + "Doors and windows. " * 20)

    reader = live(open_page(GROUP, as_="camille", viewport=viewport))
    read_down_to(reader, shown)
    before = place(reader)
    assert reader.evaluate("scrollY") > 300, "the reader is in the middle of the list"

    for number in range(arriving):
        publish_by_request(author, f"Arrival {number}.")
    expect(reader.locator(".live")).to_contain_text(str(arriving), timeout=10 * SECOND)
    assert place(reader) == before, "posts arrived"

    reader.locator(f"#post-{shown} a[data-lightbox]").dispatch_event("click")
    expect(reader.locator(".lightbox")).to_be_visible()
    assert at(reader, before[0]) == before[1], "an image is open"
    reader.keyboard.press("Escape")
    expect(reader.locator(".lightbox")).to_have_count(0)
    assert place(reader) == before, "the image is closed"

    text = f"No longer a short word, for {viewport['width']}. " + "It goes on. " * 60
    post_by_request(author, f"/posts/{above}/edit", source=text)
    changed = reader.locator(f"#post-{above}")
    expect(changed).to_contain_text(f"for {viewport['width']}", timeout=5 * SECOND)
    assert at(reader, before[0]) == before[1], "a post above was edited"

    post_by_request(author, f"/posts/{above}/reactions", emoji="🎉")
    expect(changed.locator(".post__foot")).to_contain_text("1", timeout=5 * SECOND)
    assert at(reader, before[0]) == before[1], "a post above got a reaction"

    before = place(reader)
    reader.locator(f"#post-{shown} time").first.dispatch_event("click")
    reader.wait_for_url(re.compile(f"/posts/{shown}"))
    reader.go_back()
    reader.wait_for_url(re.compile(f"{GROUP}$"))
    reader.locator(f"#{before[0]}").wait_for(timeout=5 * SECOND)
    reader.wait_for_timeout(700)
    assert abs(at(reader, before[0]) - before[1]) < 1, "the reader went away and came back"


def test_nothing_moves_in_a_thread_until_it_is_asked_for(open_page: Opener) -> None:
    author = open_page(GROUP, as_="ines")
    root = post_by_request(author, f"{GROUP}/posts", source="Which day suits you?")
    root = re.search(r"/posts/(\d+)", root)[1]  # type: ignore[index]
    first = ""
    for number in range(12):
        made = post_by_request(
            author, f"/posts/{root}/replies", source=f"Reply {number}. " + "Words. " * 40
        )
        first = first or re.search(r"/posts/(\d+)", made)[1]  # type: ignore[index]
    reader = live(open_page(f"/posts/{root}", as_="camille"))
    reader.evaluate("scrollTo(0, 700)")
    reader.wait_for_timeout(200)
    before, height = place(reader), reader.evaluate("document.documentElement.scrollHeight")
    for number in range(3):
        post_by_request(author, f"/posts/{root}/replies", source=f"Late {number}.")
    post_by_request(author, f"/posts/{first}/replies", source="An answer to the first.")
    pill = reader.locator(".live--below")
    expect(pill).to_contain_text("4", timeout=5 * SECOND)
    assert place(reader) == before
    assert reader.evaluate("document.documentElement.scrollHeight") == height, "nothing was put in"
    expect(reader.get_by_text("Late 0.")).to_have_count(0)

    reader.keyboard.press(".")
    expect(reader.get_by_text("An answer to the first.")).to_have_count(1)
    order = reader.locator("[data-replies] > [data-reply]").evaluate_all(
        "all => all.map(one => one.querySelector('.post__body').textContent.trim().slice(0, 8))"
    )
    assert order[:2] == ["Reply 0.", "An answe"], "an answer stands after what it answers"
    assert order[-3:] == ["Late 0.", "Late 1.", "Late 2."]
    expect(pill).to_have_count(0)
    answered = reader.locator("[data-reply]", has_text="An answer to the first.")
    expect(answered).to_have_class(re.compile("reply--in"))

    # One's own reply is there at once, and asks for nothing.
    reader.locator("#reply textarea").fill("Thursday for me.")
    reader.locator("#reply button.btn--go").click()
    expect(reader.locator("[data-reply]", has_text="Thursday for me.")).to_have_count(1)
    reader.wait_for_timeout(600)
    expect(pill).to_have_count(0)
