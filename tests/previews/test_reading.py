"""What is read of the pages of others, and which links are asked at all."""

from __future__ import annotations

import pytest

from intranet.previews.reading import decoded, read
from intranet.previews.rules import FirstLink, PreviewRules, first_link

URL = "https://www.example.org/news/1"
RULES = PreviewRules(on=True, own="https://intranet.example")


def _linked(*hrefs: str) -> str:
    return "".join(f'<p><a href="{href}">there</a></p>' for href in hrefs)


def test_a_page_says_what_it_is() -> None:
    page = """<html><head><title>Other</title><meta property="og:title" content="A &amp; B
      today"><meta name="description" content="plain"><meta property="og:description"
      content="About <b>it</b>"><meta property="og:site_name" content="Example">
      <meta property="og:image" content="/a.png"><meta property="og:title" content="Second">
      </head><body><meta property="og:site_name" content="Forged"></body>"""
    found = read(page, URL)
    assert (found.title, found.description) == ("A & B today", "About <b>it</b>")
    assert (found.site_name, found.image_url) == ("Example", "https://www.example.org/a.png")


def test_a_plain_page_has_its_title_and_its_host() -> None:
    found = read("<title> Just\n a title </title><p>text", URL)
    assert (found.title, found.description, found.site_name) == ("Just a title", "", "example.org")
    assert read("<p>no title", URL).title == ""


def test_long_and_tricky_words_are_cut_and_cleaned() -> None:
    found = read(f"<title>{'a' * 500}\u202egpj.exe\x00</title>", URL)
    assert len(found.title) == 200
    assert "\u202e" not in read("<title>x\u202egpj.exe</title>", URL).title


@pytest.mark.parametrize(
    "picture", ["javascript:alert(1)", "data:image/png;base64,AA", "file:///x"]
)
def test_a_picture_is_an_address_or_nothing(picture: str) -> None:
    page = f'<title>t</title><meta property="og:image" content="{picture}">'
    assert read(page, URL).image_url == ""


def test_the_encoding_is_the_one_that_is_named() -> None:
    assert decoded("é".encode("latin-1"), "text/html; charset=ISO-8859-1") == "é"
    assert decoded(b'<meta charset="windows-1252">\xe9', "text/html").endswith("é")
    for name in ("no-such", "idna", "undefined", "a\0b"):
        assert decoded("é".encode(), f"text/html; charset={name}") == "é"


def test_the_first_link_counts() -> None:
    both = _linked("https://example.org/a#part", "https://example.org/b")
    assert first_link(both, RULES) == FirstLink(url="https://example.org/a")
    assert first_link(both, PreviewRules(on=False, own=RULES.own)) == FirstLink()
    for href in ("http://example.org/", "https://example.org:8443/", "https://a@example.org/"):
        assert first_link(_linked(href), RULES) == FirstLink()


def test_what_lies_here_is_never_asked() -> None:
    for path, number in (("/posts/12", 12), ("/@ann/34", 34), ("/groups/board", None), ("", None)):
        link = first_link(_linked(f"https://intranet.example{path}"), RULES)
        assert link == FirstLink(post_id=number)


def test_a_list_of_sites_holds_for_what_lies_below_them() -> None:
    rules = PreviewRules(on=True, own=RULES.own, only=("example.org",))
    assert first_link(_linked("https://www.example.org/"), rules).url
    for href in (
        "https://example.com/",
        "https://badexample.org/",
        "https://example.org.evil.com/",
    ):
        assert first_link(_linked(href), rules) == FirstLink()
