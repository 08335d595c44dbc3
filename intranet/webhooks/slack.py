"""What Slack's incoming webhooks take, read into one text of ours: text, blocks, attachments.

Blocks: https://docs.slack.dev/reference/block-kit/blocks (section, header, divider, context, image;
buttons become links when they lead somewhere). Attachments: the older form that many programs
still send. What is not known is passed over; what has the wrong shape is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from intranet.kernel.errors import Invalid
from intranet.kernel.ids import MAX_ID
from intranet.kernel.text import escaped
from intranet.webhooks.mrkdwn import link, to_markdown

MOST_BLOCKS = 100
_MOST_FIELDS = 50
_LONGEST_LABEL = 80
_RULE = "———"


class InvalidPayload(Invalid):
    """It is not what the format says."""

    code = "invalid_payload"
    default = "invalid_payload"


class NoText(Invalid):
    """There is nothing to post."""

    code = "no_text"
    default = "no_text"


@dataclass(frozen=True, slots=True)
class Message:
    """What is to be posted: our Markdown, and the thread it answers (a post's id)."""

    source: str
    thread_id: int | None


def read(payload: object) -> Message:
    """The message of a payload. InvalidPayload or NoText."""
    whole = _mapping(payload)
    blocks = _blocks(whole.get("blocks"))
    # Slack shows the text only where blocks cannot be shown.
    parts = [blocks or to_markdown(_text(whole.get("text")))]
    parts += [_attachment(one) for one in _list(whole.get("attachments"))]
    body = "\n\n".join(part.strip("\n") for part in parts if part.strip())
    if not body.strip():
        raise NoText()
    label = " ".join(_text(whole.get("username")).split())
    if len(label) > _LONGEST_LABEL:
        raise InvalidPayload()
    source = f"**{escaped(label)}**\n{body}" if label else body
    thread = whole.get("thread_ts")
    return Message(source, _thread(whole.get("thread_id") if thread is None else thread))


def _thread(raw: object) -> int | None:
    if raw is None:
        return None
    said = str(raw) if isinstance(raw, int | str) and not isinstance(raw, bool) else ""
    if not (said.isascii() and said.isdigit() and len(said) <= 19 and int(said) <= MAX_ID):
        raise InvalidPayload()
    return int(said)


def _blocks(raw: object) -> str:
    return "\n\n".join(filter(None, (_block(_mapping(one)) for one in _list(raw))))


def _block(block: Mapping[str, Any]) -> str:
    draw = _DRAWN.get(_text(block.get("type")))
    return draw(block).strip("\n") if draw is not None else ""


def _section(block: Mapping[str, Any]) -> str:
    lines = [_object(block.get("text"))]
    lines += [_object(one) for one in _list(block.get("fields"), _MOST_FIELDS)]
    accessory = block.get("accessory")
    if accessory is not None:
        lines.append(_element(_mapping(accessory)))
    return "\n".join(filter(None, lines))


def _header(block: Mapping[str, Any]) -> str:
    return f"### {_object(block.get('text'))}" if block.get("text") is not None else ""


def _context(block: Mapping[str, Any]) -> str:
    elements = _list(block.get("elements"), _MOST_FIELDS)
    return " · ".join(filter(None, (_element(_mapping(one)) for one in elements)))


def _image(block: Mapping[str, Any]) -> str:
    title = _object(block["title"]) if block.get("title") is not None else ""
    return link(_text(block.get("image_url")), title or _text(block.get("alt_text")))


def _element(element: Mapping[str, Any]) -> str:
    kind = _text(element.get("type"))
    if kind in ("mrkdwn", "plain_text"):
        return _object(element)
    if kind == "image":
        return _image(element)
    if kind == "button" and element.get("url"):
        return link(_text(element.get("url")), _plain_of(element.get("text")))
    return ""


_DRAWN: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "section": _section,
    "header": _header,
    "divider": lambda _block: _RULE,
    "context": _context,
    "actions": _context,
    "image": _image,
}


def _object(raw: object) -> str:
    """A text object of a block."""
    if raw is None:
        return ""
    whole = _mapping(raw)
    text = _text(whole.get("text"))
    return to_markdown(text) if whole.get("type") == "mrkdwn" else escaped(text)


def _plain_of(raw: object) -> str:
    return _text(_mapping(raw).get("text")) if raw is not None else ""


def _attachment(raw: object) -> str:
    one = _mapping(raw)
    blocks = _blocks(one.get("blocks"))
    if blocks:
        return blocks
    title, address = _text(one.get("title")), _text(one.get("title_link"))
    heading = link(address, title) if address else escaped(title)
    lines = [
        to_markdown(_text(one.get("pretext"))),
        escaped(_text(one.get("author_name"))),
        f"**{heading}**" if heading and not heading.startswith("http") else heading,
        to_markdown(_text(one.get("text"))),
        *(_field(_mapping(field)) for field in _list(one.get("fields"), _MOST_FIELDS)),
        link(_text(one.get("image_url"))) if one.get("image_url") else "",
        escaped(_text(one.get("footer"))),
    ]
    return "\n".join(filter(None, lines)) or escaped(_text(one.get("fallback")))


def _field(field: Mapping[str, Any]) -> str:
    title, value = escaped(_text(field.get("title"))), to_markdown(_text(field.get("value")))
    return f"**{title}** {value}".strip() if title else value


def _text(raw: object) -> str:
    if raw is None:
        return ""
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        raise InvalidPayload()
    return str(raw)


def _mapping(raw: object) -> Mapping[str, Any]:
    if not isinstance(raw, dict):
        raise InvalidPayload()
    return raw


def _list(raw: object, most: int = MOST_BLOCKS) -> list[Any]:
    if raw is None:
        return []
    if not isinstance(raw, list) or len(raw) > most:
        raise InvalidPayload()
    return raw
