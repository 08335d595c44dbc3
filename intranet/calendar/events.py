"""What can happen to an event of the calendar."""

from dataclasses import dataclass

from intranet.kernel.domain_events import DomainEvent


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
class EventCancelled(DomainEvent):
    """These dates do not take place (all when empty)."""

    event_id: int
    occurrence_ids: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class EventInvited(DomainEvent):
    """These people are asked to come."""

    event_id: int
    account_ids: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class RsvpChanged(DomainEvent):
    """Somebody answered, left, was promoted or was checked in. `account_ids` are those
    whose windows should look again; `everybody` when all the organisation may see the event."""

    event_id: int
    occurrence_id: int
    account_ids: tuple[int, ...]
    everybody: bool
