"""Events: what comes, and whether one comes."""

from __future__ import annotations

import enum
from typing import Annotated

from pydantic import Field

from intranet.api.operations import Shape, operation
from intranet.api.shapes import Id, Listing, Moment, Person, Place, following, person, place
from intranet.calendar import queries, ranges, rsvp
from intranet.calendar.cards import EventCard
from intranet.calendar.models import Answer
from intranet.calendar.page import page
from intranet.calendar.ranges import Wanted, Whose
from intranet.mastodon.answers import absolute
from intranet.mastodon.identity import viewer
from intranet.mastodon.parameters import Parameters
from intranet.unit_of_work import unit_of_work


class Which(enum.StrEnum):
    """Whose events."""

    ALL = "all"
    MINE = "mine"


class EventsAsked(Listing):
    """Which events."""

    scope: Which = Which.ALL


class EventDate(Shape):
    """One date of an event, and the caller's answer."""

    id: Id
    url: str
    title: str
    starts_at: Moment
    ends_at: Moment
    all_day: bool
    time_zone: str
    place: str
    room: str
    online_url: str
    organiser: Person
    group: Place | None
    my_answer: str | None = Field(description="going, maybe or no")
    is_waiting: bool = Field(description="going, but without a seat yet")
    going_count: int
    seats_left: int | None = Field(description="null: no limit")
    is_cancelled: bool


class EventList(Shape):
    """A page of dates, the next first."""

    items: list[EventDate]
    next: str | None


class EventShown(Shape):
    """One date with everything that is said of it."""

    event: EventDate
    html: str = Field(description="safe to show")
    questions: list[str] = Field(description="what is asked of who comes")
    guests_allowed: int


class Reply(enum.StrEnum):
    """What one says."""

    GOING = "going"
    MAYBE = "maybe"
    NO = "no"


class Answering(Parameters):
    """The answer, how many guests come along, and a reply to each question."""

    answer: Reply
    guests: Annotated[int, Field(ge=0, le=100)] = 0
    replies: Annotated[
        tuple[Annotated[str, Field(max_length=1000)], ...], Field(max_length=20)
    ] = ()


class Answered(Shape):
    """What is so now."""

    my_answer: str
    is_waiting: bool
    guests: int


@operation("GET", "/events", scopes=("read",), query=EventsAsked, gives=EventList)
def list_events(sent: EventsAsked) -> EventList:
    """What is on or still ahead, the next first."""
    wanted = Wanted(whose=Whose(sent.scope.value))
    found = ranges.coming_page(viewer(), wanted, after=sent.cursor, limit=sent.limit)
    return EventList(items=list(map(_date, found.items)), next=following(found.next_before))


@operation("GET", "/events/<int:event_id>", scopes=("read",), gives=EventShown)
def show_event(event_id: int) -> EventShown:
    """One date that the caller may see."""
    found = page(viewer(), event_id)
    return EventShown(
        event=_date(found.card),
        html=found.html,
        questions=[one.text for one in found.questions],
        guests_allowed=found.guests_allowed,
    )


@operation(
    "POST",
    "/events/<int:event_id>/answer",
    scopes=("write",),
    body=Answering,
    gives=Answered,
    refusals=(409,),
)
def answer_event(event_id: int, sent: Answering) -> Answered:
    """Say whether one comes. Who finds no seat stands in the waiting line."""
    with unit_of_work():
        event, date = queries.get_visible(viewer(), event_id)
        mine = rsvp.answer(
            viewer(), event, date, Answer(sent.answer.value), sent.guests, sent.replies
        )
        return Answered(my_answer=mine.answer.value, is_waiting=mine.waiting, guests=mine.guests)


def _date(card: EventCard) -> EventDate:
    return EventDate(
        id=str(card.occurrence_id),
        url=absolute(f"/events/{card.occurrence_id}"),
        title=card.title,
        starts_at=card.starts_at,
        ends_at=card.ends_at,
        all_day=card.all_day,
        time_zone=card.time_zone,
        place=card.place,
        room=card.room,
        online_url=card.online_url,
        organiser=person(card.organiser),
        group=place(card.group) if card.group else None,
        my_answer=card.my_answer.value if card.my_answer else None,
        is_waiting=card.my_waiting,
        going_count=card.going_count,
        seats_left=card.seats_left,
        is_cancelled=card.cancelled,
    )
