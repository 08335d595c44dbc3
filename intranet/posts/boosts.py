"""Passing a post on, to no wider an audience than it has."""

from __future__ import annotations

from sqlalchemy import select, update

from intranet.accounts import policies as account_policies
from intranet.accounts.chips import AccountChip, chip_from, select_chips
from intranet.accounts.models import Account
from intranet.db import db
from intranet.db.keyset import keyed, page_from
from intranet.db.once import insert_once
from intranet.kernel.ids import new_id
from intranet.kernel.pagination import Cursor, Page
from intranet.notifications.actions import withdraw
from intranet.notifications.models import NotificationKind
from intranet.posts import policies
from intranet.posts.actions import count_publication
from intranet.posts.events import PostChanged, PostDeleted, PostPublished
from intranet.posts.models import Post
from intranet.posts.telling import notify_author, tell


def boost(actor: Account, post: Post) -> None:
    """Pass the post on to those who follow the actor, or inside its group; once a person. `post`
    is an original: `queries.get_visible_original` gives it."""
    policies.require_may_boost(actor, post)
    boost_id = new_id()
    new = insert_once(
        Post,
        id=boost_id,
        author_id=actor.id,
        boost_of_id=post.id,
        visibility=post.visibility,
        group_id=post.group_id,
    )
    if not new:
        return
    made = db.session.get_one(Post, boost_id)
    _count(post, 1)
    count_publication(made)
    notify_author(actor, NotificationKind.BOOST, post)
    tell(PostPublished, made)
    tell(PostChanged, post)


def unboost(actor: Account, post: Post) -> None:
    """Take the boost back; nothing happens when there is none."""
    made = db.session.scalar(
        select(Post)
        .where(Post.boost_of_id == post.id, Post.author_id == actor.id)
        .with_for_update()
    )
    if made is None:
        return
    tell(PostDeleted, made)
    db.session.delete(made)
    db.session.flush()
    _count(post, -1)
    withdraw(actor=actor, kind=NotificationKind.BOOST, post_id=post.id)
    tell(PostChanged, post)


def id_of_boost(actor: Account, post: Post) -> int:
    """The id of the actor's boost of the post, which is there."""
    return db.session.scalars(
        select(Post.id).where(Post.boost_of_id == post.id, Post.author_id == actor.id)
    ).one()


def boosters(viewer: Account, post: Post, cursor: Cursor) -> Page[AccountChip]:
    """Who passed on a post that the viewer may see, the newest first; the cursor's ids are of
    boosts. Those whom the viewer may not see are left out."""
    statement = (
        select_chips()
        .add_columns(Post.id.label("boost_id"))
        .join(Post, Post.author_id == Account.id)
        .where(Post.boost_of_id == post.id, account_policies.visible_to(viewer))
    )
    rows = db.session.execute(keyed(statement, Post.id, cursor)).all()
    page = page_from(rows, cursor, lambda row: int(row.boost_id))
    return Page([chip_from(row) for row in page.items], page.next_before, page.newest)


def _count(post: Post, number: int) -> None:
    db.session.execute(
        update(Post)
        .where(Post.id == post.id)
        .values(boosts_count=Post.boosts_count + number)
        .execution_options(synchronize_session=False)
    )
