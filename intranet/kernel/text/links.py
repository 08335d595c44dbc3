"""The addresses in a post's HTML: our own output, never what somebody wrote."""

from __future__ import annotations

from collections.abc import Iterable
from html.parser import HTMLParser
from urllib.parse import urlsplit

LONGEST = 2000
_TITLE = 200


def links_in(html: str) -> dict[str, str]:
    """The web addresses of other places and what each is called there; an address that is
    written out is called by its host and path. Mentions and hashtags are not among them."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return dict(reader.found)


def _named(href: str, words: str) -> str:
    parts = urlsplit(href)
    plain = f"{parts.netloc}{parts.path}".rstrip("/")
    is_address = not words or words.startswith(("http://", "https://", parts.netloc))
    return (plain if is_address else words)[:_TITLE]


class _Reader(HTMLParser):
    """Collects links with their texts."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, str]] = []
        self._href: str | None = None
        self._words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._href = _href_of(attrs)
            self._words = []

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._href is not None:
            words = " ".join("".join(self._words).split())
            self.found.append((self._href, _named(self._href, words)))
            self._href = None

    def handle_data(self, data: str) -> None:
        self._words.append(data)


def _href_of(attrs: Iterable[tuple[str, str | None]]) -> str | None:
    href = dict(attrs).get("href") or ""
    if not href.startswith(("http://", "https://")) or len(href) > LONGEST:
        return None
    return href
