"""The markup of Slack's messages, written in ours.

https://docs.slack.dev/messaging/formatting-message-text describes it: single asterisks are bold,
links and names stand in angle brackets, and only &, < and > are escaped.
"""

from __future__ import annotations

import re

from intranet.kernel.text import escaped

_CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
_ANGLES = re.compile(r"<([^<>\n]{1,3000})>")
_BOLD = re.compile(r"(?<![\w*])\*(?![\s*])([^*\n]{1,2000}?)(?<![\s*])\*(?![\w*])")
_STRIKE = re.compile(r"(?<![\w~])~(?![\s~])([^~\n]{1,2000}?)(?<![\s~])~(?![\w~])")
_BULLET = re.compile(r"^([ \t]*)[•◦▪]\s+", re.MULTILINE)
_ADDRESS = re.compile(r"(?:https?|mailto):[^\s<>]+", re.IGNORECASE)
_HANDLE = re.compile(r"@([A-Za-z0-9][A-Za-z0-9_.-]{1,63})")


def to_markdown(text: str) -> str:
    """The text as our Markdown; what stands in code is left as it is."""
    made, end = [], 0
    for code in _CODE.finditer(text):
        made += [_prose(text[end : code.start()]), _code(code[0])]
        end = code.end()
    made.append(_prose(text[end:]))
    return "".join(made)


def link(address: str, label: str = "") -> str:
    """A link with a plain label; the label alone where the address is none that one may follow."""
    address = address.strip()
    if not _ADDRESS.fullmatch(address):
        return escaped(label or address)
    if not label.strip() or label.strip() == address:
        return address.removeprefix("mailto:")
    target = address.replace("(", "%28").replace(")", "%29")
    return f"[{escaped(label.strip())}]({target})"


def _prose(text: str) -> str:
    text = _BULLET.sub(r"\1- ", text)
    made, end = [], 0
    for found in _ANGLES.finditer(text):
        made += [_marks(text[end : found.start()]), _in_angles(found[1])]
        end = found.end()
    made.append(_marks(text[end:]))
    return "".join(made)


def _marks(text: str) -> str:
    return _plain(_STRIKE.sub(r"~~\1~~", _BOLD.sub(r"**\1**", text)))


def _in_angles(inside: str) -> str:
    target, _bar, label = inside.partition("|")
    label = _plain(label)
    if target.startswith("!"):  # <!here>, <!subteam^S1|name>, <!date^1392734382^{date}|2014>
        return escaped(label or f"@{target[1:].partition('^')[0]}")
    if target.startswith("#"):
        return escaped(label or target)
    if target.startswith("@"):
        known = _HANDLE.fullmatch(target)
        return escaped(label) if label else (target.lower() if known else escaped(target))
    return link(_plain(target), label)


def _code(text: str) -> str:
    body = _plain(text)
    if not body.startswith("```"):
        return body
    return f"\n```\n{body[3:-3].strip(chr(10))}\n```\n"


def _plain(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
