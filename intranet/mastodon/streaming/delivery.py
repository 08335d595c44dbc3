"""From facts to messages: everything is drawn through the viewer whose program listens.

Several facts that wait together are read together, for several viewers at once. The tokens are
looked up again each time, so that a dead one is sent nothing even before its lines have been cut.
"""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

import orjson
from flask import Flask, g

from intranet.announcements.events import (
    AnnouncementPublished,
    AnnouncementRevised,
    AnnouncementWithdrawn,
)
from intranet.conversations import queries as conversations
from intranet.filters.events import FiltersChanged
from intranet.kernel.domain_events import DomainEvent
from intranet.kernel.errors import NotFound
from intranet.letters.reader import reading
from intranet.mastodon.answers import settings_here
from intranet.mastodon.entities.conversations import conversations as drawn
from intranet.mastodon.streaming import announced, notices
from intranet.mastodon.streaming.audience import PostAudience
from intranet.mastodon.streaming.drawing import Drawings, Posts
from intranet.mastodon.streaming.gathering import Errand, Hearing, Listening, gather
from intranet.mastodon.streaming.line import NOTHING, POLICY, Line, Message
from intranet.mastodon.streaming.streams import Channel, Stream
from intranet.notifications.events import Notified
from intranet.oauth import tokens
from intranet.posts.events import PostChanged, PostDeleted, PostPublished

log = logging.getLogger(__name__)

AnnouncementFact = AnnouncementPublished | AnnouncementRevised | AnnouncementWithdrawn
_SLICE_SECONDS = 0.04  # of drawing, after which others have their turn
_AT_ONCE = 125  # tokens whose posts are read together: each statement takes some milliseconds
_NOTIFIED = (Channel.USER, Channel.NOTIFICATIONS)


def deliver(app: Flask, lines: Collection[Line], facts: Sequence[DomainEvent]) -> None:
    """Let each line hear what it may of these facts, in their order."""
    with app.app_context():
        errands = _errands(lines, facts)
    waiting = list(errands.items())
    for start in range(0, len(waiting), _AT_ONCE):
        try:
            with app.app_context():
                hearings = list(_hearings(waiting[start : start + _AT_ONCE]))
                gather(hearings)
                shown = Drawings().of_all(hearings)
        except Exception:
            log.exception("programs could not be told what happened")
            continue
        with app.app_context():
            _tell_all(app, hearings, shown)


def _tell_all(app: Flask, hearings: Sequence[Hearing], shown: Sequence[Posts]) -> None:
    time.sleep(0)  # lets the requests of this process go first
    began = time.monotonic()
    for hearing, posts in zip(hearings, shown, strict=True):
        if time.monotonic() - began > _SLICE_SECONDS:
            time.sleep(0)
            began = time.monotonic()
        try:
            if all(map(_is_drawn, hearing.errands)):
                _Telling(hearing, posts).run()
                continue
            with app.app_context():
                _tell(hearing, posts)
        except Exception:
            log.exception("a program could not be told what happened")


def _is_drawn(errand: Errand) -> bool:
    """Whether nothing is still to be read for the token."""
    fact = errand.fact
    return isinstance(fact, PostPublished | PostChanged | PostDeleted) and not fact.direct


def _errands(lines: Collection[Line], facts: Sequence[DomainEvent]) -> dict[int, list[Errand]]:
    """What may have to be told to whom: a statement or two for each fact."""
    found: dict[int, list[Errand]] = defaultdict(list)
    accounts = {line.account_id for line in lines}
    for fact in facts:
        wanted: dict[int, list[Listening]] = defaultdict(list)
        own: dict[int, int] = {}
        for line, stream in _listening(lines, fact, accounts, own):
            wanted[line.token_id].append((line, stream))
        for token_id, to in wanted.items():
            number = own.get(to[0][0].account_id)
            found[token_id].append(Errand(fact, tuple(to), number))
    return found


def _listening(
    lines: Collection[Line], fact: DomainEvent, accounts: Collection[int], own: dict[int, int]
) -> Iterator[Listening]:
    if isinstance(fact, PostPublished | PostChanged):
        audience = PostAudience(fact, accounts)
        for line, stream in _subscriptions(lines):
            if audience.may_hear(line.account_id, stream):
                yield line, stream
    elif isinstance(fact, PostDeleted):
        audience = PostAudience(fact, accounts)
        for line, stream in _subscriptions(lines):
            if line.knows(fact.post_id, stream) or audience.heard(line.account_id, stream):
                yield line, stream
    elif isinstance(fact, Notified):
        own.update(zip(fact.recipient_ids, fact.notification_ids, strict=True))
        for line, stream in _subscriptions(lines):
            if stream.channel in _NOTIFIED and line.account_id in own:
                yield line, stream
    elif isinstance(fact, FiltersChanged):
        for line, stream in _subscriptions(lines):
            if stream.channel is Channel.USER and line.account_id == fact.account_id:
                yield line, stream
    elif isinstance(fact, AnnouncementFact):
        for line, stream in _subscriptions(lines):
            if stream.channel is Channel.USER:
                yield line, stream


def _subscriptions(lines: Collection[Line]) -> Iterator[Listening]:
    for line in lines:
        for stream in tuple(line.streams):
            yield line, stream


def _hearings(waiting: Iterable[tuple[int, Sequence[Errand]]]) -> Iterator[Hearing]:
    """The tokens that are alive now; the lines of the others end."""
    asked = list(waiting)
    living = tokens.living([token_id for token_id, _errands in asked])
    for token_id, errands in asked:
        access = living.get(token_id)
        if access is not None and access.account is not None:
            yield Hearing(access, access.account, errands)
            continue
        for errand in errands:
            for line, _stream in errand.to:
                line.end(POLICY)


def _tell(hearing: Hearing, posts: Posts) -> None:
    """In the language of the account, in a context of its own."""
    g.mastodon_access = hearing.access
    locale = hearing.viewer.locale or settings_here().default_locale
    with reading(locale, hearing.viewer.time_zone):
        _Telling(hearing, posts).run()


class _Telling:
    """What one token hears of several facts."""

    def __init__(self, hearing: Hearing, posts: Posts) -> None:
        self._held = hearing.held
        self._shown = posts
        self._access = hearing.access
        self._viewer = hearing.viewer
        self._errands = hearing.errands

    def run(self) -> None:
        noted = self._notifications()
        for errand in self._errands:
            fact = errand.fact
            if isinstance(fact, PostPublished | PostChanged):
                event = "update" if isinstance(fact, PostPublished) else "status.update"
                self._post(errand, event, fact.post_id)
            elif isinstance(fact, PostDeleted):
                self._say(errand.to, "delete", str(fact.post_id))
            elif isinstance(fact, Notified) and errand.notification_id in noted:
                allowed = [one for one in errand.to if self._access.may("read:notifications")]
                self._say(allowed, "notification", noted[errand.notification_id])
            elif isinstance(fact, FiltersChanged):
                if self._access.may("read:filters"):
                    self._say(errand.to, "filters_changed", NOTHING)
            elif isinstance(fact, AnnouncementFact):
                self._announcement(errand, fact)

    def _post(self, errand: Errand, event: str, post_id: int) -> None:
        post = self._shown.get(post_id)
        if post is None:
            return
        payload = ""
        for line, stream in errand.to:
            if stream not in self._held[post_id] or (stream.only_media and not post.has_media):
                continue
            if stream.channel is Channel.DIRECT:
                self._conversation(errand.fact, line, stream)
                continue
            payload = payload or post.form.filled(self._access.token_id)
            line.remember(post_id, stream)
            line.say(Message(stream, event, payload))

    def _conversation(self, fact: DomainEvent, line: Line, stream: Stream) -> None:
        """A new message is told as the conversation that it is in."""
        if not isinstance(fact, PostPublished):
            return
        try:
            found = conversations.get(self._viewer, fact.root_id or fact.post_id)
        except NotFound:  # deleted meanwhile
            return
        entity = drawn(self._viewer, [found])[0]
        line.remember(fact.post_id, stream)
        line.say(Message(stream, "conversation", orjson.dumps(entity).decode()))

    def _notifications(self) -> dict[int | None, str]:
        ids = [one.notification_id for one in self._errands if one.notification_id is not None]
        if not ids or not self._access.may("read:notifications"):
            return {}
        found = notices.drawn(self._viewer, ids)
        return {int(entity["id"]): orjson.dumps(entity).decode() for entity in found}

    def _announcement(self, errand: Errand, fact: AnnouncementFact) -> None:
        if isinstance(fact, AnnouncementWithdrawn):
            if announced.was_for(self._viewer, fact.announcement_id):
                self._say(errand.to, "announcement.delete", str(fact.announcement_id))
            return
        locale = self._viewer.locale or settings_here().default_locale
        entity = announced.drawn(self._viewer, fact.announcement_id, locale)
        if entity is not None:
            self._say(errand.to, "announcement", orjson.dumps(entity).decode())

    def _say(self, to: Sequence[Listening], event: str, payload: str) -> None:
        for line, stream in to:
            line.say(Message(stream, event, payload))
