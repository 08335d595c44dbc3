"""Every sentence of the interface is in the French catalogue, and set as French is set."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "intranet" / "translations" / "fr" / "LC_MESSAGES" / "messages.po"
METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2")]
KEYWORDS = {**DEFAULT_KEYWORDS, "N_": None}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
# A colon inside a time or an address needs no space; every other mark needs the narrow one.
BAD_SPACE = re.compile(r"(?<!\u202f)[;?!»]|(?<!\u202f):(?!//|\d)|(?<!\u202f)%(?!\()|«(?!\u202f)")

pytestmark = pytest.mark.house


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="fr")


def said(catalogue: Catalog) -> Iterator[tuple[Message, list[str]]]:
    """Each message with its French sentences."""
    for message in catalogue:
        if message.id:
            strings = message.string if message.pluralizable else (message.string,)
            yield message, [string or "" for string in strings]


def marked() -> set[str | tuple[str, ...]]:
    """What the code and the templates ask to be translated."""
    found: set[str | tuple[str, ...]] = set()
    for folder in ("intranet", "templates"):
        for _, _, message, _, _ in extract_from_dir(
            ROOT / folder, METHODS, {"**.html": {"silent": "false"}}, KEYWORDS
        ):
            found.add(message)
    return found


def test_the_catalogue_has_every_sentence_and_no_other(catalogue: Catalog) -> None:
    asked = marked()
    written = {message.id for message, _ in said(catalogue)}
    assert asked, "nothing was extracted"
    assert asked - written == set(), "run tools/messages and translate"
    assert written - asked == set(), "run tools/messages: nobody says this any more"
    assert not catalogue.obsolete


def test_nothing_is_empty_or_guessed(catalogue: Catalog) -> None:
    assert [m.id for m, strings in said(catalogue) if m.fuzzy or not all(strings)] == []
    assert not catalogue.fuzzy


def test_placeholders_are_those_of_the_source(catalogue: Catalog) -> None:
    wrong = []
    for message, strings in said(catalogue):
        ids = message.id if message.pluralizable else (message.id,)
        for english, french in zip(ids, strings, strict=True):
            if sorted(PLACEHOLDER.findall(english)) != sorted(PLACEHOLDER.findall(french)):
                wrong.append((english, french))
    assert wrong == []


def test_french_typography(catalogue: Catalog) -> None:
    wrong = []
    for _, strings in said(catalogue):
        for french in strings:
            if BAD_SPACE.search(french) or "'" in french or "..." in french or '"' in french:
                wrong.append(french)
    assert wrong == []


@pytest.mark.parametrize("sentence", ["Qui ?", "Qui?", "Rien : tout", "« oui »", "10 %"])
def test_the_check_of_typography_sees_what_is_wrong(sentence: str) -> None:
    assert BAD_SPACE.search(sentence)


@pytest.mark.parametrize("sentence", ["Qui\u202f?", "à 10:30", "https://a.example", "%(num)s"])
def test_the_check_of_typography_lets_pass_what_is_right(sentence: str) -> None:
    assert not BAD_SPACE.search(sentence)
