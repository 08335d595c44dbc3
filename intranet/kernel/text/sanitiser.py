"""The last wall: whatever HTML comes in, only harmless HTML goes out.

The only importer of bleach. The renderer escapes everything by itself; this runs after
it so that one mistake there is not yet a hole.
"""

import re
import threading
from collections.abc import Iterable, Iterator
from typing import Any, cast

from bleach.sanitizer import Cleaner

TAGS = frozenset(
    {
        "a", "blockquote", "br", "code", "del", "em", "h3", "h4", "li", "ol", "p", "pre",
        "strong", "ul",
    }
)  # fmt: skip
REL = "nofollow noopener noreferrer"
_PROTOCOLS = frozenset({"http", "https", "mailto"})
_CLASSES = frozenset({"mention", "mention hashtag"})

_HREF = re.compile(r"(?:https?://|mailto:)[^\s]|/(?![/\\])", re.IGNORECASE)
_HREF_KEY = (None, "href")
_START = re.compile(r"[0-9]{1,9}")
# Exact, because the serialiser escapes every < that is not a tag and writes href first.
_OWN_LINK = re.compile('<a href="/(?!/)')
_REFERENCE = re.compile(r'<a href="[^"]*" class="mention(?: hashtag)?"[^>]*>(.*?)</a>', re.DOTALL)


def sanitise(html: str) -> str:
    """HTML with only the tags, attributes and addresses above; the rest shows as text.
    Every link carries REL."""
    return _own.cleaner.clean(html)


def absolute_links(html: str, origin: str) -> str:
    """Sanitised HTML whose links into this site start with `origin` (`https://host`), for
    readers outside it: mail, feeds, clients of the API."""
    prefix = origin.rstrip("/").replace("&", "&amp;").replace('"', "&quot;")
    return _OWN_LINK.sub(lambda _: f'<a href="{prefix}/', html)


def without_references(html: str) -> str:
    """Sanitised HTML whose mentions and hashtags are plain words, for readers who may not know
    the people and pages behind them."""
    return _REFERENCE.sub(r"\1", html)


def _is_allowed(tag: str, attribute: str, value: str) -> bool:
    if tag == "a":
        return (attribute == "href" and _HREF.match(value) is not None) or (
            attribute == "class" and value in _CLASSES
        )
    return tag == "ol" and attribute == "start" and _START.fullmatch(value) is not None


class _MarkedLinks:
    """Gives every link its `rel`, which the author cannot choose; puts its address first."""

    def __init__(self, source: Iterable[dict[str, Any]]) -> None:
        self._source = source

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for token in self._source:
            if token["type"] in ("StartTag", "EmptyTag") and token["name"] == "a":
                given = token["data"]
                address = {key: given[key] for key in given if key == _HREF_KEY}
                token["data"] = {**address, **given, (None, "rel"): REL}
            yield token


class _PerThread(threading.local):
    """bleach's Cleaner keeps its parser's state: one for each thread."""

    def __init__(self) -> None:
        self.cleaner = Cleaner(
            tags=TAGS,
            attributes=_is_allowed,
            protocols=_PROTOCOLS,
            filters=[cast(Any, _MarkedLinks)],  # its base class is private to bleach
        )


_own = _PerThread()
