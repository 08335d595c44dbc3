"""A small company that acts by rows and facts, and knows by brute force what a home holds."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import Flask
from sqlalchemy import delete, select

from intranet.accounts.models import Account
from intranet.accounts.readers import reader_of
from intranet.db import db, record
from intranet.groups.events import MembershipChanged
from intranet.groups.models import Group, GroupPrivacy, Membership
from intranet.kernel.clock import utc_now
from intranet.kernel.pagination import Cursor
from intranet.posts.events import PostDeleted, PostPublished
from intranet.posts.models import Post, Visibility
from intranet.relationships.events import Followed, Unfollowed
from intranet.relationships.models import Follow
from intranet.tasks.models import Task
from intranet.timelines import holding, statements, tasks
from intranet.unit_of_work import unit_of_work


@dataclass
class World:
    app: Flask

    def follow(self, follower: int, followee: int) -> None:
        with self.app.app_context(), unit_of_work():
            if follower == followee or db.session.get(Follow, (follower, followee)):
                return
            db.session.add(Follow(follower_id=follower, followee_id=followee))
            record(Followed(follower_id=follower, followee_id=followee))

    def unfollow(self, follower: int, followee: int) -> None:
        with self.app.app_context(), unit_of_work():
            db.session.execute(
                delete(Follow).where(Follow.follower_id == follower, Follow.followee_id == followee)
            )
            record(Unfollowed(follower_id=follower, followee_id=followee))

    def join(self, account: int, group: int) -> None:
        with self.app.app_context(), unit_of_work():
            if db.session.get(Membership, (group, account)):
                return
            db.session.add(Membership(group_id=group, account_id=account))
            record(MembershipChanged(group_id=group, account_id=account))

    def leave(self, account: int, group: int) -> None:
        with self.app.app_context(), unit_of_work():
            db.session.execute(
                delete(Membership).where(
                    Membership.group_id == group, Membership.account_id == account
                )
            )
            record(MembershipChanged(group_id=group, account_id=account))

    def publish(
        self,
        author: int,
        group: int | None = None,
        visibility: Visibility = Visibility.ORGANISATION,
        reply_to: int | None = None,
        boost_of: int | None = None,
    ) -> int:
        with self.app.app_context(), unit_of_work():
            post = Post(
                author_id=author,
                group_id=group,
                visibility=visibility if group is None else Visibility.GROUP,
                in_reply_to_id=reply_to,
                root_id=reply_to,
                boost_of_id=boost_of,
            )
            db.session.add(post)
            db.session.flush()
            record(
                PostPublished(
                    post_id=post.id,
                    author_id=author,
                    group_id=group,
                    root_id=reply_to,
                    organisation_wide=False,
                )
            )
            return post.id

    def boost(self, actor: int, post_id: int) -> None:
        with self.app.app_context():
            original = db.session.get_one(Post, post_id)
            twice = select(Post.id).where(Post.boost_of_id == post_id, Post.author_id == actor)
            if original.boost_of_id or original.group_id or db.session.scalar(twice):
                return
        self.publish(actor, visibility=original.visibility, boost_of=post_id)

    def erase(self, post_id: int) -> None:
        """As posts do it: the boosts of a deleted post go with it."""
        with self.app.app_context(), unit_of_work():
            gone = select(Post).where((Post.id == post_id) | (Post.boost_of_id == post_id))
            for post in db.session.scalars(gone):
                post.deleted_at = utc_now()
                record(
                    PostDeleted(
                        post_id=post.id,
                        author_id=post.author_id,
                        group_id=post.group_id,
                        root_id=post.root_id,
                        organisation_wide=False,
                    )
                )

    def settle(self) -> None:
        """Do what stands in the queue, as a worker would, and do it twice."""
        with self.app.app_context():
            for task in db.session.scalars(select(Task)).all():
                for _ in range(2):
                    with unit_of_work():
                        tasks.settle_width(task.payload)
            with unit_of_work():
                db.session.execute(delete(Task))

    def home(self, viewer_id: int, page: int = 7) -> list[int]:
        """The whole home, page by page, as the queries read it."""
        found: list[int] = []
        with self.app.app_context():
            viewer = db.session.get_one(Account, viewer_id)
            cursor = Cursor(limit=page)
            while True:
                reader = reader_of(viewer)
                values = statements.parameters(viewer, cursor)
                ids = list(db.session.scalars(statements.home(reader), values))
                if len(ids) < page and viewer.home_from:
                    ids = list(db.session.scalars(statements.home_from_streams(reader), values))
                found += ids
                if len(ids) < page:
                    return found
                cursor = replace(cursor, before=ids[-1])

    def whose_homes_hold(self, post_id: int) -> set[int]:
        """The same asked the other way round, of everybody at once."""
        with self.app.app_context():
            return holding.homes(db.session.scalars(select(Account)), post_id)

    def expected(self, viewer_id: int) -> list[int]:
        """The home by its definition, from all rows."""
        with self.app.app_context():
            viewer = db.session.get_one(Account, viewer_id)
            follows = set(
                db.session.scalars(
                    select(Follow.followee_id).where(Follow.follower_id == viewer_id)
                )
            )
            groups = set(
                db.session.scalars(
                    select(Membership.group_id).where(Membership.account_id == viewer_id)
                )
            )
            open_groups = set(
                db.session.scalars(select(Group.id).where(Group.privacy == GroupPrivacy.OPEN))
            )
            posts = db.session.scalars(
                select(Post).where(Post.root_id.is_(None), Post.deleted_at.is_(None))
            ).all()

        def subscribed(post: Post) -> bool:
            if post.author_id == viewer_id:
                return True
            return post.group_id in groups if post.group_id else post.author_id in follows

        def visible(post: Post) -> bool:
            if viewer.is_guest or post.group_id:
                return post.group_id in groups or (
                    not viewer.is_guest and post.group_id in open_groups
                )
            return post.visibility is Visibility.ORGANISATION or subscribed(post)

        mine = [post for post in posts if subscribed(post)]

        def seen_before(boost: Post) -> bool:
            return boost.boost_of_id is not None and any(
                post.id == boost.boost_of_id
                or (post.boost_of_id == boost.boost_of_id and post.id < boost.id)
                for post in mine
            )

        return sorted(
            (post.id for post in mine if visible(post) and not seen_before(post)), reverse=True
        )
