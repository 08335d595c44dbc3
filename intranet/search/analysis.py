"""How words are read, for the index and for the question alike: without capitals and accents, and
without their endings, in French and in English.

Both databases are given the words that are made here, so they cannot disagree about what a word
is. A stem is taken, folded and taken again: accents that somebody leaves out must not change it.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable
from functools import lru_cache

import Stemmer

from intranet.kernel.text import fold

FRENCH, ENGLISH, PLAIN = "fr", "en", ""
MANNERS = (FRENCH, ENGLISH, PLAIN)  # the ways in which a word may stand in the index
MOST_WORDS = 4000  # of one text; the rest of a longer one is not found
_LONGEST = 64  # characters of a word

_WORD = re.compile(r"[^\W_]+")
_STEMMERS = {FRENCH: Stemmer.Stemmer("french"), ENGLISH: Stemmer.Stemmer("english")}
_stemming = threading.Lock()  # a stemmer has one buffer

# Small words that only one of the two languages has, folded.
_FRENCH = """
le la les un une des du de et est sont pour dans sur avec que qui nous vous ils elle pas ce cette
ces au aux en par plus ne se sa son ses leur mais ou il je tu
"""
_ENGLISH = """
the a an of and is are for in with that this these we you they he she it not to from by at be have
has was were will our your their but or i as so can
"""
_SMALL_WORDS = {
    FRENCH: frozenset(_FRENCH.split()),
    ENGLISH: frozenset(_ENGLISH.split()),
}


# Words that people write in one piece or in several: week-end and weekend, 4 300 and 4300.
_HYPHENATED = re.compile(r"[^\W\d_]+(?:[-\u2010\u2011][^\W\d_]+)+")
_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:[ \u00a0\u202f.,]\d{3})+(?![\d.,]*\d)")


def words_of(text: str) -> list[str]:
    """The words of a text in their order, as they were written."""
    return [found[:_LONGEST] for found in _WORD.findall(text)[:MOST_WORDS]]


def in_one_piece(text: str) -> list[str]:
    """The words of a text that others would write without their hyphens and spaces, so written."""
    found = [*_HYPHENATED.findall(text), *_GROUPED.findall(text)][:MOST_WORDS]
    return ["".join(words_of(one))[:_LONGEST] for one in found]


def is_small(word: str) -> bool:
    """A word that nearly every text has, in French or in English."""
    folded = fold(word)
    return any(folded in words for words in _SMALL_WORDS.values())


@lru_cache(200_000)
def stem(word: str, manner: str) -> str:
    """The word as the index has it in this manner; PLAIN only folds it. Never empty."""
    stemmer = _STEMMERS.get(manner)
    if stemmer is None:
        return _one_piece(fold(word))
    with _stemming:
        folded = fold(stemmer.stemWord(word.lower()))
        return _one_piece(stemmer.stemWord(folded)) or _one_piece(fold(word))


def _one_piece(folded: str) -> str:
    """Folding may take a sign apart into several words."""
    # Nothing may be left of it: then it is a word that nobody types.
    return "".join(folded.split()) or "·-"


def asked_as(word: str) -> tuple[str, ...]:
    """Every form in which the index may have a word that somebody looks for. With and without its
    plural: the stem of `essais` is not that of `essai`, and both are meant."""
    forms = [word, word + "s"]
    if len(word) > 3 and word[-1] in "sS":
        forms.append(word[:-1])
    stems = [stem(form, manner) for manner in (FRENCH, ENGLISH) for form in forms]
    return tuple(dict.fromkeys([*stems, stem(word, PLAIN)]))


def manners_of(word: str) -> tuple[str, ...]:
    """Every way in which the index may have the word, each once."""
    return tuple(dict.fromkeys(stem(word, manner) for manner in MANNERS))


def language_of(text: str, named: str | None) -> str | None:
    """FRENCH or ENGLISH, PLAIN for what was said to be another language, None when a text that
    names none has no small words that tell."""
    if named:
        language = named.lower().partition("-")[0]
        return language if language in _STEMMERS else PLAIN
    seen = [fold(word) for word in words_of(text)[:200]]
    french, english = (
        sum(word in _SMALL_WORDS[language] for word in seen) for language in (FRENCH, ENGLISH)
    )
    if french == english:
        return None
    return FRENCH if french > english else ENGLISH


def read(text: str, named: str | None) -> list[list[str]]:
    """The text as the index has it: one row of words, or two, French and English, when its
    language cannot be told; then, in the same way, its words that may be written in one piece."""
    words = words_of(text)
    language = language_of(text, named)
    manners: Iterable[str] = (FRENCH, ENGLISH) if language is None else (language,)
    texts = [one for one in (words, in_one_piece(text)) if one]
    return [[stem(word, manner) for word in one] for one in texts for manner in manners]
