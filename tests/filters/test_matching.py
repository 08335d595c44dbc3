"""What a keyword finds."""

from __future__ import annotations

import pytest

from intranet.filters.matching import Matcher, pattern, strongest
from intranet.filters.models import FilterAction, FilterContext
from intranet.filters.queries import FilteredPostView, FilterView, KeywordView

BOB, ANN = 1, 2


def _filter(*keywords: tuple[str, bool], posts: tuple[int, ...] = (), **more: object) -> FilterView:
    return FilterView(
        id=7,
        title="Lunch",
        contexts=(FilterContext.HOME,),
        action=more.get("action", FilterAction.WARN),  # type: ignore[arg-type]
        expires_at=None,
        keywords=tuple(KeywordView(n, word, whole) for n, (word, whole) in enumerate(keywords)),
        posts=tuple(FilteredPostView(n, post_id) for n, post_id in enumerate(posts)),
    )


@pytest.mark.parametrize(
    ("keyword", "whole", "text", "is_found"),
    [
        ("art", True, "Art is long", True),
        ("art", True, "we start", False),
        ("art", False, "we start", True),
        ("café", True, "Au CAFÉ, vite", True),
        ("canteen menu", True, "The canteen\n menu of today", True),
        ("#menu", True, "see #menu today", True),
        ("#menu", True, "see #menus today", False),
        ("c++", True, "C++ and others", True),
        ("(a+)+$", True, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", False),
        (".*", False, "anything", False),
        (":-)", True, "fine :-)", True),
    ],
)
def test_a_keyword_is_taken_literally(keyword: str, whole: bool, text: str, is_found: bool) -> None:
    assert (pattern(keyword, whole).search(text) is not None) is is_found


def test_markup_hides_no_word_and_addresses_are_not_read() -> None:
    mine = Matcher(ANN, [_filter(("soup of the day", True))])
    assert mine.of_text(1, BOB, "The **soup** of *the day*")
    assert not mine.of_text(1, BOB, "[Lunch](https://example.org/soup-of-the-day)")


def test_one_s_own_posts_meet_nothing() -> None:
    mine = Matcher(ANN, [_filter(("soup", True), posts=(5,))])
    assert mine.of_text(5, BOB, "No word of it")[0].by_post is True
    assert mine.of_text(5, ANN, "Soup") == []


def test_pictures_are_looked_at_by_their_descriptions() -> None:
    mine = Matcher(ANN, [_filter(("soup", True))])
    assert mine.of_text(1, BOB, "Look", "A plate of soup")


def test_hiding_counts_before_warning_and_blur_only_with_pictures() -> None:
    warn = Matcher(ANN, [_filter(("soup", True))]).of_text(1, BOB, "soup")
    hide = Matcher(ANN, [_filter(("soup", True), action=FilterAction.HIDE)]).of_text(1, BOB, "soup")
    blur = Matcher(ANN, [_filter(("soup", True), action=FilterAction.BLUR)]).of_text(1, BOB, "soup")
    assert strongest([*warn, *hide], has_media=False) == hide[0]
    assert strongest(blur, has_media=False) is None
    assert strongest(blur, has_media=True) == blur[0]
    assert strongest([], has_media=True) is None
