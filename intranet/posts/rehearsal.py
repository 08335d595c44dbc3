"""A post before it is sent: whom it would be for and what it would say, by the rules by which it
would be published. Nothing is written or locked."""

from __future__ import annotations

from dataclasses import dataclass

from intranet.accounts.models import Account
from intranet.kernel.errors import Invalid
from intranet.posts import beside, direct, references, voices
from intranet.posts.actions import with_audience
from intranet.posts.beside import Beside
from intranet.posts.drafts import PostDraft
from intranet.posts.models import Post
from intranet.posts.references import ReadText


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """`post` is in no session; `author` is the actor, or the page in whose name it speaks."""

    author: Account
    post: Post
    text: ReadText
    extra: Beside


def rehearse(actor: Account, draft: PostDraft, *, reviewed: bool = False) -> Rehearsal:
    """What publishing the draft would begin with. NotFound, Forbidden or Invalid as there, but for
    the length and the parts of the text, which are still being written."""
    author = voices.author_of(actor, draft, reviewed=reviewed)
    post = with_audience(actor, author, draft, lock=False)
    post.source = draft.source
    addressed = direct.addressees(actor, post, draft.to_ids)
    try:
        extra = beside.check(actor, post, draft, addressed, lock=False)
    except Invalid:  # a praise that names nobody yet: said when it is sent
        extra = Beside()
    return Rehearsal(author, post, references.read(actor, draft.source, post, addressed), extra)
