"""The language that a post is in: what its author says, else what its text shows."""

from __future__ import annotations

from intranet.accounts.models import Account
from intranet.kernel.text.language import detect_language
from intranet.posts.drafts import PostDraft
from intranet.posts.models import Post


def language_of(draft: PostDraft, author: Account) -> str | None:
    """Of a post that is being written; None when it cannot be told."""
    return draft.language or detected(draft.source or draft.spoiler_text, author)


def language_after(post: Post, source: str, author: Account) -> str | None:
    """Of a post whose text becomes `source`: what its author chose stays, what was detected is
    looked at again."""
    if source == post.source or post.language not in (None, detected(post.source, author)):
        return post.language
    return detected(source, author)


def detected(text: str, author: Account) -> str | None:
    """What the text shows; a few words are in the language of their author."""
    return detect_language(text, author.post_language or author.locale)
