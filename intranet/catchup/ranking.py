"""The order of what may interest: visible features times the reader's weights, in whole numbers,
so that the same facts give the same order everywhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from intranet.catchup.interest import Facts
from intranet.catchup.reasons import Reason, Why
from intranet.catchup.spans import Span
from intranet.catchup.weights import Feature

WHOLE = 1000  # a feature that is there entirely
# Below it stands what comes by one plain subscription and nothing else: by the usual weights a
# post of somebody who is followed has 2000 to 3000.
ENOUGH = 3500
SHOWN = 15
_REASONS = 3


@dataclass(frozen=True, slots=True)
class Ranked:
    """A post with its points and the reasons that gave it most."""

    facts: Facts
    points: int
    reasons: tuple[Reason, ...]


def ranked(facts: Iterable[Facts], weights: Mapping[Feature, int], span: Span) -> list[Ranked]:
    """Those with enough points, at most SHOWN: the most points first, then the newest. Of a
    thread only the best."""
    scored = sorted(
        (_scored(one, weights, span) for one in facts),
        key=lambda one: (-one.points, -one.facts.post_id),
    )
    kept: dict[int, Ranked] = {}
    for one in scored:
        if one.points >= ENOUGH and one.reasons:
            kept.setdefault(one.facts.thread_id, one)
    return list(kept.values())[:SHOWN]


def values_of(facts: Facts, span: Span) -> dict[Feature, int]:
    """Each feature of a post, 0..WHOLE."""
    length = max(1, span.until - span.since)
    return {
        Feature.CLOSE: min(WHOLE, facts.exchanges * 150),
        Feature.TEAM: WHOLE if facts.team else 0,
        Feature.NEAR: _growing(facts.near, 5),
        Feature.SKILL: WHOLE if facts.skill else 0,
        Feature.TAG: WHOLE if facts.tag else 0,
        Feature.POLL: WHOLE if facts.poll else 0,
        Feature.TALK: _growing(facts.reactions + 2 * facts.replies, 40),
        Feature.GROUP: WHOLE if facts.group else 0,
        Feature.FOLLOW: WHOLE if facts.followed or facts.passed_on_by else 0,
        Feature.FRESH: WHOLE * max(0, facts.post_id - span.since) // length,
    }


def _growing(number: int, whole: int) -> int:
    """Each more counts less: as many as `whole` are all that can be had."""
    return min(WHOLE, WHOLE * number * (whole + 4) // ((number + 4) * whole))


def _scored(facts: Facts, weights: Mapping[Feature, int], span: Span) -> Ranked:
    points = {one: weights[one] * value for one, value in values_of(facts, span).items()}
    best = sorted((one for one in Feature if points[one]), key=lambda one: -points[one])
    reasons = [reason for one in best if (reason := _reason(one, facts)) is not None]
    return Ranked(facts, sum(points.values()), tuple(reasons[:_REASONS]))


def _reason(feature: Feature, facts: Facts) -> Reason | None:
    if feature is Feature.NEAR:
        return Reason(Why.NEAR, count=facts.near)
    if feature is Feature.TALK:
        talk = facts.replies or facts.reactions
        return Reason(Why.TALK, count=talk) if talk > 1 else None
    if feature is Feature.SKILL:
        return Reason(Why.SKILL, facts.skill)
    if feature is Feature.TAG:
        return Reason(Why.TAG, facts.tag)
    if feature is Feature.GROUP:
        return Reason(Why.GROUP, facts.group)
    if feature is Feature.POLL:
        return Reason(Why.POLL)
    if feature is Feature.FRESH:
        return None
    if feature is Feature.FOLLOW and not facts.followed:
        return Reason(Why.PASSED_ON, facts.passed_on_by)
    return Reason(Why(feature.value), facts.author)
