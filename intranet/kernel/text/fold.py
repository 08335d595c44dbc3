"""Texts as a searcher types them: no capitals, no accents."""

import re
import unicodedata

# Accents of European scripts, Hebrew points and Arabic vowel marks: what people leave out
# when typing. Marks of other scripts spell the word and stay.
_OPTIONAL_MARKS = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f\u0670"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
)
_INVISIBLE = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe0e\ufe0f\ufeff]")
# Letters that Unicode does not take apart, though keyboards do.
_SPELLED_OUT = str.maketrans(
    {
        "œ": "oe", "æ": "ae", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l",
        "ħ": "h", "ı": "i", "ŧ": "t", "ŋ": "n", "’": "'", "‘": "'", "ʼ": "'",
        "“": '"', "”": '"', "‐": "-", "‑": "-", "–": "-", "—": "-",
    }
)  # fmt: skip


def fold(text: str) -> str:
    """The text for comparing: `Œuvre d’Été` and `oeuvre d'ete` fold to the same string.
    Not for display. Folding twice changes nothing."""
    lower = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    bare = _INVISIBLE.sub("", _OPTIONAL_MARKS.sub("", lower)).translate(_SPELLED_OUT)
    return unicodedata.normalize("NFC", bare)
