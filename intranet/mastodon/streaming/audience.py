"""Which subscriptions may have to hear of what happened to a post.

A first, cheap choice for many viewers at once. It may be too wide: whether a viewer may see the
post, and whether it is in the stream's timeline, is asked for each before anything is sent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import select

from intranet.accounts.models import Account, Role
from intranet.conversations import queries as conversations
from intranet.db import db
from intranet.mastodon.streaming.streams import HASHTAGS, PUBLIC, Channel, Stream
from intranet.posts import named
from intranet.posts.events import PostChanged, PostDeleted, PostPublished
from intranet.posts.models import Participant
from intranet.tags.queries import followers_among
from intranet.timelines import holding, streams

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
        if stream.channel is Channel.LIST:
            # Who has left a group has no list of it any more; lists of people are asked.
            return _is_of_people(stream, fact) or account_id in self._readers()
        if fact.root_id is not None:
            return False  # a reply is in its thread, and in lists that ask for it
        if stream.channel in PUBLIC:
            return fact.organisation_wide
        if stream.channel is Channel.USER:
            return account_id in self._readers() or account_id in self._tag_followers()
        return False

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


@dataclass(slots=True)
class Question:
    """Who asks whether a post is in a stream's timeline."""

    post: PostFact
    stream: Stream
    viewers: dict[int, Account] = field(default_factory=dict)

    def held_for(self) -> set[int]:
        """The ids of those to whom the timeline that the stream belongs to shows the post: by the
        statement that makes the timeline's pages, for all of them at once."""
        post_id, channel = self.post.post_id, self.stream.channel
        everybody = self.viewers.values()
        if channel is Channel.DIRECT:
            return conversations.those_with_message(everybody, post_id)
        if channel is Channel.USER:
            return holding.homes(everybody, post_id)
        if channel in PUBLIC:
            return holding.organisation(everybody, post_id)
        if channel in HASHTAGS:
            return holding.hashtag(everybody, self.stream.subject, post_id)
        if channel is Channel.LIST:
            return holding.group(everybody, int(self.stream.subject), post_id)
        return set()


class Holding:
    """Which streams of which viewers hold some posts. Every kind of timeline, every hashtag of a
    post and its group are asked about once, whoever and however many ask."""

    def __init__(self) -> None:
        self._questions: dict[tuple[int, str], Question] = {}
        self._lists: dict[int, dict[int, Account]] = defaultdict(dict)
        self._list_ids: dict[int, set[int]] = defaultdict(set)
        self._held: dict[tuple[int, str], set[int]] = {}
        self._held_lists: dict[int, set[tuple[int, int]]] = {}

    def ask(self, viewer: Account, stream: Stream, post: PostFact) -> None:
        """This viewer wants to know."""
        if _is_of_people(stream, post):
            self._lists[post.post_id][viewer.id] = viewer
            self._list_ids[post.post_id].add(int(stream.subject))
            return
        key = (post.post_id, _timeline(stream))
        question = self._questions.setdefault(key, Question(post, stream))
        question.viewers[viewer.id] = viewer

    def answer(self) -> None:
        """Ask the database, of everything at once."""
        self._held = {key: one.held_for() for key, one in self._questions.items()}
        self._held_lists = {
            post_id: holding.lists(viewers.values(), self._list_ids[post_id], post_id)
            for post_id, viewers in self._lists.items()
        }

    def holds(self, viewer: Account, stream: Stream, post: PostFact) -> bool:
        """Whether it is held for this viewer, who asked; a list that is another's holds nothing."""
        if _is_of_people(stream, post):
            return (viewer.id, int(stream.subject)) in self._held_lists[post.post_id]
        return viewer.id in self._held[post.post_id, _timeline(stream)]


def _is_of_people(stream: Stream, post: PostFact) -> bool:
    """Whether the stream is a list of people; the others are groups, which programs read as
    lists."""
    return stream.channel is Channel.LIST and stream.subject != str(post.group_id)


def _timeline(stream: Stream) -> str:
    """Streams of one name belong to one timeline."""
    if stream.channel in PUBLIC:
        return str(Channel.PUBLIC)
    if stream.channel in HASHTAGS:
        return f"{Channel.HASHTAG} {stream.subject}"
    return str(stream.channel)
