"""Which subscriptions may have to hear of what happened to a post.

A first, cheap choice for many viewers at once. It may be too wide: whether a viewer may see the
post, and whether it is in the stream's timeline, is asked for each before anything is sent.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from intranet.accounts.models import Account, Role
from intranet.conversations import queries as conversations
from intranet.db import db
from intranet.kernel.errors import NotFound
from intranet.kernel.pagination import Cursor
from intranet.mastodon.people_lists import timeline_of_list
from intranet.mastodon.streaming.streams import HASHTAGS, PUBLIC, Channel, Stream
from intranet.posts import named
from intranet.posts.events import PostChanged, PostDeleted, PostPublished
from intranet.posts.models import Participant
from intranet.tags.queries import followers_among
from intranet.timelines import streams
from intranet.timelines.queries import Kind, Timeline, entry_ids

PostFact = PostPublished | PostChanged | PostDeleted


class PostAudience:
    """Of one post: a few statements, made when they are needed."""

    def __init__(self, fact: PostFact, accounts: Collection[int]) -> None:
        self._fact = fact
        self._accounts = accounts
        self._tags: frozenset[str] | None = None
        self._following: frozenset[int] | None = None
        self._subscribers: frozenset[int] | None = None
        self._in_conversation: frozenset[int] | None = None

    def may_hear(self, account_id: int, stream: Stream) -> bool:
        """Whether it is worth asking for this viewer."""
        fact = self._fact
        if stream.channel is Channel.DIRECT:
            return fact.direct and account_id in self._participants()
        if stream.channel in HASHTAGS:
            return stream.subject in self._hashtags()
        if fact.root_id is not None:
            return False  # a reply is in its thread only
        if stream.channel in PUBLIC:
            return fact.organisation_wide
        if stream.channel is Channel.USER:
            return account_id in self._readers() or account_id in self._tag_followers()
        return stream.channel is Channel.LIST

    def heard(self, account_id: int, stream: Stream) -> bool:
        """Of a deleted post, which nobody can be asked about: whether the viewer's program may
        have it, by streams that the viewer subscribes to."""
        fact = self._fact
        if fact.for_some:
            return False  # only who was sent it
        if stream.channel is Channel.LIST:
            mine = stream.subject == str(fact.group_id or fact.author_id)
            return mine and account_id in self._readers()
        if stream.channel is Channel.USER:
            return account_id in self._readers()
        return stream.channel in PUBLIC and fact.organisation_wide and account_id in self._staff()

    def _hashtags(self) -> frozenset[str]:
        if self._tags is None:
            found = named.hashtags_of([self._fact.post_id])
            self._tags = frozenset(found.get(self._fact.post_id, ()))
        return self._tags

    def _tag_followers(self) -> frozenset[int]:
        """Of the accounts that listen those that follow a hashtag of a post for everybody."""
        if self._following is None:
            names = self._hashtags() if self._fact.organisation_wide else frozenset()
            self._following = followers_among(names, self._accounts)
        return self._following

    def _readers(self) -> frozenset[int]:
        """Of the accounts that listen those that subscribe to the post's stream."""
        if self._subscribers is None:
            source = streams.Stream.of(self._fact.author_id, self._fact.group_id)
            # Of a group only members: its post's author is a recipient too, and may have left it.
            whom = (
                source.recipients(self._fact.author_id)
                if self._fact.group_id is None
                else source.subscribers()
            ).subquery()
            column = next(iter(whom.c))
            mine = select(column).where(column.in_(self._accounts))
            self._subscribers = frozenset(db.session.scalars(mine))
        return self._subscribers

    def _participants(self) -> frozenset[int]:
        """Of the accounts that listen those that are in the post's conversation."""
        if self._in_conversation is None:
            rows = select(Participant.account_id).where(
                Participant.conversation_id == (self._fact.root_id or self._fact.post_id),
                Participant.account_id.in_(self._accounts),
            )
            self._in_conversation = frozenset(db.session.scalars(rows))
        return self._in_conversation

    def _staff(self) -> frozenset[int]:
        rows = select(Account.id).where(
            Account.id.in_(self._accounts),
            Account.role != Role.GUEST,
            Account.deactivated_at.is_(None),
        )
        return frozenset(db.session.scalars(rows))


def holds(viewer: Account, stream: Stream, post_id: int) -> bool:
    """Whether the timeline that the stream belongs to shows this post to the viewer: by the
    statement that makes the timeline's pages."""
    only = Cursor(before=post_id + 1, after=post_id - 1, limit=1)
    if stream.channel is Channel.DIRECT:
        return post_id in conversations.direct_ids(viewer, only).items
    timeline = _timeline(viewer, stream)
    if timeline is None:
        return False
    return post_id in entry_ids(viewer, timeline, only).items


def _timeline(viewer: Account, stream: Stream) -> Timeline | None:
    if stream.channel is Channel.USER:
        return Timeline(Kind.HOME)
    if stream.channel in PUBLIC:
        return Timeline(Kind.ORGANISATION)
    if stream.channel in HASHTAGS:
        return Timeline(Kind.TAG, stream.subject)
    if stream.channel is Channel.LIST:
        try:
            return timeline_of_list(viewer, int(stream.subject))
        except NotFound:
            return None  # not the viewer's, or not any more
    return None
