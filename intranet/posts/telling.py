"""Who hears of what happens to a post: notifications for people, facts for the machinery."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, or_, select

from intranet.accounts.models import Account
from intranet.db import db, record
from intranet.groups.models import Membership, NotifyLevel
from intranet.notifications.actions import notify
from intranet.notifications.models import NotificationKind
from intranet.posts import policies
from intranet.posts.events import PostChanged, PostDeleted, PostPublished
from intranet.posts.models import Post, Visibility


def tell(kind: type[PostPublished | PostChanged | PostDeleted], post: Post) -> None:
    """Record the fact for those who follow it."""
    record(
        kind(
            post_id=post.id,
            author_id=post.author_id,
            group_id=post.group_id,
            root_id=post.root_id,
            organisation_wide=post.visibility is Visibility.ORGANISATION,
        )
    )


def notify_of_post(actor: Account, post: Post, mentioned_ids: Collection[int]) -> None:
    """Tell each person once, by the strongest reason: named, answered, or a member who wants to
    hear of everything. The silent members of a group hear only when they are answered."""
    levels = _levels(post, mentioned_ids)
    named = _willing(mentioned_ids, levels)
    answered = _answered(actor, post) - named
    rest = {
        account_id
        for account_id, level in levels.items()
        if level is NotifyLevel.EVERYTHING and post.root_id is None
    } - (named | answered)
    for kind, recipients in (
        (NotificationKind.MENTION, named),
        (NotificationKind.REPLY, answered),
        (NotificationKind.GROUP_POST, rest),
    ):
        notify_about(actor, kind, post, recipients)


def notify_mentioned(actor: Account, post: Post, account_ids: Collection[int]) -> None:
    """Tell those whom an edit has named."""
    named = _willing(account_ids, _levels(post, account_ids)) if account_ids else set()
    notify_about(actor, NotificationKind.MENTION, post, named)


def notify_author(actor: Account, kind: NotificationKind, post: Post) -> None:
    """Tell the author, if the author may still see the post."""
    if post.author_id != actor.id:
        notify_about(actor, kind, post, _who_still_read(post, {post.author_id}))


def notify_about(
    actor: Account, kind: NotificationKind, post: Post, recipient_ids: Collection[int]
) -> None:
    """One row for each; the caller has made sure that they may see the post."""
    notify(
        recipient_ids,
        actor=actor,
        kind=kind,
        post_id=post.id,
        thread_id=post.root_id or post.id,
        group_id=post.group_id,
    )


def _willing(account_ids: Collection[int], levels: dict[int, NotifyLevel]) -> set[int]:
    """Those who have not silenced the group."""
    return {one for one in account_ids if levels.get(one) is not NotifyLevel.NOTHING}


def _levels(post: Post, mentioned_ids: Collection[int]) -> dict[int, NotifyLevel]:
    """How much the members who matter here want to hear: one SELECT, whatever the group's size."""
    if post.group_id is None:
        return {}
    wanted: ColumnElement[bool] = Membership.account_id.in_(mentioned_ids)
    if post.root_id is None:
        wanted = or_(wanted, Membership.notify_level == NotifyLevel.EVERYTHING)
    rows = db.session.execute(
        select(Membership.account_id, Membership.notify_level)
        .join(Account, Account.id == Membership.account_id)
        .where(Membership.group_id == post.group_id, Account.deactivated_at.is_(None), wanted)
    )
    return {row.account_id: row.notify_level for row in rows}


def _answered(actor: Account, post: Post) -> set[int]:
    """Who wrote what is replied to and who began the thread, if they may still read it."""
    if post.root_id is None:
        return set()
    authors = db.session.scalars(
        select(Post.author_id).where(
            Post.id.in_({post.in_reply_to_id or post.root_id, post.root_id}),
            Post.deleted_at.is_(None),
        )
    )
    return _who_still_read(post, set(authors) - {actor.id})


def _who_still_read(post: Post, account_ids: Collection[int]) -> set[int]:
    if not account_ids:
        return set()
    may_read = policies.readers_of(post)
    return set(
        db.session.scalars(
            select(Account.id).where(
                and_(Account.id.in_(account_ids), Account.deactivated_at.is_(None), may_read)
            )
        )
    )
