"""What can happen to an announcement."""

from dataclasses import dataclass

from intranet.kernel.domain_events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class AnnouncementPublished(DomainEvent):
    """It has gone out to its recipients."""

    announcement_id: int
    author_id: int


@dataclass(frozen=True, kw_only=True)
class AnnouncementRevised(DomainEvent):
    """Its text has changed; `revision` grew if the substance did."""

    announcement_id: int
    revision: int
    author_id: int


@dataclass(frozen=True, kw_only=True)
class AnnouncementWithdrawn(DomainEvent):
    """Taken back: nobody reads it any more."""

    announcement_id: int
    author_id: int


@dataclass(frozen=True, kw_only=True)
class AnnouncementRead(DomainEvent):
    """Somebody has opened it for the first time."""

    announcement_id: int
    account_id: int
    author_id: int


@dataclass(frozen=True, kw_only=True)
class AnnouncementAcknowledged(DomainEvent):
    """Somebody has confirmed that they have read it."""

    announcement_id: int
    account_id: int
    author_id: int
