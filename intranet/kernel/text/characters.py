"""Which characters may stay: in a text, in a one-line name, and how many a reader sees."""

import re
import unicodedata

from intranet.kernel.messages import N_

_LINE_ENDS = re.compile("\r\n|[\r\u0085\u2028\u2029]")
# C0 and C1 controls, surrogates, byte order mark and non-characters: no store, feed or
# terminal agrees on them.
_UNWRITABLE = "\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufdd0-\ufdef" + "".join(
    f"{chr(plane | 0xFFFE)}{chr(plane | 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
)
# Embeddings, overrides and isolates turn "exe.gpj" into a picture. Right-to-left text
# does not need them; the harmless marks (LRM, RLM, ALM) stay.
_BIDI = "\u202a-\u202e\u2066-\u2069"
_DROPPED = re.compile(f"[{_UNWRITABLE}{_BIDI}]")
_BLANK_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_LOOKALIKE_SCRIPTS = frozenset({"LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "CHEROKEE"})
_MARKS_IN_A_ROW = 4
_ZERO_WIDTH_JOINER = "\u200d"
_CODE_POINTS_PER_CLUSTER = 12


class UnsuitableName(ValueError):
    """A display name that cannot be shown safely. Its text is a marked English sentence."""


def normalise(source: str) -> str:
    """The form in which a text is stored: NFC, `\\n` line ends, nothing that cannot be
    seen, stored or trusted, no space at line ends and no blank lines around it.
    Doing it twice changes nothing."""
    text = unicodedata.normalize("NFC", _DROPPED.sub("", _LINE_ENDS.sub("\n", source)))
    return "\n".join(line.rstrip() for line in text.split("\n")).strip("\n")


def clean_name(text: str, *, limit: int = 100) -> str:
    """A one-line display name: NFC, single spaces, at most `limit` characters.
    Raises UnsuitableName rather than repair what could imitate another person."""
    name = unicodedata.normalize("NFC", text.strip())
    if any(_has_no_place_in_a_name(character) for character in name):
        raise UnsuitableName(N_("The name contains characters that cannot be seen."))
    name = " ".join(name.split())
    if not any(unicodedata.category(character)[0] in "LNSP" for character in name):
        raise UnsuitableName(N_("The name is empty."))
    if _longest_run_of_marks(name) > _MARKS_IN_A_ROW:
        raise UnsuitableName(N_("The name stacks too many accents."))
    if any(len(_lookalike_scripts(word)) > 1 for word in name.split()):
        raise UnsuitableName(N_("A word of the name mixes letters that look alike."))
    if visible_length(name) > limit:
        raise UnsuitableName(N_("The name is too long."))
    return name


def visible_length(source: str) -> int:
    """How many characters a reader sees: a letter with its accents, a flag or a family
    emoji counts one. Marks stacked beyond reason count each, so that no limit built on
    this number lets more than twelve times as many code points through."""
    if source.isascii():
        return len(source)
    seen = size = 0
    previous = ""
    flag_is_open = False
    for character in unicodedata.normalize("NFC", source):
        regional = "\U0001f1e6" <= character <= "\U0001f1ff"
        joins = _extends(character) or previous == _ZERO_WIDTH_JOINER or (regional and flag_is_open)
        flag_is_open = regional and not flag_is_open
        if joins and previous not in ("", "\n"):
            size += 1
            seen += size > _CODE_POINTS_PER_CLUSTER
        else:
            size = 1
            seen += 1
        previous = character
    return seen


def _extends(character: str) -> bool:
    """Whether it is drawn onto the character before it."""
    return (
        unicodedata.category(character)[0] == "M"
        or character == _ZERO_WIDTH_JOINER
        or "\U0001f3fb" <= character <= "\U0001f3ff"  # skin tones
        or "\U000e0020" <= character <= "\U000e007f"  # the tags that spell regional flags
    )


def _has_no_place_in_a_name(character: str) -> bool:
    """Control, format (bidi, zero-width), surrogate, private, unassigned, separators."""
    category = unicodedata.category(character)
    return category[0] == "C" or category in ("Zl", "Zp") or character in _BLANK_LETTERS


def _longest_run_of_marks(name: str) -> int:
    longest = run = 0
    for character in unicodedata.normalize("NFD", name):
        run = run + 1 if unicodedata.category(character)[0] == "M" else 0
        longest = max(longest, run)
    return longest


def _lookalike_scripts(word: str) -> set[str]:
    """The scripts of its letters, of those whose letters pass for one another."""
    scripts = {unicodedata.name(letter, "?").split()[0] for letter in word if letter.isalpha()}
    return scripts & _LOOKALIKE_SCRIPTS
