"""What can happen to an event of the calendar."""

import datetime as dt
from dataclasses import dataclass

from intranet.kernel.domain_events import DomainEvent


@dataclass(frozen=True, slots=True)
class HeldDate:
    """A date in somebody's calendar at home. `place` is the RECURRENCE-ID; None for an event
    without a rule."""

    account_id: int
    event_id: int
    place: dt.datetime | None
    all_day: bool
    occurrence_id: int

    @property
    def name(self) -> tuple[object, ...]:
        """By what the calendar program of this person knows it."""
        return (self.account_id, self.event_id, self.place, self.all_day)


@dataclass(frozen=True, kw_only=True)
class EventCreated(DomainEvent):
    event_id: int


@dataclass(frozen=True, kw_only=True)
class EventChanged(DomainEvent):
    """Times, place, words or seats changed, of these dates (all when empty). `what` names the
    changes that people have to know of: "time", "place", "online", "title"."""

    event_id: int
    occurrence_ids: tuple[int, ...] = ()
    what: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class EventRearranged(DomainEvent):
    """Dates may stand elsewhere in the series now, in another one (`target_id`), or be gone.
    `before` is what people held of them by e-mail."""

    event_id: int
    target_id: int
    before: tuple[HeldDate, ...]


@dataclass(frozen=True, kw_only=True)
class EventCancelled(DomainEvent):
    """These dates do not take place (all when empty)."""

    event_id: int
    occurrence_ids: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class EventRestored(DomainEvent):
    """These dates, which were off, take place after all (all when empty)."""

    event_id: int
    occurrence_ids: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class EventInvited(DomainEvent):
    """These people are asked to come."""

    event_id: int
    account_ids: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class SeriesAnswered(DomainEvent):
    """Somebody gave one answer for all coming dates; comes before what follows for each of them."""

    event_id: int
    account_id: int
    going: bool


@dataclass(frozen=True, kw_only=True)
class RsvpChanged(DomainEvent):
    """Somebody answered, left, was promoted or was checked in. `account_ids` are those
    whose windows should look again; `everybody` when all the organisation may see the event."""

    event_id: int
    occurrence_id: int
    account_ids: tuple[int, ...]
    everybody: bool
