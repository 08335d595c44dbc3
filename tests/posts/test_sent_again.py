"""What counts as the same text when a key comes again."""

from __future__ import annotations

import pytest

from intranet.kernel.errors import Invalid
from intranet.posts.drafts import PostDraft


@pytest.mark.parametrize(
    ("draft", "made"),
    [
        (PostDraft(source=" Once\r\n", checks_key=True), "Once"),
        (PostDraft(spoiler_text="Careful", checks_key=True), "Careful"),
        (PostDraft(spoiler_text="Careful", media_ids=(1,), checks_key=True), ""),
        (PostDraft(source="Anything", checks_key=False), "Something else"),
    ],
)
def test_the_same_text_is_taken_for_the_same(draft: PostDraft, made: str) -> None:
    draft.require_text(made)


def test_another_text_is_refused() -> None:
    with pytest.raises(Invalid):
        PostDraft(source="Twice", checks_key=True).require_text("Once")
