"""How each kind of notice reaches its reader, as the reader has chosen."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import select

from intranet.db import db
from intranet.interruptions.models import InterruptionPreference, Level, Topic
from intranet.notifications.models import NotificationKind as Kind

# What the organisation says to somebody (announcements and their approval) has no topic: it
# always reaches devices.
TOPICS: dict[Kind, Topic] = {
    Kind.MENTION: Topic.TALK,
    Kind.REPLY: Topic.TALK,
    Kind.THREAD_REPLY: Topic.TALK,
    Kind.QUOTE: Topic.TALK,
    Kind.PRAISE: Topic.TALK,
    Kind.ANSWER: Topic.TALK,
    Kind.POLL: Topic.TALK,
    Kind.MESSAGE: Topic.MESSAGES,
    Kind.GROUP_POST: Topic.GROUPS,
    Kind.POST: Topic.POSTS,
    Kind.SAVED_SEARCH: Topic.POSTS,
    Kind.REACTION: Topic.APPLAUSE,
    Kind.BOOST: Topic.APPLAUSE,
    Kind.FOLLOW: Topic.APPLAUSE,
    Kind.EVENT_INVITATION: Topic.EVENTS,
    Kind.EVENT_CHANGED: Topic.EVENTS,
    Kind.EVENT_CANCELLED: Topic.EVENTS,
    Kind.EVENT_REMINDER: Topic.EVENTS,
    Kind.EVENT_PROMOTED: Topic.EVENTS,
    Kind.JOIN_REQUEST: Topic.TEAM,
    Kind.JOIN_ACCEPTED: Topic.TEAM,
    Kind.GROUP_INVITATION: Topic.TEAM,
    Kind.PAGE_INVITATION: Topic.TEAM,
    Kind.REVIEW_REQUEST: Topic.TEAM,
    Kind.REVIEW_ANSWER: Topic.TEAM,
    Kind.REPORT: Topic.TEAM,
}
_UNLESS_CHOSEN = {Topic.APPLAUSE: Level.DIGEST}


def level_in(levels: Mapping[str, str], topic: Topic) -> Level:
    """The level of a topic in what somebody has kept."""
    try:
        return Level(levels[topic])
    except (KeyError, ValueError):
        return _UNLESS_CHOSEN.get(topic, Level.AT_ONCE)


def kept_of(account_ids: Collection[int]) -> dict[int, dict[str, str]]:
    """What these accounts have kept about topics; who has kept nothing is not in it."""
    kept = InterruptionPreference
    rows = db.session.execute(
        select(kept.account_id, kept.levels).where(kept.account_id.in_(account_ids))
    )
    return {row.account_id: row.levels for row in rows}


def level_for(levels: Mapping[str, str], kind: Kind) -> Level:
    """How notices of this kind reach somebody who has kept this."""
    topic = TOPICS.get(kind)
    return Level.AT_ONCE if topic is None else level_in(levels, topic)
