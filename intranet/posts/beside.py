"""What a post is beside its text: a question, a praise of colleagues, a quote of another post.
Checked when it is written, kept with it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import or_, select, update

from intranet.accounts.models import Account
from intranet.db import db
from intranet.kernel.errors import Invalid
from intranet.kernel.messages import N_
from intranet.posts import praising, quoting
from intranet.posts.drafts import PostDraft
from intranet.posts.events import PostChanged
from intranet.posts.models import Post, PostKind, PraiseReason, Visibility
from intranet.posts.telling import tell

_TOLD = 50  # cards in which one post stands that open pages fetch anew
_WITHIN = (Post.quote_of_id, Post.answer_id, Post.link_post_id)  # why it stands in another card


@dataclass(frozen=True, slots=True)
class Beside:
    """What was found when a draft was checked."""

    quoted: Post | None = None
    reason: PraiseReason | None = None
    praised_ids: tuple[int, ...] = ()


def check(
    actor: Account,
    post: Post,
    draft: PostDraft,
    addressed: Collection[int] | None,
    *,
    lock: bool = True,
) -> Beside:
    """Set on the new post what the draft makes of it. `addressed` are those whom a direct one is
    for. Invalid for what is not for its readers, or has no place there; NotFound for a quote of
    what the actor may not read. With `lock`, what it quotes is not deleted before this transaction
    ends."""
    post.kind = draft.kind
    if post.kind is not PostKind.POST and (
        post.in_reply_to_id is not None or post.visibility is Visibility.DIRECT
    ):
        message = N_("A question or a praise begins a thread: it is no reply and no message.")
        raise Invalid(message, fields={"kind": message})
    quoted = None
    if draft.quote_of_id is not None:
        quoted = quoting.quotable(actor, post, draft.quote_of_id, addressed, lock=lock)
        post.is_quote, post.quote_of_id = True, quoted.id
    if draft.praise is None:
        return Beside(quoted)
    if draft.as_page_id is not None:
        message = N_("A page praises nobody: praise comes from a person.")
        raise Invalid(message, fields={"praise": message})
    reason, people = praising.checked(actor, post, draft.praise)
    return Beside(quoted, reason, people)


def keep(post: Post, extra: Beside) -> None:
    """Write down what `check` found for a post that is there by now."""
    if extra.reason is not None:
        praising.keep(post.id, extra.reason, extra.praised_ids)
    if extra.quoted is not None:
        quoting.count(extra.quoted.id, 1)
        tell(PostChanged, extra.quoted)


def let_go(post: Post) -> None:
    """The post is deleted: what it quoted is quoted once less, what quoted it stands alone, and
    the question that it answered is open again."""
    if post.quote_of_id is not None:
        quoting.count(post.quote_of_id, -1)
        quoted = db.session.get(Post, post.quote_of_id)
        if quoted is not None:
            tell(PostChanged, quoted)
    tell_around(post)
    for column in _WITHIN:
        db.session.execute(
            update(Post)
            .where(column == post.id)
            .values({column: None})
            .execution_options(synchronize_session="fetch")
        )
    praising.forget(post.id)
    post.kind = PostKind.POST
    post.quote_of_id = post.answer_id = post.preview_id = post.link_post_id = None
    post.is_quote = False
    post.quotes_count = 0
    db.session.flush()


def tell_around(post: Post) -> None:
    """The post says something else: so do the cards in which it stands."""
    around = select(Post).where(
        or_(*(column == post.id for column in _WITHIN)), Post.deleted_at.is_(None)
    )
    for one in db.session.scalars(around.order_by(Post.id.desc()).limit(_TOLD)):
        tell(PostChanged, one)
