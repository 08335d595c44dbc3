"""The edit history's word by word comparison."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from intranet.kernel.text import Segment, word_diff

WORDS = st.lists(st.sampled_from(["a", "b", "cat", "dog", " ", "\n", ", ", "."])).map("".join)


def test_a_changed_word_is_removed_and_added() -> None:
    assert word_diff("The cat sat.", "The dog sat.") == [
        Segment("same", "The "),
        Segment("removed", "cat"),
        Segment("added", "dog"),
        Segment("same", " sat."),
    ]


def test_no_change_is_one_segment_and_nothing_is_none() -> None:
    assert word_diff("a b", "a b") == [Segment("same", "a b")]
    assert word_diff("", "") == []
    assert word_diff("", "a") == [Segment("added", "a")]
    assert word_diff("a", "") == [Segment("removed", "a")]


def test_a_small_edit_of_a_long_text_stays_small() -> None:
    text = " ".join(f"w{i}" for i in range(10_000))
    assert word_diff(text, text.replace("w5000 ", "new ")) == [
        Segment("same", text[: text.index("w5000 ")]),
        Segment("removed", "w5000"),
        Segment("added", "new"),
        Segment("same", text[text.index(" w5001") :]),
    ]


@given(WORDS | st.text(), WORDS | st.text())
def test_the_segments_spell_both_texts(old: str, new: str) -> None:
    segments = word_diff(old, new)
    assert "".join(part.text for part in segments if part.kind != "added") == old
    assert "".join(part.text for part in segments if part.kind != "removed") == new
    assert all(part.text for part in segments)
    assert all(first.kind != second.kind for first, second in pairwise(segments))
