"""Voting in the polls of posts, and their end."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import select

from intranet.accounts.chips import AccountChip
from intranet.accounts.models import Account
from intranet.db import db
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import Forbidden, Invalid, NotFound
from intranet.kernel.messages import N_
from intranet.notifications.actions import notify
from intranet.notifications.models import NotificationKind
from intranet.polls import actions as polls
from intranet.polls import queries as poll_queries
from intranet.polls.views import PollView
from intranet.posts.events import PostChanged
from intranet.posts.models import Post
from intranet.posts.queries import get_visible_original
from intranet.posts.telling import notify_about, tell, who_still_read


def view(viewer: Account, post_id: int) -> PollView:
    """The poll of a post; NotFound unless the viewer may read the post, or without a poll."""
    post = get_visible_original(viewer, post_id)
    own = [post.id] if _wrote(viewer, post) else []
    found = poll_queries.of_posts(viewer, [post.id], own).get(post.id)
    if found is None:
        raise NotFound()
    return found


def vote(actor: Account, post: Post, choices: Collection[int]) -> None:
    """Choose, once: whoever may read the post, but not who wrote it. NotFound without a poll;
    Invalid as `polls.actions.cast` says. `post` is an original."""
    poll = polls.find_locked(post.id)
    if poll is None:
        raise NotFound()
    if _wrote(actor, post):
        message = N_("You cannot vote in your own poll.")
        raise Invalid(message, fields={"choices": message})
    polls.cast(actor, poll, choices)
    tell(PostChanged, post)


def voters(viewer: Account, post_id: int) -> list[tuple[AccountChip, ...]]:
    """Who chose each answer. Forbidden where votes are secret, for good or still."""
    poll = view(viewer, post_id)
    if poll.anonymous:
        raise Forbidden(N_("This poll is anonymous: nobody sees who voted for what."))
    if poll.hides_totals:
        raise Forbidden(N_("The result is shown when the poll ends."))
    return poll_queries.voters(viewer, poll.id)


def close(payload: dict[str, Any]) -> None:
    """The end of a poll: tell who wrote it and who voted, once, if they may still read it. Nothing
    happens when it was told already, or ends later by now."""
    post_id = int(payload["post_id"])
    post = db.session.scalar(select(Post).where(Post.id == post_id, Post.deleted_at.is_(None)))
    poll = polls.find_locked(post_id) if post is not None else None
    if post is None or poll is None or poll.closed_at is not None or poll.expires_at > utc_now():
        return
    poll.closed_at = utc_now()
    db.session.flush()
    author = db.session.get_one(Account, post.author_id)
    asked_by = post.written_by_id or post.author_id
    told = who_still_read(post, poll_queries.voter_ids(post_id))
    notify_about(author, NotificationKind.POLL, post, told, but={asked_by})
    if who_still_read(post, {asked_by}):
        notify(
            {asked_by},
            actor=author,
            kind=NotificationKind.POLL,
            post_id=post.id,
            thread_id=post.root_id or post.id,
            group_id=post.group_id,
            page_id=post.author_id if post.written_by_id else None,
            tell_actor=True,
        )
    tell(PostChanged, post)


def _wrote(account: Account, post: Post) -> bool:
    return account.id in (post.author_id, post.written_by_id)
