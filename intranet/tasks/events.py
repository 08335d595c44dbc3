"""What can happen to the queue."""

from dataclasses import dataclass

from intranet.kernel.domain_events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class TaskQueued(DomainEvent):
    """There is something to do now."""
