"""A stream: what one can subscribe to. Every post belongs to exactly one, its group's when it
has a group, else its author's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, select, union, update

from intranet.accounts.models import Account
from intranet.db import db
from intranet.groups.models import Group, Membership
from intranet.posts.models import Post, Visibility
from intranet.relationships.models import Follow


@dataclass(frozen=True, slots=True)
class Stream:
    """An author's stream, or (`is_group`) a group's."""

    id: int
    is_group: bool

    @classmethod
    def of(cls, author_id: int, group_id: int | None) -> Stream:
        """The stream of a post."""
        return cls(author_id, False) if group_id is None else cls(group_id, True)

    def hold(self) -> bool | None:
        """Lock the stream until the transaction ends, so that publishing and subscribing follow
        one another: of two that did not see each other an entry would be lost. Gives whether it
        is wide; None when it is gone. (SQLite has one writer anyway.)"""
        owner = Group if self.is_group else Account
        return db.session.scalar(
            select(owner.wide).where(owner.id == self.id).with_for_update(key_share=True)
        )

    def subscribers(self) -> Select[int]:
        """The ids of those who get its posts."""
        if self.is_group:
            return select(Membership.account_id).where(Membership.group_id == self.id)
        return select(Follow.follower_id).where(Follow.followee_id == self.id)

    def recipients(self, author_id: int) -> Any:
        """The subscribers and the author of a post, each once."""
        return union(select(literal(author_id)), self.subscribers())

    def subscribes(self, account_id: int) -> bool:
        """Whether this account gets its posts."""
        column = Membership.account_id if self.is_group else Follow.follower_id
        return db.session.scalar(self.subscribers().where(column == account_id)) is not None

    def count_subscribers(self, most: int) -> int:
        """How many get its posts; counting stops at `most`."""
        some = self.subscribers().limit(most).subquery()
        return db.session.scalar(select(func.count()).select_from(some)) or 0

    def posts(self) -> ColumnElement[bool]:
        """The root posts and boosts that are in it."""
        if self.is_group:
            return and_(Post.group_id == self.id, Post.root_id.is_(None), Post.deleted_at.is_(None))
        return and_(
            Post.author_id == self.id,
            Post.group_id.is_(None),
            Post.visibility != Visibility.DIRECT,
            Post.root_id.is_(None),
            Post.deleted_at.is_(None),
        )

    def set_wide(self, wide: bool) -> None:
        """Mark the stream and every subscription to it."""
        subscriptions = (
            update(Membership).where(Membership.group_id == self.id)
            if self.is_group
            else update(Follow).where(Follow.followee_id == self.id)
        )
        owner = Group if self.is_group else Account
        for statement in (update(owner).where(owner.id == self.id), subscriptions):
            db.session.execute(
                statement.values(wide=wide).execution_options(synchronize_session=False)
            )

    def set_subscription_wide(self, account_id: int, wide: bool) -> None:
        """Mark one subscription as the stream is marked."""
        statement = (
            update(Membership).where(
                Membership.group_id == self.id, Membership.account_id == account_id
            )
            if self.is_group
            else update(Follow).where(
                Follow.followee_id == self.id, Follow.follower_id == account_id
            )
        )
        db.session.execute(statement.values(wide=wide).execution_options(synchronize_session=False))
