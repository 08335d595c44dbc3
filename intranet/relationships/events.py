"""What can happen between two people."""

from dataclasses import dataclass

from intranet.kernel.domain_events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class Followed(DomainEvent):
    follower_id: int
    followee_id: int


@dataclass(frozen=True, kw_only=True)
class Unfollowed(DomainEvent):
    follower_id: int
    followee_id: int
