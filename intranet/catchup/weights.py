"""What makes a post interesting, and how much each of it counts for one reader."""

from __future__ import annotations

import enum
from collections.abc import Mapping

from intranet.kernel.errors import Invalid
from intranet.kernel.messages import N_

MOST = 10


class Feature(enum.StrEnum):
    """All that the order depends on. Nothing else does."""

    CLOSE = "close"  # whom the reader often answers or reacts to
    TEAM = "team"  # who has the same manager, or answers to the reader
    NEAR = "near"  # reactions of people whom the reader follows or works with
    SKILL = "skill"  # it is about what the reader knows of
    TAG = "tag"  # a hashtag that the reader follows
    POLL = "poll"  # a poll that the reader can still vote in
    TALK = "talk"  # how much it is talked of
    GROUP = "group"  # it is in a group of the reader's
    FOLLOW = "follow"  # the reader follows who wrote it or passed it on
    FRESH = "fresh"  # the newer, the better


USUAL: Mapping[Feature, int] = {
    Feature.CLOSE: 6,
    Feature.TEAM: 5,
    Feature.NEAR: 6,
    Feature.SKILL: 6,
    Feature.TAG: 5,
    Feature.POLL: 3,
    Feature.TALK: 3,
    Feature.GROUP: 2,
    Feature.FOLLOW: 2,
    Feature.FRESH: 1,
}


def completed(kept: Mapping[str, int]) -> dict[Feature, int]:
    """Every feature with what somebody has chosen for it, or with its usual weight."""
    return {one: kept.get(one.value, usual) for one, usual in USUAL.items()}


def checked(wanted: Mapping[str, int]) -> dict[str, int]:
    """The weights as they are kept: only what differs from the usual. Invalid for a feature that
    does not exist and for what is not 0..MOST."""
    problems = {
        name: N_("A weight is a whole number from 0 to 10.")
        for name, weight in wanted.items()
        if name not in list(Feature) or not 0 <= weight <= MOST
    }
    if problems:
        raise Invalid(fields=problems)
    return {name: weight for name, weight in wanted.items() if USUAL[Feature(name)] != weight}
