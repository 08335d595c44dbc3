"""Reads the head of a page of others: its title, what it says of itself, its picture.

Nothing of its markup is kept: what comes out is plain text, and an address.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import Message
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from intranet.kernel.text import normalise

MOST_READ = 256 * 1024  # of a page, in characters: the head stands at its beginning
_TITLE, _DESCRIPTION, _SITE = 200, 400, 80
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset=[\"']?([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """What a page says of itself; without a title it is not shown."""

    title: str = ""
    description: str = ""
    site_name: str = ""
    image_url: str = ""


def decoded(body: bytes, content_type: str) -> str:
    """The text of a page, by what its header or its beginning says; what cannot be read is
    replaced."""
    header = Message()
    header["Content-Type"] = content_type
    inside = _CHARSET.search(body[:2048])
    named = header.get_content_charset() or (inside[1].decode("ascii") if inside else "utf-8")
    try:
        return body.decode(named, "replace")
    except (LookupError, ValueError):  # unknown, or one of Python's own that is no charset
        return body.decode("utf-8", "replace")


def read(html: str, url: str) -> Found:
    """What the page at this address says of itself."""
    reader = _Head()
    reader.feed(html[:MOST_READ])
    said = reader.said
    title = _plain(said.get("og:title") or said.get("twitter:title") or reader.title, _TITLE)
    if not title:
        return Found()
    about = said.get("og:description") or said.get("description") or ""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    picture = said.get("og:image:secure_url") or said.get("og:image") or said.get("twitter:image")
    return Found(
        title,
        _plain(about, _DESCRIPTION),
        _plain(said.get("og:site_name", ""), _SITE) or host,
        _address(picture or "", url),
    )


def _plain(text: str, most: int) -> str:
    line = " ".join(normalise(text).split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def _address(raw: str, base: str) -> str:
    try:
        found = urljoin(base, raw.strip())
    except ValueError:
        return ""
    return found if raw.strip() and found.startswith(("http://", "https://")) else ""


class _Head(HTMLParser):
    """Collects the title and the meta elements in front of the body; the first of each counts."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: dict[str, str] = {}
        self.title = ""
        self._in_title = False
        self._over = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "body":
            self._over = True
        if self._over:
            return
        if tag == "title" and not self.title:
            self._in_title = True
        if tag == "meta":
            given = dict(attrs)
            name = (given.get("property") or given.get("name") or "").strip().lower()
            if name:
                self.said.setdefault(name, given.get("content") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title and len(self.title) < MOST_READ:
            self.title += data
