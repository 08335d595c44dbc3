"""The end of a post: gone, or an empty place in its thread when others have answered."""

from __future__ import annotations

from sqlalchemy import delete, func, select, update

from intranet.accounts.models import Account
from intranet.db import db
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import Forbidden
from intranet.kernel.messages import N_
from intranet.media.actions import detach_and_purge
from intranet.notifications.actions import forget_posts
from intranet.polls.models import Poll
from intranet.posts import beside, direct, policies, references
from intranet.posts.actions import add_to_replies
from intranet.posts.boosts import unboost
from intranet.posts.events import PostChanged, PostDeleted
from intranet.posts.models import (
    Bookmark,
    PinnedPost,
    PinPutAway,
    Post,
    PostRevision,
    ProfilePin,
    Reaction,
    Visibility,
)
from intranet.posts.telling import tell


def remove(actor: Account, post: Post) -> None:
    """Delete the post for everybody: text, history, files, marks, boosts, and what people were
    told of it. A boost is only taken back, by whom it is."""
    if post.boost_of_id is not None:
        _take_back(actor, post.boost_of_id, post.author_id)
        return
    policies.require_may_delete(actor, post)
    tell(PostDeleted, post)
    _withdraw_boosts(post)
    _empty(post)
    beside.let_go(post)
    _forget_private_answers(post.id)
    if post.root_id is not None:
        counted = {post.root_id, post.in_reply_to_id or post.root_id}
        add_to_replies(counted, -1)
    if _has_replies(post.id):
        post.source = post.html = post.search_text = post.spoiler_text = ""
        post.sensitive = False
        post.boosts_count = 0
        post.language = post.edited_at = post.idempotency_key = None
        post.deleted_at = utc_now()
        db.session.flush()
    else:
        db.session.delete(post)
        db.session.flush()
        _drop_empty_places(post.in_reply_to_id)
    if post.visibility is Visibility.DIRECT:
        direct.step_back(post)
    _tell_thread(post)


def _forget_private_answers(post_id: int) -> None:
    """Direct posts that answer it stay: they are threads of their own, and hold up no place that
    others could see."""
    db.session.execute(
        update(Post)
        .where(Post.in_reply_to_id == post_id, Post.root_id.is_(None))
        .values(in_reply_to_id=None)
        .execution_options(synchronize_session=False)
    )


def _take_back(actor: Account, original_id: int, booster_id: int) -> None:
    if actor.id != booster_id:
        raise Forbidden(N_("Only who passed a post on may take that back."))
    unboost(actor, db.session.get_one(Post, original_id))


def _withdraw_boosts(post: Post) -> None:
    for boost in db.session.scalars(select(Post).where(Post.boost_of_id == post.id)):
        tell(PostDeleted, boost)
        db.session.delete(boost)
    db.session.flush()


def _empty(post: Post) -> None:
    """Everything that hangs on the post, but for its answers."""
    references.forget([post.id])
    for model in (Reaction, Bookmark, PinnedPost, PinPutAway, ProfilePin, PostRevision, Poll):
        db.session.execute(
            delete(model)
            .where(model.post_id == post.id)
            .execution_options(synchronize_session=False)
        )
    forget_posts([post.id])
    detach_and_purge(post.id)


def _has_replies(post_id: int) -> bool:
    """Children, not only counted replies: an emptied answer keeps its own place above others."""
    children = select(func.count()).where(Post.in_reply_to_id == post_id)
    return bool(db.session.scalar(children))


def _drop_empty_places(post_id: int | None) -> None:
    """An emptied post whose last answer went has nothing left to hold together."""
    while post_id is not None and not _has_replies(post_id):
        place = db.session.scalar(
            select(Post).where(Post.id == post_id, Post.deleted_at.is_not(None))
        )
        if place is None:
            return
        db.session.delete(place)
        db.session.flush()
        post_id = place.in_reply_to_id


def _tell_thread(post: Post) -> None:
    """The root's number of replies has changed where it is shown."""
    root = db.session.get(Post, post.root_id) if post.root_id is not None else None
    if root is not None and root.deleted_at is None:
        tell(PostChanged, root)
