"""Sets what was typed with plain spaces and straight apostrophes as it should be printed."""

import re

_CODE = re.compile(r"(```.*?```|`[^`\n]*`)", re.S)
_NARROW = re.compile(r"(?<=\S) (?=[;?!»])|(?<=[«])\s")
_COLON = re.compile(r"(?<=[^\W\d_]|[»)*]) (?=:)")
_MEASURE = re.compile(r"(?<=\d) (?=(?:%|°|€|h|m|km|mm|cm|kg|t|dB|bar|s|min)\b|[%€°])")
_HOUR = re.compile(r"(?<=\dh) (?=\d\d)|(?<=\d\u00a0h) (?=\d\d)")
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")


def _prose(text: str, language: str) -> str:
    text = _APOSTROPHE.sub("’", text)
    if language != "fr":
        return text
    text = _NARROW.sub("\u202f", text)
    text = _COLON.sub("\u00a0", text)
    text = _MEASURE.sub("\u00a0", text)
    return _HOUR.sub("\u00a0", text)


def typeset(text: str, language: str) -> str:
    """Curly apostrophes; in French the no-break spaces too. Code in Markdown is left alone."""
    parts = _CODE.split(text)
    return "".join(
        part if index % 2 else _prose(part, language) for index, part in enumerate(parts)
    )
