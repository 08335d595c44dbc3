"""Why something is shown. The doors put it into words."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Why(enum.StrEnum):
    """The reasons: first what asks something of the reader, then what may interest them."""

    CONFIRM = "confirm"
    READ_FIRST = "read_first"
    APPROVAL = "approval"
    REVIEW = "review"
    EVENT = "event"
    GROUP_INVITATION = "group_invitation"
    JOIN_REQUESTS = "join_requests"
    MESSAGE = "message"
    MENTION = "mention"
    REPLY = "reply"
    THREAD = "thread"
    MANAGER = "manager"

    CLOSE = "close"
    TEAM = "team"
    NEAR = "near"
    SKILL = "skill"
    TAG = "tag"
    POLL = "poll"
    TALK = "talk"
    GROUP = "group"
    FOLLOW = "follow"
    PASSED_ON = "passed_on"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: `name` is of the person, group or hashtag, `count` of how many."""

    why: Why
    name: str = ""
    count: int = 0
