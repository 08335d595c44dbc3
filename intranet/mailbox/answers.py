"""What of a letter is the answer: its own words without what they quote, and who sent it how."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import getaddresses
from html.parser import HTMLParser

from mailparser_reply import EmailReplyParser

from intranet.mailbox.quotations import without_quotation

LONGEST_TEXT = 20_000  # characters of a body that are looked at
_AUTOMATIC = ("x-autoreply", "x-autorespond", "x-auto-response", "list-id", "list-unsubscribe")
_BULK = frozenset({"bulk", "junk", "list", "auto_reply"})
_LEFT_OUT = frozenset({"blockquote", "style", "script", "title"})
_BLOCKS = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3"})
_SENT_FROM = re.compile(
    r"(?:\A|\n)(?:Envoyé (?:de(?:puis)?|avec|à partir)|Sent (?:from|with)"
    r"|Obtenir Outlook|Télécharger Outlook|Get Outlook)[ \xa0][^\n]{1,100}\s*\Z"
)
_LONG_LINE = 300
_PLACE = "\ue000"  # stands for a long line meanwhile
_PLACES = re.compile(f"{_PLACE}(\\d+){_PLACE}")
_EMPTY_LINES = re.compile(r"\n{3,}")
_PASSED = re.compile(r"\b(dmarc|dkim)\s*=\s*pass\b", re.IGNORECASE)


def is_automatic(message: EmailMessage, own: str) -> bool:
    """Whether a program wrote it (absence notes, lists, reports), or it is one of our own come
    back: nobody means it as an answer, and answering it could go on for ever (RFC 3834)."""
    said = str(message.get("Auto-Submitted", "no")).partition(";")[0].strip().lower()
    if said not in ("", "no") or message.get_content_type() == "multipart/report":
        return True
    if str(message.get("Precedence", "")).strip().lower() in _BULK:
        return True
    if str(message.get("Return-Path", "?")).strip() == "<>":
        return True
    senders = senders_of(message)
    return own.lower() in senders or any(name in message for name in _AUTOMATIC)


def senders_of(message: EmailMessage) -> list[str]:
    """The addresses of From, in lower case."""
    headers = [str(one) for one in message.get_all("From", [])]
    return [address.strip().lower() for _name, address in getaddresses(headers) if address]


def is_vouched_for(message: EmailMessage, server: str | None) -> bool:
    """Whether our own mail server says that the sender is who it claims to be; without one that
    does, that is not asked. Only the topmost header counts: what stands below may be forged."""
    if server is None:
        return True
    said = str(message.get("Authentication-Results", ""))
    name = said.partition(";")[0].split()
    return bool(name) and name[0].lower() == server.lower() and bool(_PASSED.search(said))


def words_of(message: EmailMessage) -> str:
    """What was written now, without quotation, signature and disclaimer; "" for nothing."""
    body = message.get_body(("plain", "html"))
    if body is None:
        return ""
    text = str(body.get_content())[:LONGEST_TEXT]
    if body.get_content_subtype() == "html":
        text = _plain(text)
    return stripped(text)


def stripped(text: str) -> str:
    """A body without what it quotes. Lines that begin with ">" are somebody else's. What finds
    quotations takes very long for long lines and many empty ones: it is not shown them."""
    kept: list[str] = []

    def put_aside(line: str) -> str:
        if len(line) <= _LONG_LINE:
            return line
        kept.append(line)
        return f"{_PLACE}{len(kept) - 1}{_PLACE}"

    shortened = (put_aside(line.strip()) for line in text.replace(_PLACE, "").splitlines())
    short = _EMPTY_LINES.sub("\n\n", "\n".join(shortened))
    above = without_quotation(short)
    replies = EmailReplyParser(languages=["en", "fr"]).read(above).replies if above else []
    own = replies[0].body if replies else ""
    own = _PLACES.sub(lambda found: kept[int(found[1])], own)
    lines = [line for line in own.splitlines() if not line.startswith(">")]
    return _SENT_FROM.sub("", "\n".join(lines)).strip()


def files_of(message: EmailMessage) -> Iterator[tuple[str, bytes]]:
    """Name and content of each attachment."""
    for part in message.iter_attachments():
        body = part.get_payload(decode=True)
        if isinstance(body, bytes) and body and not part.is_multipart():
            yield part.get_filename() or part.get_content_type().replace("/", "."), body


def _plain(html: str) -> str:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return "".join(reader.parts)


class _Reader(HTMLParser):
    """The text of a letter that has no plain part, without what stands in a quotation."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._left_out: list[str] = []

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        """A block begins a line; quotations, styles and scripts are passed over."""
        if tag in _LEFT_OUT:
            self._left_out.append(tag)
        elif tag in _BLOCKS and not self._left_out:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """The end of what was passed over."""
        if self._left_out and tag == self._left_out[-1]:
            self._left_out.pop()
        elif tag == "p" and not self._left_out:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        """Words."""
        if not self._left_out:
            self.parts.append(" ".join(data.split()) if not data.strip() else data)
