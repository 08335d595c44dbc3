"""Clean texts, names, lengths, folding."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intranet.kernel.text import (
    UnsuitableName,
    canonical_hashtag,
    clean_name,
    fold,
    is_handle,
    normalise,
    visible_length,
)

ANYTHING = st.text(
    st.characters() | st.sampled_from("\r\n\t \x00\x85\u2028\ud800\udc00\u0301\u202e\u200d\ufeffΐß")
)


@pytest.mark.parametrize(
    ("source", "stored"),
    [
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("e\u0301", "é"),
        ("e\x00\u0301", "é"),
        ("\n\n  a  \n\tb\u00a0\n\n", "  a\n\tb"),
        ("👨‍👩‍👧 می‌خواهم \u200f", "👨‍👩‍👧 می‌خواهم \u200f"),
        ("\u202aa\u202c\u2067b\u2069", "ab"),
        ("\ufeffa\ufffe\U0001ffffb", "ab"),
    ],
)
def test_texts_are_stored_in_one_form(source: str, stored: str) -> None:
    assert normalise(source) == stored


@given(ANYTHING)
def test_normalising_is_done_once_and_leaves_something_storable(source: str) -> None:
    stored = normalise(source)
    assert normalise(stored) == stored
    assert unicodedata.is_normalized("NFC", stored)
    assert "\x00" not in stored
    stored.encode()


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("  Ann   Martin ", "Ann Martin"),
        ("Zoe\u0308", "Zoë"),
        ("Ann\u00a0Martin", "Ann Martin"),
        ("Нина Иванова", "Нина Иванова"),
        ("Nguyễn Thị Ánh", "Nguyễn Thị Ánh"),
        ("हिन्दी", "हिन्दी"),
        ("Team α-1 🎉", "Team α-1 🎉"),
        ("R&D <Lyon>", "R&D <Lyon>"),
    ],
)
def test_a_name_is_one_clean_line(written: str, name: str) -> None:
    assert clean_name(written) == name


@pytest.mark.parametrize(
    "written",
    ["", "   ", "\u0301", "a\nb", "a\tb", "a\x00b", "a\u202eb", "a\u2066b", "a\u200bb", "a\u200db",
     "a\u00adb", "a\ufeffb", "\u3164", "a\u2028b", "\ud800", "\ue000", "Z" + "\u0301" * 9,
     "аnn", "Αnna", "a" * 101],
)  # fmt: skip
def test_a_name_that_deceives_is_refused(written: str) -> None:
    with pytest.raises(UnsuitableName):
        clean_name(written)


@given(ANYTHING)
def test_a_name_once_cleaned_stays_as_it_is(written: str) -> None:
    try:
        name = clean_name(written)
    except UnsuitableName:
        return
    assert clean_name(name) == name
    assert name == normalise(name)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0), ("abc", 3), ("é", 1), ("e\u0301", 1), ("👍🏽", 1), ("👨‍👩‍👧‍👦", 1), ("🇫🇷🇩🇪", 2),
        ("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", 1), ("❤️", 1),
        ("a\nb", 3), ("\u0301a", 2), ("x" + "\u0301" * 11, 1), ("x" + "\u0301" * 111, 101),
        ("日本", 2),
    ],
)  # fmt: skip
def test_length_is_what_a_reader_counts(text: str, length: int) -> None:
    assert visible_length(text) == length


@given(ANYTHING)
def test_length_bounds_the_code_points(text: str) -> None:
    text = unicodedata.normalize("NFC", text)
    assert visible_length(text) <= len(text) <= 12 * visible_length(text)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Œuvre d’Été", "oeuvre d'ete"), ("STRASSE Straße", "strasse strasse"), ("Łódź", "lodz"),
        ("Ærøskøbing", "aeroskobing"), ("ﬁn", "fin"),
        ("İstanbul ISPARTA ılık", "istanbul isparta ilik"), ("Ё", "е"),
        ("e\u0301", "e"), ("ＡＢＣ", "abc"), ("한국어", "한국어"), ("が", "が"),
        ("हिन्दी", "हिन्दी"),
        ("שָׁלוֹם", "שלום"), ("soft\u00adware", "software"),
    ],
)  # fmt: skip
def test_folding_forgets_capitals_and_accents(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(ANYTHING)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(unicodedata.normalize("NFD", text)) == fold(text)


@given(ANYTHING)
def test_a_hashtag_has_one_canonical_name(name: str) -> None:
    canonical = canonical_hashtag(name)
    assert canonical_hashtag(canonical) == canonical
    assert canonical_hashtag(unicodedata.normalize("NFD", name)) == canonical


def test_handles() -> None:
    assert all(map(is_handle, ["ab", "a.b", "a-b_", "jean.paul", "_a", "a" * 64, "42"]))
    assert not any(map(is_handle, ["a", "Ann", "a.", "a-", "é1", "a b", "a" * 65, "", "ab\n"]))
