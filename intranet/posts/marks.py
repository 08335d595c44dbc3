"""Reactions, bookmarks, threads that are followed or muted. Each may be sent twice and is there,
or gone, once."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import CursorResult, Delete, delete, func, select

from intranet.accounts.models import Account
from intranet.db import db
from intranet.db.once import insert_once
from intranet.kernel.errors import Invalid
from intranet.kernel.messages import N_
from intranet.notifications.actions import withdraw
from intranet.notifications.models import NotificationKind
from intranet.posts.emoji import reaction_emoji
from intranet.posts.events import PostChanged
from intranet.posts.models import Bookmark, Post, Reaction, ThreadFollow, ThreadMute
from intranet.posts.telling import notify_author, tell

MAX_KINDS = 8  # emoji of one person under one post


def react(actor: Account, post: Post, emoji: str) -> None:
    """Give an emoji. The author hears of the first one of each person."""
    emoji = reaction_emoji(emoji)
    given = _given(actor, post)
    if emoji in given:
        return
    if len(given) >= MAX_KINDS:
        raise Invalid(N_("%(most)s reactions are enough for one post."), most=MAX_KINDS)
    if not insert_once(Reaction, post_id=post.id, account_id=actor.id, emoji=emoji):
        return
    if not given:
        notify_author(actor, NotificationKind.REACTION, post)
    tell(PostChanged, post)


def unreact(actor: Account, post: Post, emoji: str) -> None:
    """Take an emoji back; with the last one goes what the author has not read of it."""
    mine = (Reaction.post_id == post.id, Reaction.account_id == actor.id)
    if not removed(delete(Reaction).where(*mine, Reaction.emoji == reaction_emoji(emoji))):
        return
    left = db.session.scalar(select(func.count()).select_from(Reaction).where(*mine))
    if not left:
        withdraw(actor=actor, kind=NotificationKind.REACTION, post_id=post.id)
    tell(PostChanged, post)


def bookmark(actor: Account, post: Post) -> None:
    """Keep the post for later; nobody else learns of it."""
    insert_once(Bookmark, account_id=actor.id, post_id=post.id)


def unbookmark(actor: Account, post: Post) -> None:
    """Keep it no longer."""
    removed(delete(Bookmark).where(Bookmark.account_id == actor.id, Bookmark.post_id == post.id))


def mute_thread(actor: Account, post: Post) -> None:
    """Hear no more of the thread that the post belongs to, also when it was followed."""
    unfollow_thread(actor, post)
    insert_once(ThreadMute, account_id=actor.id, thread_id=_thread_of(post))


def unmute_thread(actor: Account, post: Post) -> None:
    """Hear of it again, from now on."""
    _leave(ThreadMute, actor, post)


def follow_thread(actor: Account, post: Post) -> None:
    """Hear every reply in the thread that the post belongs to, also when it was muted. Who takes
    part in a direct one hears them anyway."""
    unmute_thread(actor, post)
    insert_once(ThreadFollow, account_id=actor.id, thread_id=_thread_of(post))


def unfollow_thread(actor: Account, post: Post) -> None:
    """Hear of it as before."""
    _leave(ThreadFollow, actor, post)


def _thread_of(post: Post) -> int:
    return post.root_id or post.id


def _leave(model: type[ThreadMute] | type[ThreadFollow], actor: Account, post: Post) -> None:
    removed(delete(model).where(model.account_id == actor.id, model.thread_id == _thread_of(post)))


def removed(statement: Delete) -> bool:
    """Whether the deletion found anything."""
    result = db.session.execute(statement.execution_options(synchronize_session=False))
    return cast(CursorResult[Any], result).rowcount > 0


def _given(actor: Account, post: Post) -> set[str]:
    return set(
        db.session.scalars(
            select(Reaction.emoji).where(
                Reaction.post_id == post.id, Reaction.account_id == actor.id
            )
        )
    )
