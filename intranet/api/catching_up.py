"""Catching up: the same report as the page draws, in the same words."""

from __future__ import annotations

import enum
from typing import Annotated

from pydantic import Field

from intranet.api.operations import Shape, operation
from intranet.api.shapes import Done, Id, Moment, Person, person
from intranet.catchup import actions, queries, spans
from intranet.catchup.duties import Duty
from intranet.catchup.queries import Item
from intranet.catchup.weights import MOST, Feature
from intranet.kernel.text import plain_text
from intranet.mastodon.answers import absolute
from intranet.mastodon.identity import viewer
from intranet.mastodon.parameters import Id as AnId
from intranet.mastodon.parameters import MaybeId, Parameters
from intranet.unit_of_work import unit_of_work
from intranet.web.catch_up_words import because, duty_reason, duty_title, duty_url
from intranet.web.language import current_language

_EXCERPT = 280


class ReportAsked(Parameters):
    """Since when; `until` and `skip` are of the answer before, for further ones that concern."""

    since: Annotated[
        str, Field(max_length=10, description="visit, yesterday, 3-days, week, or a day")
    ] = "visit"
    until: MaybeId = None
    skip: Annotated[int, Field(ge=0, le=1_000_000)] = 0


class DutyKind(enum.StrEnum):
    """What waits."""

    CONFIRM = "confirm"
    READ_FIRST = "read_first"
    APPROVAL = "approval"
    REVIEW = "review"
    EVENT = "event"
    GROUP_INVITATION = "group_invitation"
    JOIN_REQUESTS = "join_requests"
    MESSAGE = "message"


class Waiting(Shape):
    """Something that waits for the caller to do it."""

    kind: DutyKind
    title: str
    because: str
    url: str
    at: Moment | None = Field(description="until when, or when it begins")


class CaughtPost(Shape):
    """A post, and why it is shown."""

    post_id: Id
    url: str
    author: Person
    excerpt: str
    because: list[str] = Field(description="the strongest reason first")
    more_in_thread: int


class CatchUpReport(Shape):
    """All that concerns the caller, what may interest them, and how much else there is."""

    since: Moment
    until: Id
    concerns: int
    waiting: list[Waiting]
    asked: list[CaughtPost]
    skip: int | None = Field(description="where further ones that concern the caller begin")
    interesting: list[CaughtPost]
    others: int
    others_more: bool = Field(description="there are more others than were counted")


class UpTo(Parameters):
    """The `until` of the answer that was read."""

    until: AnId


class Weights(Shape):
    """What each feature counts, 0 to 10."""

    weights: dict[str, int]


class WeightsWanted(Parameters):
    """New weights; what is not named keeps its own."""

    weights: Annotated[dict[Feature, Annotated[int, Field(ge=0, le=MOST)]], Field(max_length=20)]


@operation("GET", "/catch-up", scopes=("read",), query=ReportAsked, gives=CatchUpReport)
def catch_up(sent: ReportAsked) -> CatchUpReport:
    """What has come since the caller was last up to date, or since a day."""
    span = spans.span_of(viewer(), sent.since, sent.until)
    report = queries.report(viewer(), span, current_language(), sent.skip)
    return CatchUpReport(
        since=span.began_at,
        until=str(span.until),
        concerns=report.concerns,
        waiting=list(map(_waiting, report.duties)),
        asked=list(map(_post, report.asked)),
        skip=report.skip,
        interesting=list(map(_post, report.interesting)),
        others=report.others,
        others_more=report.others_more,
    )


@operation("POST", "/catch-up/seen", scopes=("write",), body=UpTo, gives=Done)
def mark_caught_up(sent: UpTo) -> Done:
    """The caller is up to date with what came up to this id. Again changes nothing."""
    with unit_of_work():
        actions.catch_up(viewer(), sent.until)
    return Done()


@operation("POST", "/catch-up/seen/undo", scopes=("write",), gives=Done)
def take_back_caught_up() -> Done:
    """As before the caller was last up to date."""
    with unit_of_work():
        actions.undo(viewer())
    return Done()


@operation("GET", "/catch-up/weights", scopes=("read",), gives=Weights)
def catch_up_weights() -> Weights:
    """What counts how much for the caller, of what may interest."""
    return _weights()


@operation("PUT", "/catch-up/weights", scopes=("write",), body=WeightsWanted, gives=Weights)
def set_catch_up_weights(sent: WeightsWanted) -> Weights:
    """Let features count otherwise."""
    with unit_of_work():
        actions.weigh(viewer(), {one.value: weight for one, weight in sent.weights.items()})
    return _weights()


def _weights() -> Weights:
    found = queries.weights_of(viewer())
    return Weights(weights={one.value: weight for one, weight in found.items()})


def _waiting(duty: Duty) -> Waiting:
    return Waiting(
        kind=DutyKind(duty.why.value),
        title=duty_title(duty),
        because=duty_reason(duty),
        url=absolute(duty_url(duty)),
        at=duty.at,
    )


def _post(item: Item) -> CaughtPost:
    card = item.card
    words = card.spoiler_text or item.warning or plain_text(card.source, _EXCERPT)
    return CaughtPost(
        post_id=str(card.entry_id),
        url=absolute(f"/posts/{card.id}"),
        author=person(card.author),
        excerpt=words,
        because=[because(reason) for reason in item.reasons],
        more_in_thread=item.more,
    )
