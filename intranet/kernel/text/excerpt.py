"""The words of a text without their markup: for notifications, mail, titles and lists."""

from collections.abc import Iterable, Iterator
from html.parser import HTMLParser

from intranet.kernel.text.markdown import tokens_of

_ELLIPSIS = "…"
_INLINE_TAGS = frozenset({"a", "code", "del", "em", "strong"})


def plain_text(source: str, limit: int | None = None) -> str:
    """A Markdown text on one line, as its reader would read it aloud. With a `limit`, at
    most so many characters, cut between words, the cut shown by an ellipsis."""
    return _one_line(_read(source), limit)


def plain_text_from_html(html: str, limit: int | None = None) -> str:
    """The same from HTML, such as a stored rendering. Not for HTML as output: the result
    is text and must be escaped like any text."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return _one_line(reader.pieces, limit)


def _read(source: str) -> Iterator[str]:
    for block in tokens_of(source):
        if block.type == "fence":
            yield block.content
        for token in block.children or []:
            if token.type == "mention":
                yield f"@{token.content}"
            elif token.type == "hashtag":
                yield f"#{token.content}"
            else:
                yield token.content if token.type not in ("softbreak", "hardbreak") else " "
        if not block.children:
            yield " "


def _one_line(pieces: Iterable[str], limit: int | None) -> str:
    text = " ".join("".join(pieces).split())
    if limit is None or len(text) <= limit:
        return text
    room = text[: max(limit - len(_ELLIPSIS), 0) + 1]
    # A word too long for half of the room is cut in two rather than dropped.
    cut = room.rfind(" ")
    kept = room[:cut] if cut >= limit // 2 else room[:-1]
    return kept.rstrip(" ,;:.-–—") + _ELLIPSIS


class _Reader(HTMLParser):
    """Collects the text of HTML; blocks and line breaks part words."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._part(tag)

    def handle_endtag(self, tag: str) -> None:
        self._part(tag)

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)

    def _part(self, tag: str) -> None:
        if tag not in _INLINE_TAGS:
            self.pieces.append(" ")
