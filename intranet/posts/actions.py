"""Publishing. How a post changes is in `editing`, what people do with it in `marks`, `boosts`,
`pins` and `polling`, its end in `deletion`. The caller has fetched posts through
`queries.get_visible`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import make_transient_to_detached

from intranet.accounts.models import Account
from intranet.db import db
from intranet.db.once import insert_once
from intranet.groups.models import Group
from intranet.groups.policies import readable_by as readable_groups
from intranet.groups.policies import visible_to as known_groups
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import Invalid, NotFound
from intranet.kernel.ids import new_id
from intranet.kernel.messages import N_
from intranet.kernel.text import fold
from intranet.media.actions import attach
from intranet.polls import actions as polls
from intranet.polls.drafts import checked as checked_poll
from intranet.posts import beside, calls, direct, policies, previewing, references, voices
from intranet.posts.drafts import PostDraft, PostLimits, checked_media, checked_text
from intranet.posts.events import PostPublished
from intranet.posts.languages import language_of
from intranet.posts.models import Post, Visibility
from intranet.posts.queries import get_visible
from intranet.posts.telling import notify_of_post, tell


def publish(
    actor: Account, draft: PostDraft, limits: PostLimits, *, reviewed: bool = False
) -> Post:
    """A new post or reply, with everything that follows from it; for a key that was used before
    the post that it made, or Invalid when that says something else. NotFound, Forbidden or Invalid
    leave nothing behind. `reviewed`: the caller has made sure that somebody who may has let this
    page's post out."""
    author = voices.author_of(actor, draft, reviewed=reviewed)
    made = find_made(author, draft.stored_key)
    if made is not None:
        return _sent_again(made, draft)
    post = with_audience(actor, author, draft)
    media_ids = checked_media(draft.media_ids, limits)
    post.source, post.spoiler_text = checked_text(
        draft.source, draft.spoiler_text, limits, has_media=bool(media_ids)
    )
    post.sensitive = draft.sensitive or bool(post.spoiler_text)
    post.search_text = fold(f"{post.spoiler_text}\n{post.source}".strip())
    poll = checked_poll(draft.poll, limits.polls) if draft.poll else None
    addressed = direct.addressees(actor, post, draft.to_ids)
    text = references.read(actor, post.source, post, addressed)
    post.html = text.html
    called = calls.call(actor, post, draft, limits)
    post.language = language_of(draft, actor)
    extra = beside.check(actor, post, draft, addressed)
    previewing.find(post, limits.previews)
    if not _insert(post):
        made = find_made(author, draft.stored_key)
        assert made is not None  # the other one has committed: the unique index says so
        return _sent_again(made, draft)
    attach(actor, media_ids, post.id)
    if poll is not None:
        polls.create(post.id, poll)
    references.keep(post.id, text)
    beside.keep(post, extra)
    count_publication(post)
    if post.visibility is Visibility.DIRECT:
        direct.deliver(post, text.mentioned_ids)
    notify_of_post(
        actor,
        post,
        {*text.mentioned_ids, *called},
        author,
        praised_ids=extra.praised_ids,
        quoted=extra.quoted,
    )
    tell(PostPublished, post)
    return post


def _sent_again(made: Post, draft: PostDraft) -> Post:
    """What the key has made. What it said at first is no longer known once it was edited."""
    if made.edited_at is None:
        draft.require_text(made.source)
    return made


def checked(
    actor: Account, draft: PostDraft, limits: PostLimits, *, reviewed: bool = False
) -> PostDraft:
    """The draft as it would be published now, for one that is kept for later; NotFound, Forbidden
    or Invalid as `publish` would say. Files are only counted."""
    author = voices.author_of(actor, draft, reviewed=reviewed)
    post = with_audience(actor, author, draft)
    media_ids = checked_media(draft.media_ids, limits)
    source, warning = checked_text(
        draft.source, draft.spoiler_text, limits, has_media=bool(media_ids)
    )
    post.source = source
    addressed = direct.addressees(actor, post, draft.to_ids)
    references.read(actor, source, post, addressed)
    beside.check(actor, post, draft, addressed)
    calls.confirmed(actor, post, draft)
    return replace(
        draft,
        source=source,
        spoiler_text=warning,
        sensitive=draft.sensitive or bool(warning),
        media_ids=media_ids,
        poll=checked_poll(draft.poll, limits.polls) if draft.poll else None,
    )


def count_publication(post: Post) -> None:
    """Note a new post, boost or reply on what it belongs to."""
    if post.root_id is not None:
        counted = {post.root_id, post.in_reply_to_id or post.root_id}
        add_to_replies(counted, 1)
    elif post.group_id is not None:
        db.session.execute(
            update(Group)
            .where(Group.id == post.group_id, _behind(Group.last_post_id, post.id))
            .values(last_post_id=post.id)
        )
    elif post.visibility is not Visibility.DIRECT:
        db.session.execute(
            update(Account)
            .where(Account.id == post.author_id, _behind(Account.last_post_id, post.id))
            .values(last_post_id=post.id)
        )


def add_to_replies(post_ids: set[int], number: int) -> None:
    """Change how many replies these posts have, the newest first: always in the same order."""
    for post_id in sorted(post_ids, reverse=True):
        db.session.execute(
            update(Post)
            .where(Post.id == post_id)
            .values(replies_count=Post.replies_count + number)
            .execution_options(synchronize_session=False)
        )


def _behind(column: Any, post_id: int) -> ColumnElement[bool]:
    return or_(column.is_(None), column < post_id)


def find_made(author: Account, key: str | None) -> Post | None:
    """What the author published under this key."""
    if key is None:
        return None
    return db.session.scalar(
        select(Post).where(
            Post.author_id == author.id, Post.idempotency_key == key, Post.deleted_at.is_(None)
        )
    )


def with_audience(actor: Account, author: Account, draft: PostDraft, *, lock: bool = True) -> Post:
    """The bare post, for those whom the actor may address, NotFound or Forbidden when there are
    none. With `lock`, what it answers does not change before this transaction ends."""
    post = Post(
        id=new_id(),
        author_id=author.id,
        written_by_id=None if author.id == actor.id else actor.id,
        is_public=draft.is_public,
        visibility=draft.visibility,
        group_id=None,
        audience_id=None,
        in_reply_to_id=None,
        root_id=None,
        idempotency_key=draft.stored_key,
        created_at=utc_now(),
    )
    if draft.in_reply_to_id is not None:
        parent = get_visible(actor, draft.in_reply_to_id, lock=lock)
        if parent.boost_of_id is not None:
            parent = get_visible(actor, parent.boost_of_id, lock=lock)
        if draft.visibility is Visibility.DIRECT and parent.visibility is not Visibility.DIRECT:
            # Answered in private: it names what it answers, and begins a thread of its own.
            post.in_reply_to_id = parent.id
            return post
        post.visibility, post.group_id = parent.visibility, parent.group_id
        post.audience_id = parent.audience_id
        post.in_reply_to_id, post.root_id = parent.id, parent.root_id or parent.id
        if post.written_by_id is not None:
            voices.require_own_thread(author.id, post.root_id)
    elif draft.group_id is not None:
        _require_group(actor, draft.group_id)
        post.visibility, post.group_id = Visibility.GROUP, draft.group_id
    elif draft.audience_id is not None:
        post.visibility, post.audience_id = Visibility.AUDIENCE, draft.audience_id
    elif draft.visibility in (Visibility.GROUP, Visibility.AUDIENCE):
        message = N_("Choose who the post is for.")
        raise Invalid(message, fields={"audience": message})
    policies.require_may_publish(actor, post)
    return post


def _require_group(actor: Account, group_id: int) -> None:
    may_know = or_(known_groups(actor), readable_groups(actor))
    if not db.session.scalar(select(Group.id).where(Group.id == group_id, may_know)):
        raise NotFound()


def _insert(post: Post) -> bool:
    """Whether this call wrote the row; a rival with the same key may have been first."""
    columns = {column.key: getattr(post, column.key) for column in Post.__table__.columns}
    if not insert_once(
        Post, **{name: value for name, value in columns.items() if value is not None}
    ):
        return False
    make_transient_to_detached(post)
    db.session.add(post)
    return True
