"""What can happen to webhooks."""

from dataclasses import dataclass

from intranet.kernel.domain_events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class DeliveryQueued(DomainEvent):
    """There is something to tell now."""
