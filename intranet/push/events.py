"""What can happen to push messages."""

from dataclasses import dataclass

from intranet.kernel.domain_events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class PushQueued(DomainEvent):
    """There is something to send."""
